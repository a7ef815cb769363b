/** A chat on Undertow, with Undertow's fast way to write. */
module dev.roomful.undertow {
  requires transitive dev.roomful;
  requires transitive dev.roomful.jakarta;
  requires jakarta.servlet;
  requires undertow.core;
  requires transitive undertow.servlet;
  requires undertow.websockets.jsr;
  requires xnio.api;
  requires static transitive org.jspecify;

  exports dev.roomful.undertow;
}
