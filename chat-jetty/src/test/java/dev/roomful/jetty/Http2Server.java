package dev.roomful.jetty;

import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testsupport.TestCertificate;
import java.util.function.Consumer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty with HTTP/2 beside HTTP/1.1, with or without TLS. */
final class Http2Server {
  /** More than the contract opens at once. Jetty's default is 128. */
  private static final int MAX_STREAMS = 2000;

  final Server server = new Server();
  final ServletContextHandler context = new ServletContextHandler("/");
  final ServerConnector connector;

  /** A server without TLS. */
  Http2Server() {
    HttpConfiguration configuration = new HttpConfiguration();
    HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(configuration);
    http2.setMaxConcurrentStreams(MAX_STREAMS);
    connector = new ServerConnector(server, new HttpConnectionFactory(configuration), http2);
    prepare();
  }

  /** A server with TLS only, whose clients choose the version of HTTP by ALPN. */
  Http2Server(TestCertificate certificate) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
    AbstractHTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStorePath(certificate.keyStoreFile().toString());
    tls.setKeyStorePassword(TestCertificate.PASSWORD);
    connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http1);
    prepare();
  }

  private void prepare() {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(context);
  }

  void mount(Consumer<ServletContextHandler> mount) {
    mount.accept(context);
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Starts the server and a gateway, which is the address of the returned server. */
  RunningServer startWithGateway() throws Exception {
    server.start();
    Http2Gateway gateway = new Http2Gateway(port());
    return RunningTransport.at(
        gateway.uri(),
        () -> {
          gateway.stop();
          server.stop();
        });
  }

  void stop() throws Exception {
    server.stop();
  }
}
