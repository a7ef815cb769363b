package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.TestCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty with chats in its only context. */
class TestServer extends ServerFixture {
  final Server server = new Server();
  final ServletContextHandler context = new ServletContextHandler("/");
  final ServerConnector connector;

  TestServer() {
    super(null);
    connector = new ServerConnector(server);
    prepare();
  }

  /** A server that accepts connections over TLS only. */
  TestServer(TestCertificate certificate) throws IOException, GeneralSecurityException {
    super(certificate.sslContext());
    connector =
        new ServerConnector(server, sslContextFactory(certificate), httpsConnectionFactory());
    prepare();
  }

  private void prepare() {
    connector.setHost("localhost");
    server.addConnector(connector);
    server.setHandler(context);
  }

  private static SslContextFactory.Server sslContextFactory(TestCertificate certificate) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStorePath(certificate.keyStoreFile().toString());
    factory.setKeyStorePassword(TestCertificate.PASSWORD);
    return factory;
  }

  private static HttpConnectionFactory httpsConnectionFactory() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    return new HttpConnectionFactory(configuration);
  }

  @Override
  public void mount(Chat chat, String path) {
    JettyChat.mount(chat, context, path);
  }

  /** Mounts a chat with another binding, and starts. */
  void serve(Chat chat, ServerBinding binding) throws Exception {
    JakartaChat mount = JakartaChat.of(chat, PATH).withBinding(binding);
    JakartaWebSocketServletContainerInitializer.configure(context, null);
    context.addServlet(new ServletHolder(mount.servlet()), mount.servletMapping());
    start();
  }

  @Override
  public void start() throws Exception {
    server.start();
  }

  @Override
  public void stopApplication() throws Exception {
    context.stop();
  }

  @Override
  public void stopServer() throws Exception {
    server.stop();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }
}
