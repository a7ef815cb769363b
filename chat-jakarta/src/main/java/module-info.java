/** The transport of a chat for any container of the Jakarta WebSocket API. */
module dev.roomful.jakarta {
  requires transitive dev.roomful;
  requires transitive jakarta.websocket;
  requires static jakarta.servlet;
  requires static org.jspecify;

  exports dev.roomful.jakarta;
}
