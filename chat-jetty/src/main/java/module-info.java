/** Adapter for Jetty that writes whole batches of frames. */
module dev.roomful.jetty {
  requires transitive dev.roomful;
  requires transitive dev.roomful.jakarta;
  requires transitive org.eclipse.jetty.ee11.servlet;
  requires static org.eclipse.jetty.http2.common;
  requires static org.jspecify;

  exports dev.roomful.jetty;
}
