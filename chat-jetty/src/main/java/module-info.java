/** A chat on Jetty, with Jetty's fast way to write. */
module dev.roomful.jetty {
  requires transitive dev.roomful;
  requires transitive dev.roomful.jakarta;
  requires transitive org.eclipse.jetty.ee11.servlet;
  requires org.eclipse.jetty.ee11.websocket.jakarta.server;
  requires static transitive org.jspecify;

  exports dev.roomful.jetty;
}
