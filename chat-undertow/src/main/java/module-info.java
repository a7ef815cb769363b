/** Serves a chat on Undertow 2.3, and writes batches past Undertow's queue. */
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
