/** Example programs to read and run. */
module dev.roomful.examples {
  requires dev.roomful.centrifuge;
  requires dev.roomful.jetty;
  requires dev.roomful.names;
  requires dev.roomful.redis;
  requires dev.roomful.tokens;
  requires dev.roomful.undertow;
  requires info.picocli;
  requires jakarta.servlet;
  requires java.logging;
  requires org.eclipse.jetty.server;
  requires tools.jackson.databind;
  requires undertow.core;
  requires undertow.servlet;
  requires xnio.api;
  requires static org.jspecify;

  // picocli fills the fields of commands by reflection.
  opens dev.roomful.examples to
      info.picocli;
}
