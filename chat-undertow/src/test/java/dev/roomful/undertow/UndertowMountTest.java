package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A chat on a server of the application, next to its other parts, or on an embedded server. */
class UndertowMountTest {
  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void assertNoThreadRemains() throws Exception {
    testServer.stop();
    Await.until("no thread of a chat remains", () -> threads("roomful-").isEmpty());
    Await.until("no thread of Undertow remains", () -> threads("XNIO-").isEmpty());
  }

  private static List<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  private static final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getOutputStream().print("a page");
    }
  }

  /** A filter of the application that rejects requests without a ticket. */
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

  /** A WebSocket endpoint of the application. */
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
    testServer.deployment.addServlet(
        Servlets.servlet(
                "page", PageServlet.class, new ImmediateInstanceFactory<>(new PageServlet()))
            .addMapping("/"));
    testServer.deployment.addFilter(
        Servlets.filter(
            "tickets", TicketFilter.class, new ImmediateInstanceFactory<>(new TicketFilter())));
    testServer.deployment.addFilterUrlMapping("tickets", "/chat/*", DispatcherType.REQUEST);
    WebSocketDeploymentInfo applicationSettings =
        new WebSocketDeploymentInfo().addEndpoint(ShoutEndpoint.class);
    testServer.deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME, applicationSettings);
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
    assertNull(applicationSettings.getBuffers(), "the application's settings are unchanged");
  }

  @Test
  void aSecondChatDoesNotSilentlyReplaceTheFirst() {
    UndertowChat.mount(
        testServer.chat(handler, TestServer.LIMITS), testServer.deployment, "/chat/{room}");
    Chat second = testServer.chat(handler, TestServer.LIMITS);
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> UndertowChat.mount(second, testServer.deployment, TestServer.PATH));
    assertEquals(
        "A chat is already mounted at /chat/*; use a path that differs before the first parameter",
        thrown.getMessage());
  }

  @Test
  void aMountThatDoesNotCloseTheChatLeavesItOpenAfterUndeployment() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    UndertowChat.mount(
        JakartaChat.of(chat, TestServer.PATH).withCloseOnDestroy(false), testServer.deployment);
    testServer.start();
    testServer.undeploy();
    testServer.stopServer();
    assertEquals("hall", chat.open("hall", RoomOptions.defaults()).name(), "a closed chat throws");
  }

  @Test
  void aHandlerThatDoesNotReturnDelaysTheStopForABoundedTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Chat chat =
        testServer.chat(
            new RecordingHandler() {
              @Override
              public void onMessage(Room room, Message message) {
                Await.latch(never);
              }
            },
            TestServer.LIMITS.withShutdownTimeout(Duration.ofMillis(500)));
    UndertowChat embedded = UndertowChat.start(chat, TestServer.PATH, "127.0.0.1", 0);
    WireClient ann =
        testServer.connect(
            WireClient.request(
                URI.create("ws://127.0.0.1:" + embedded.uri().getPort() + "/chat/hall/ann")));
    ann.text("block");
    ann.ping(new byte[1]);
    assertEquals(new Received.Pong("00"), ann.next());
    long begin = System.nanoTime();
    embedded.close();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(elapsed.toSeconds() < 8, () -> "closing took " + elapsed);
  }
}
