package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.http.HttpServlet;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page of an example in a real browser, on servers with TLS and HTTP/2. */
class Http2BrowserTest {
  @RegisterExtension static final SharedChromium CHROMIUM = new SharedChromium();

  @TempDir Path folder;

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServlet pages =
      new ExamplePageServlet(Example.BROADCAST, RunningExample.settings(Example.BROADCAST));
  private final JakartaChat chat =
      Example.BROADCAST.mount(RunningExample.settings(Example.BROADCAST));

  @AfterEach
  void closeChat() {
    chat.chat().close();
  }

  /** Two people chat; the first window is closed. */
  private void assertChat(URI address) {
    String large = "x".repeat(20_000);
    try (Window ann = Window.open(CHROMIUM, address);
        Window bob = Window.open(CHROMIUM, address)) {
      String a = "Client #" + ann.id();
      ann.sendWithEnter("hello");
      ann.assertShows("You wrote: hello", a + " says: hello");
      bob.assertShows(a + " says: hello");
      ann.sendWithButton(large);
      bob.assertShows(a + " says: hello", a + " says: " + large);
      ann.page().close();
      bob.assertShows(a + " says: hello", a + " says: " + large, a + " left the chat");
      bob.assertNoErrors();
    }
  }

  private List<String> versionsOf(boolean sockets) {
    return requests.stream()
        .filter(request -> request.contains("/ws/") == sockets)
        .map(request -> request.substring(0, request.lastIndexOf(' ')))
        .distinct()
        .toList();
  }

  @Test
  void onJettyTheBrowserOpensTheSocketOnTheConnectionOfThePage() throws Exception {
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(TestCertificate.create(folder).sslContext());
    ServerConnector connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http1);
    connector.setHost("localhost");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(pages, "/");
    JettyChat.mount(chat, context);
    server.setHandler(
        new Handler.Wrapper(context) {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            requests.add(
                request.getMethod()
                    + " "
                    + request.getConnectionMetaData().getProtocol()
                    + " "
                    + request.getHttpURI().getPath());
            return super.handle(request, response, callback);
          }
        });
    server.start();
    try {
      assertChat(URI.create("https://localhost:" + connector.getLocalPort() + "/"));
      assertEquals(List.of("GET HTTP/2.0"), versionsOf(false));
      assertEquals(List.of("CONNECT HTTP/2.0"), versionsOf(true));
    } finally {
      server.stop();
    }
  }

  @Test
  void onUndertowTheBrowserOpensTheSocketOnAConnectionOfItsOwn() throws Exception {
    DeploymentInfo app =
        Servlets.deployment()
            .setDeploymentName("example")
            .setContextPath("/")
            .setClassLoader(Http2BrowserTest.class.getClassLoader())
            .addServlet(
                Servlets.servlet("pages", HttpServlet.class, new ImmediateInstanceFactory<>(pages))
                    .addMapping("/"));
    UndertowChat.mount(chat, app);
    DeploymentManager manager = Servlets.newContainer().addDeployment(app);
    manager.deploy();
    HttpHandler handler = manager.start();
    Undertow server =
        Undertow.builder()
            .addHttpsListener(0, "localhost", TestCertificate.create(folder).sslContext())
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setHandler(
                exchange -> {
                  requests.add(
                      exchange.getRequestMethod()
                          + " "
                          + exchange.getProtocol()
                          + " "
                          + exchange.getRequestPath());
                  handler.handleRequest(exchange);
                })
            .build();
    server.start();
    try {
      InetSocketAddress listening =
          (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
      assertChat(URI.create("https://localhost:" + listening.getPort() + "/"));
      assertEquals(List.of("GET HTTP/2.0"), versionsOf(false));
      assertEquals(List.of("GET HTTP/1.1"), versionsOf(true));
    } finally {
      manager.stop();
      manager.undeploy();
      server.stop();
    }
  }
}
