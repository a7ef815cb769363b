package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.admission.Handshake;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.TestCertificate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.exceptions.UpgradeException;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jetty's own client on a Jetty with TLS and HTTP/2, and requests that no client sends. */
class Http2ClientTest {
  @TempDir Path folder;

  private final RecordingHandler handler = new RecordingHandler();
  private final List<Handshake> handshakes = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Chat chat =
      Chat.builder(handler)
          .authenticator(
              handshake -> {
                handshakes.add(handshake);
                return ServerFixture.authenticateByPath(handshake);
              })
          .limits(ServerFixture.LIMITS)
          .build();
  private Http2Server server;
  private WebSocketClient client;

  /** Records the version and the connection of each request. */
  private final class RecordingFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      requests.add(
          request.getMethod() + " " + request.getProtocol() + " " + request.getRemotePort());
      chain.doFilter(request, response);
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = new Http2Server(TestCertificate.create(folder));
    server.context.addFilter(
        new FilterHolder(new RecordingFilter()), "/*", EnumSet.of(DispatcherType.REQUEST));
    server.mount(context -> JettyChat.mount(chat, context, ServerFixture.PATH));
    server.server.start();
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(new SslContextFactory.Client(true));
    client =
        new WebSocketClient(
            new HttpClient(
                new HttpClientTransportDynamic(
                    connector,
                    new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)))));
    client.start();
  }

  @AfterEach
  void stop() throws Exception {
    client.stop();
    server.stop();
    chat.close();
  }

  /** What one socket receives. */
  public static final class Socket
      implements org.eclipse.jetty.websocket.api.Session.Listener.AutoDemanding {
    private static final String READY = "ready";

    private final CountDownLatch ready = new CountDownLatch(1);
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private org.eclipse.jetty.websocket.api.Session session;

    @Override
    public void onWebSocketText(String text) {
      if (text.equals(READY)) {
        ready.countDown();
      } else {
        texts.add(text);
      }
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
      closed.complete(code + " " + reason);
      callback.succeed();
    }

    void send(String text) {
      session.sendText(text, Callback.NOOP);
    }

    String next() throws InterruptedException {
      return texts.poll(Await.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private Socket connect(String room, String id, String... headers) throws Exception {
    Socket socket = new Socket();
    ClientUpgradeRequest request =
        new ClientUpgradeRequest(
            URI.create("wss://localhost:" + server.port() + "/chat/" + room + "/" + id));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    socket.session =
        client.connect(socket, request).get(Await.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    awaitReading(socket, ServerFixture.awaitParticipant(chat, id));
    return socket;
  }

  /**
   * Waits until the client passes to the socket what it reads. Jetty's client opens the socket
   * first, and then reads once more from the stream as if an HTTP response followed; what it finds
   * there is lost.
   */
  private static void awaitReading(Socket socket, Participant participant) {
    Await.until(
        "the client reads messages",
        () -> {
          participant.send(Socket.READY);
          return socket.ready.getCount() == 0;
        });
  }

  @Test
  void severalSocketsChatOnOneConnectionAndCloseOnTheirOwn() throws Exception {
    Socket ann = connect("hall", "ann");
    Socket bob = connect("hall", "bob");
    String large = "x".repeat(60_000);
    for (String text : List.of("hello", "gr\u00fc\u00dfe", large)) {
      ann.send(text);
      assertEquals(text, ann.next());
      assertEquals(text, bob.next());
    }
    assertEquals(2, requests.size());
    assertEquals(List.of(requests.get(0)), requests.stream().distinct().toList(), "one connection");
    assertEquals("CONNECT HTTP/2.0", requests.get(0).replaceFirst(" \\d+$", ""));
    ann.session.close(4001, "enough", Callback.NOOP);
    assertEquals(4001, handler.awaitLeave("ann").code());
    bob.send("alone");
    assertEquals("alone", bob.next());
    chat.participant("bob").orElseThrow().disconnect(new CloseStatus(4002, "go"));
    assertEquals("4002 go", bob.closed.get(5, TimeUnit.SECONDS));
  }

  @Test
  void aThousandMessagesArriveInOrderInFewDataFrames() throws Exception {
    Socket ann = connect("hall", "ann");
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      sent.add("message " + i);
      chat.publish("hall", "message " + i);
    }
    for (String text : sent) {
      assertEquals(text, ann.next());
    }
  }

  @Test
  void aRejectionIsAnHttpResponse() {
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> connect("hall", "ann", "Origin", "https://evil.example"));
    assertEquals(
        403, assertInstanceOf(UpgradeException.class, failure.getCause()).getResponseStatusCode());
  }

  @Test
  void theAuthorityOfTheRequestIsTheHostForTheOriginCheck() throws Exception {
    Socket ann = connect("hall", "ann", "Origin", "https://localhost:" + server.port());
    ann.send("same origin");
    assertEquals("same origin", ann.next());
    assertEquals("localhost:" + server.port(), handshakes.get(0).header("host").orElse("none"));
  }

  @Test
  void otherUsesOfConnectAndOfGetAreRejectedWithAReason() throws Exception {
    HttpFields version = HttpFields.build().add("sec-websocket-version", "13");
    HostPortHttpField authority = new HostPortHttpField("localhost:" + server.port());
    String path = "/chat/hall/ann";
    assertEquals(
        501,
        status(new MetaData.ConnectRequest("https", authority, path, version, "webtransport")));
    assertEquals(
        426,
        status(
            new MetaData.ConnectRequest("https", authority, path, HttpFields.EMPTY, "websocket")));
    assertEquals(
        404,
        status(
            new MetaData.ConnectRequest("https", authority, "/chat/hall", version, "websocket")));
    assertEquals(
        426,
        status(
            new MetaData.Request(
                "GET",
                HttpURI.from("https://localhost:" + server.port() + path),
                HttpVersion.HTTP_2,
                version)));
    assertEquals(0, chat.connections());
  }

  @Test
  void aConnectionThatOpensNoStreamIsClosedAfterTheHandshakeTime() throws Exception {
    JettyChat.limitHandshakeTime(server.connector, Duration.ofMillis(300));
    Socket ann = connect("hall", "ann");
    ClientConnector connector = new ClientConnector();
    SslContextFactory.Client tls = new SslContextFactory.Client(true);
    connector.setSslContextFactory(tls);
    HTTP2Client http2 = new HTTP2Client(connector);
    http2.start();
    try {
      Session silent =
          http2
              .connect(
                  tls, new InetSocketAddress("localhost", server.port()), new Session.Listener() {})
              .get(5, TimeUnit.SECONDS);
      Await.until("the silent connection is closed", silent::isClosed);
      ann.send("still here");
      assertEquals("still here", ann.next());
    } finally {
      http2.stop();
    }
  }

  /** {@return the status of the response, which must not end the HTTP/2 connection} */
  private int status(MetaData.Request request) throws Exception {
    ClientConnector connector = new ClientConnector();
    SslContextFactory.Client tls = new SslContextFactory.Client(true);
    connector.setSslContextFactory(tls);
    HTTP2Client http2 = new HTTP2Client(connector);
    http2.start();
    try {
      Session session =
          http2
              .connect(
                  tls, new InetSocketAddress("localhost", server.port()), new Session.Listener() {})
              .get(5, TimeUnit.SECONDS);
      CompletableFuture<MetaData.Response> response = new CompletableFuture<>();
      session.newStream(
          new HeadersFrame(request, null, false),
          new Stream.Listener() {
            @Override
            public void onHeaders(Stream stream, HeadersFrame frame) {
              response.complete((MetaData.Response) frame.getMetaData());
            }
          });
      MetaData.Response answer = response.get(5, TimeUnit.SECONDS);
      assertNull(answer.getHttpFields().get("upgrade"));
      return answer.getStatus();
    } finally {
      http2.stop();
    }
  }

  @Test
  void theIdleTimeoutOfTheConnectionDoesNotEndASocket() throws Exception {
    server.connector.setIdleTimeout(200);
    Socket ann = connect("hall", "ann");
    assertThrows(
        java.util.concurrent.TimeoutException.class, () -> ann.closed.get(1, TimeUnit.SECONDS));
    ann.send("still here");
    assertEquals("still here", ann.next());
  }
}
