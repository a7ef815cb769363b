package dev.roomful.examples;

import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A page and a chat on Jetty. */
final class JettyHost implements Host {
  private final Server server = new Server();
  private final ServerConnector connector;

  JettyHost(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    if (listener.trustForwarded()) {
      http.addCustomizer(new ForwardedRequestCustomizer());
    }
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(listener.host());
    connector.setPort(listener.port());
    connector.setAcceptQueueSize(4096);
    JettyChat.limitHandshakeTime(connector, listener.requestTimeout());
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
