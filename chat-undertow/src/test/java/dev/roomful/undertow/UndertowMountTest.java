package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A chat on the application's own server, beside what else is there; or on a server of its own. */
class UndertowMountTest {
  private final Diary diary = new Diary();
  private final Site site = new Site();

  @AfterEach
  void nothingIsLeft() throws Exception {
    site.stop();
    Await.until("no thread of a chat is left", () -> threads("roomful-").isEmpty());
    Await.until("no thread of Undertow is left", () -> threads("XNIO-").isEmpty());
  }

  private static List<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  private static final class Page extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getOutputStream().print("a page");
    }
  }

  /** The application's own filter: who has no ticket does not come in. */
  private static final class Tickets extends HttpFilter {
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

  /** The application's own WebSocket endpoint. */
  @ServerEndpoint("/shout")
  public static final class Shout {
    @OnMessage
    public String shout(String text) {
      return text + "!";
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(site.uri("http", path)).header("X-Ticket", "1").build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itIsBesideTheApplicationsPagesFiltersAndEndpoints() throws Exception {
    site.deployment.addServlet(
        Servlets.servlet("page", Page.class, new ImmediateInstanceFactory<>(new Page()))
            .addMapping("/"));
    site.deployment.addFilter(
        Servlets.filter("tickets", Tickets.class, new ImmediateInstanceFactory<>(new Tickets())));
    site.deployment.addFilterUrlMapping("tickets", "/chat/*", DispatcherType.REQUEST);
    WebSocketDeploymentInfo own = new WebSocketDeploymentInfo().addEndpoint(Shout.class);
    site.deployment.addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, own);
    site.serve(site.chat(diary, Site.LIMITS));
    assertEquals("a page", get("/").body());
    assertEquals(426, get("/chat/hall/ann").statusCode());
    assertEquals(404, get("/chat/hall").statusCode());
    WireClient ann = site.connect(site.dial("/chat/hall/ann").header("X-Ticket", "1"));
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    WireClient.Refused refused =
        assertThrows(WireClient.Refused.class, () -> site.connect("hall", "bob"));
    assertEquals(402, refused.status());
    WireClient shouting = site.connect(site.dial("/shout"));
    shouting.text("hello");
    assertEquals("hello!", shouting.nextText());
    assertNull(own.getBuffers(), "the application's settings stay as they are");
  }

  @Test
  void twoChatsOfOneContextKnowNothingOfEachOther() throws Exception {
    Chat staff = site.chat(diary, Site.LIMITS);
    UndertowChat.mount(staff, site.deployment, "/staff/{room}/{id}");
    Chat guests = site.chat(new Diary(), Site.LIMITS);
    site.serve(guests);
    WireClient ann = site.connect(site.dial("/staff/hall/ann"));
    WireClient bob = site.enter(guests, "hall", "bob");
    ann.text("among us");
    bob.text("hello");
    assertEquals("among us", ann.nextText());
    assertEquals("hello", bob.nextText());
    assertEquals(1, staff.connections());
    assertEquals(1, guests.connections());
  }

  @Test
  void aSecondChatDoesNotSilentlyTakeThePlaceOfTheFirst() {
    UndertowChat.mount(site.chat(diary, Site.LIMITS), site.deployment, "/chat/{room}");
    Chat second = site.chat(diary, Site.LIMITS);
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> UndertowChat.mount(second, site.deployment, Site.PATH));
    assertEquals(
        "a chat is mounted at /chat/* already: let their paths differ before the first parameter",
        refused.getMessage());
  }

  @Test
  void undeployingTellsTheClientsToComeBack() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
    chat.announce("the last");
    Thread stopping =
        new Thread(
            () -> {
              try {
                site.undeploy();
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    stopping.start();
    assertEquals("the last", ann.nextText());
    assertEquals(
        new Received.Close(CloseStatus.RESTART.code(), CloseStatus.RESTART.reason()),
        ann.awaitClose());
    assertTrue(ann.awaitEnd(Await.PATIENCE));
    stopping.join(Await.PATIENCE.toMillis());
    assertFalse(stopping.isAlive(), "it has stopped");
    assertEquals(CloseStatus.RESTART, diary.awaitLeft("ann"));
    assertEquals(0, chat.connections());
  }

  @Test
  void aPortInUseIsAnIoException() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Chat chat = site.chat(diary, Site.LIMITS);
      assertThrows(
          IOException.class,
          () -> UndertowChat.start(chat, Site.PATH, "127.0.0.1", taken.getLocalPort()));
    }
  }

  @Test
  void closingAServerOfItsOwnTwiceIsFine() throws Exception {
    Chat chat = site.chat(diary, Site.LIMITS);
    UndertowChat own = UndertowChat.start(chat, Site.PATH, "127.0.0.1", 0);
    WireClient ann =
        site.connect(
            WireClient.dial(
                URI.create("ws://127.0.0.1:" + own.uri().getPort() + "/chat/hall/ann")));
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    own.close();
    own.close();
    assertEquals(CloseStatus.RESTART, diary.awaitLeft("ann"));
    assertEquals(1012, ann.awaitClose().code());
  }

  @Test
  void aHandlerThatDoesNotReturnHoldsUpTheStopOnlyForABoundedTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Chat chat =
        site.chat(
            new Diary() {
              @Override
              public void onMessage(Room room, Message message) {
                Await.open(never);
              }
            },
            Site.LIMITS.shutdownTimeout(Duration.ofMillis(500)));
    UndertowChat own = UndertowChat.start(chat, Site.PATH, "127.0.0.1", 0);
    WireClient ann =
        site.connect(
            WireClient.dial(
                URI.create("ws://127.0.0.1:" + own.uri().getPort() + "/chat/hall/ann")));
    ann.text("block");
    ann.ping(new byte[1]);
    assertEquals(new Received.Pong("00"), ann.next());
    long begin = System.nanoTime();
    own.close();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took.toSeconds() < 8, () -> "closing took " + took);
  }

  @Test
  void theUriOfAServerOnIpv6CanBeUsed() throws Exception {
    Assumptions.assumeTrue(hasIpv6(), "this machine has no IPv6");
    UndertowChat own = UndertowChat.start(site.chat(diary, Site.LIMITS), Site.PATH, "::1", 0);
    try {
      assertTrue(own.uri().getHost().startsWith("["), own.uri().toString());
      assertTrue(own.uri().getPort() > 0);
    } finally {
      own.close();
    }
  }

  private static boolean hasIpv6() {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (IOException none) {
      return false;
    }
  }
}
