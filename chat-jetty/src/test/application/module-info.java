/** An application as a module, of which RuntimeImageTest makes a runtime image. */
module app {
  requires dev.roomful.jetty;
  requires java.net.http;
  requires org.eclipse.jetty.server;
}
