/** A chat on any container that speaks Jakarta WebSocket. */
module dev.roomful.jakarta {
  requires transitive dev.roomful;
  requires transitive jakarta.websocket;
  requires static transitive jakarta.servlet;
  requires static transitive org.jspecify;

  exports dev.roomful.jakarta;
}
