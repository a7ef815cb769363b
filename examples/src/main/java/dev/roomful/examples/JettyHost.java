package dev.roomful.examples;

import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A page and a chat on Jetty. */
final class JettyHost implements Host {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  JettyHost(HttpServlet pages, JakartaChat chat, String host, int port) throws Exception {
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(4096);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(pages, "/");
    JettyChat.mount(chat, context);
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception failure) {
      server.stop();
      throw failure;
    }
  }

  @Override
  public URI uri() {
    return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort() + "/");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("Jetty did not stop", failure);
    }
  }
}
