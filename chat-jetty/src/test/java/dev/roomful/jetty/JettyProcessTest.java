package dev.roomful.jetty;

import dev.roomful.testkit.ProcessContract;

/** Jetty stops at SIGTERM, and drains its chat before. */
class JettyProcessTest extends ProcessContract {
  @Override
  protected Class<?> program() {
    return JettyProgram.class;
  }
}
