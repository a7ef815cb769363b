/** The transport of a chat for any container of the Jakarta WebSocket API. */
@SuppressWarnings("module") // the adapters are compiled after this module
module dev.roomful.jakarta {
  requires transitive dev.roomful;
  requires transitive jakarta.websocket;
  requires static jakarta.servlet;
  requires static org.jspecify;

  exports dev.roomful.jakarta;
  exports dev.roomful.jakarta.frames to
      dev.roomful.jetty,
      dev.roomful.tomcat,
      dev.roomful.undertow;
}
