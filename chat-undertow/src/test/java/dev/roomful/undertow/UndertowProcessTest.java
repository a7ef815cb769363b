package dev.roomful.undertow;

import dev.roomful.testkit.ProcessContract;

/** Undertow stops at SIGTERM, after the application that drains its chat. */
class UndertowProcessTest extends ProcessContract {
  @Override
  protected Class<?> program() {
    return UndertowProgram.class;
  }
}
