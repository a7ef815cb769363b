package dev.roomful.jetty;

import dev.roomful.testkit.ProcessContract;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A program with a Jetty of its own, which stops at SIGTERM. */
final class JettyProgram {
  private JettyProgram() {}

  public static void main(String[] arguments) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("localhost");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(ProcessContract.chat(), context, ProcessContract.PATH);
    server.setStopAtShutdown(true);
    server.start();
    ProcessContract.ready(connector.getLocalPort());
  }
}
