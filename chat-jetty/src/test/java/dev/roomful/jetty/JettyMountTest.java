package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a chat shares a Jetty server with the application, besides what the contract says. */
class JettyMountTest {
  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  private static final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getOutputStream().print("a page");
    }
  }

  /** The application's filter: rejects requests without a ticket. */
  private static final class TicketFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      if (request.getHeader("X-Ticket") == null) {
        response.sendError(402);
      } else {
        chain.doFilter(request, response);
      }
    }
  }

  /** Remembers requests without keeping them in memory. */
  private static final class RequestTrackingFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    private final transient Queue<WeakReference<HttpServletRequest>> requests =
        new ConcurrentLinkedQueue<>();

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      requests.add(new WeakReference<>(request));
      chain.doFilter(request, response);
    }

    boolean areRequestsReleased() {
      System.gc();
      return requests.stream().allMatch(request -> request.get() == null);
    }
  }

  /** The application's own WebSocket endpoint. */
  @ServerEndpoint("/shout")
  public static final class ShoutEndpoint {
    @OnMessage
    public String shout(String text) {
      return text + "!";
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(testServer.uri("http", path)).header("X-Ticket", "1").build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theChatCoexistsWithTheApplicationsPagesFiltersAndEndpoints() throws Exception {
    testServer.context.addServlet(new ServletHolder(new PageServlet()), "/");
    testServer.context.addFilter(
        new FilterHolder(new TicketFilter()), "/chat/*", EnumSet.of(DispatcherType.REQUEST));
    JakartaWebSocketServletContainerInitializer.configure(
        testServer.context, (context, container) -> container.addEndpoint(ShoutEndpoint.class));
    testServer.serve(testServer.chat(handler, TestServer.LIMITS));
    assertEquals("a page", get("/").body());
    assertEquals(426, get("/chat/hall/ann").statusCode());
    assertEquals(404, get("/chat/hall").statusCode());
    WireClient ann =
        testServer.connect(testServer.request("/chat/hall/ann").header("X-Ticket", "1"));
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    WireClient.Rejected rejected =
        assertThrows(WireClient.Rejected.class, () -> testServer.connect("hall", "bob"));
    assertEquals(402, rejected.status());
    WireClient shouting = testServer.connect(testServer.request("/shout"));
    shouting.text("hello");
    assertEquals("hello!", shouting.nextText());
  }

  @Test
  void mountingOnAStartedContextFails() throws Exception {
    testServer.start();
    Chat late = testServer.chat(handler, TestServer.LIMITS);
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> JettyChat.mount(late, testServer.context, TestServer.PATH));
    assertEquals(
        "context / is STARTED: mount the chat before the context starts", thrown.getMessage());
  }

  @Test
  void startingAContextWithoutAServerFailsWithTheRemedy() {
    ServletContextHandler orphan = new ServletContextHandler("/");
    JettyChat.mount(testServer.chat(handler, TestServer.LIMITS), orphan, TestServer.PATH);
    IllegalStateException thrown = assertThrows(IllegalStateException.class, orphan::start);
    assertEquals(
        "context / has no server: call server.setHandler(context) and start the server",
        thrown.getMessage());
  }

  @Test
  void aMountThatDoesNotCloseTheChatLeavesItOpenWhenContextAndServerStop() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    JettyChat.mount(
        JakartaChat.of(chat, TestServer.PATH).withCloseOnDestroy(false), testServer.context);
    testServer.start();
    testServer.stopApplication();
    testServer.stopServer();
    assertEquals("hall", chat.open("hall", RoomOptions.defaults()).name(), "a closed chat throws");
  }

  @Test
  void stoppingTheServerClosesClientsWithRestart() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    chat.announce("the last");
    Thread stopping =
        new Thread(
            () -> {
              try {
                testServer.server.stop();
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    stopping.start();
    assertEquals("the last", ann.nextText());
    assertEquals(
        new Received.Close(CloseStatus.RESTART.code(), CloseStatus.RESTART.reason()),
        ann.awaitClose());
    assertTrue(ann.awaitEnd(Await.TIMEOUT));
    stopping.join(Await.TIMEOUT.toMillis());
    assertFalse(stopping.isAlive(), "it has stopped");
    assertEquals(CloseStatus.RESTART, handler.awaitLeave("ann"));
    assertEquals(0, chat.connections());
  }

  @Test
  void aHandshakeThatArrivesByteByByteIsClosedAndOpenConnectionsStay() throws Exception {
    JettyChat.limitHandshakeTime(testServer.connector, Duration.ofMillis(300));
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    try (Socket slow = new Socket("localhost", testServer.connector.getLocalPort())) {
      slow.setSoTimeout(20); // the pace of the bytes, and the wait for the server's close
      assertTrue(sendSlowly(slow, "GET /chat/hall/bob HTTP/1.1\r\nX-Header: " + "x".repeat(500)));
    }
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void anOpenConnectionKeepsNothingOfItsHandshake() throws Exception {
    RequestTrackingFilter filter = new RequestTrackingFilter();
    testServer.context.addFilter(
        new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
    JettyChat.limitHandshakeTime(testServer.connector, Duration.ofHours(1));
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    assertEquals(1, filter.requests.size());
    Await.until("the request is released", filter::areRequestsReleased);
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  /** Returns whether the server closed the connection before it had all the text. */
  private static boolean sendSlowly(Socket socket, String text) throws IOException {
    for (byte next : text.getBytes(StandardCharsets.US_ASCII)) {
      if (isClosedByServer(socket)) {
        return true;
      }
      socket.getOutputStream().write(next);
    }
    return false;
  }

  private static boolean isClosedByServer(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void aHandshakeTimeThatIsNotPositiveIsRejected() {
    assertThrows(
        IllegalArgumentException.class,
        () -> JettyChat.limitHandshakeTime(testServer.connector, Duration.ZERO));
  }
}
