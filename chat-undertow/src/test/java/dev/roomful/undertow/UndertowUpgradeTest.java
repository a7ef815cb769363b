package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Connection;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upgrade of a request to a connection, and the memory that it releases. */
class UndertowUpgradeTest {
  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
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

  @Test
  void anOpenConnectionKeepsNothingOfItsHandshake() throws Exception {
    RequestTrackingFilter filter = new RequestTrackingFilter();
    testServer.deployment.addFilter(
        Servlets.filter(
            "tracker", RequestTrackingFilter.class, new ImmediateInstanceFactory<>(filter)));
    testServer.deployment.addFilterUrlMapping("tracker", "/*", DispatcherType.REQUEST);
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    assertEquals(1, filter.requests.size());
    Await.until("the request is released", filter::areRequestsReleased);
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  /** Undertow closes the exchange of each request once more when all handlers have returned. */
  @Test
  void anUpgradedRequestLeavesNothingThatUndertowFailsToClose() throws Exception {
    Queue<HttpServerExchange> exchanges = new ConcurrentLinkedQueue<>();
    testServer.deployment.addInitialHandlerChainWrapper(
        next ->
            exchange -> {
              exchanges.add(exchange);
              next.handleRequest(exchange);
            });
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    testServer.join(chat, "hall", "ann");
    HttpServerExchange exchange = exchanges.element();
    Await.until("the request has ended", () -> !exchange.isBlocking());
  }

  @ParameterizedTest(name = "with a close frame: {0}")
  @ValueSource(booleans = {true, false})
  void aClosedConnectionIsReleasedBeforeItsCloseTimeout(boolean closeFrame) throws Exception {
    List<WeakReference<Session>> sessions = new CopyOnWriteArrayList<>();
    Chat chat = testServer.chat(handler, TestServer.LIMITS.withCloseTimeout(Duration.ofMinutes(1)));
    testServer.serve(
        chat,
        new UndertowBinding() {
          @Override
          public Connection connection(Session session, Limits limits) {
            sessions.add(new WeakReference<>(session));
            return super.connection(session, limits);
          }
        });
    for (int i = 1; i <= 20; i++) {
      int opened = i;
      WireClient client = testServer.connect(testServer.request("/chat/hall/ann"));
      Await.until("the connection is opened", () -> sessions.size() == opened);
      if (closeFrame) {
        client.close(1000, "bye");
        assertEquals(1000, client.awaitClose().code());
      }
      client.vanish();
    }
    Await.until("no connection is counted", () -> chat.connections() == 0);
    Await.until(
        "all sessions are released",
        () -> {
          System.gc();
          return sessions.stream().allMatch(session -> session.get() == null);
        });
  }

  @Test
  void anUnsupportedProtocolVersionIsRejectedNamingTheSupportedOne() throws Exception {
    testServer.serve(testServer.chat(handler, TestServer.LIMITS));
    WireClient.Rejected rejected =
        assertThrows(
            WireClient.Rejected.class,
            () ->
                testServer.connect(
                    testServer.request("/chat/hall/ann").header("Sec-WebSocket-Version", "12")));
    assertEquals(426, rejected.status());
    assertEquals(List.of("13"), rejected.headers().get("Sec-WebSocket-Version"));
  }
}
