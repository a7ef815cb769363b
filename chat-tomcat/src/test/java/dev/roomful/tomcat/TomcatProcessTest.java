package dev.roomful.tomcat;

import dev.roomful.testkit.ProcessContract;

/** Tomcat stops at SIGTERM, after the application that drains its chat. */
class TomcatProcessTest extends ProcessContract {
  @Override
  protected Class<?> program() {
    return TomcatProgram.class;
  }
}
