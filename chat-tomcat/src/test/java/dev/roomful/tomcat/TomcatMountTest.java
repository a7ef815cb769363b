package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a chat shares a Tomcat with the application, besides what the contract says. */
class TomcatMountTest {
  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  static final class PageServlet extends HttpServlet {
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
    Tomcat.addServlet(testServer.context, "page", new PageServlet()).addMapping("/");
    FilterDef filter = new FilterDef();
    filter.setFilterName("ticket");
    filter.setFilter(new TicketFilter());
    testServer.context.addFilterDef(filter);
    FilterMap chats = new FilterMap();
    chats.setFilterName("ticket");
    chats.addURLPattern("/chat/*");
    testServer.context.addFilterMap(chats);
    testServer.context.addServletContainerInitializer(new WsSci(), Set.of(ShoutEndpoint.class));
    testServer.serve(testServer.chat(handler, ServerFixture.LIMITS));
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
  void aSubprotocolOfTheMountIsNegotiated() throws Exception {
    Chat chat = testServer.chat(handler, ServerFixture.LIMITS);
    TomcatChat.mount(
        JakartaChat.of(chat, ServerFixture.PATH).withSubprotocols("v1", "v2"), testServer.context);
    testServer.start();
    WireClient ann =
        testServer.connect(testServer.request("/chat/hall/ann").subprotocols("v9", "v2", "v1"));
    assertEquals("v2", ann.subprotocol());
  }

  /** As in a war, where {@code WebListener} or {@code web.xml} names it. */
  public static final class WarListener implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      ServletContext context = event.getServletContext();
      TomcatChat.mount((Chat) context.getAttribute("chat"), context, ServerFixture.PATH);
    }
  }

  @Test
  void aListenerOfAWarMountsTheChatWhileItsContextStarts() throws Exception {
    Chat chat = testServer.chat(handler, ServerFixture.LIMITS);
    testServer.context.getServletContext().setAttribute("chat", chat);
    testServer.context.addServletContainerInitializer(new WsSci(), Set.of());
    testServer.context.addApplicationListener(WarListener.class.getName());
    testServer.start();
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    testServer.stopApplication();
    assertEquals(CloseStatus.RESTART, handler.awaitLeave("ann"));
  }

  @Test
  void callbacksRunWithTheClassLoaderOfTheApplication() throws Exception {
    List<ClassLoader> loaders = new CopyOnWriteArrayList<>();
    Chat chat =
        testServer.chat(
            new RoomHandler() {
              @Override
              public void onMessage(Room room, Message message) {
                loaders.add(Thread.currentThread().getContextClassLoader());
                room.publish(message);
              }
            },
            ServerFixture.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    assertSame(testServer.context.getLoader().getClassLoader(), loaders.get(0));
  }

  @Test
  void mountingOnAStartedContextFails() throws Exception {
    testServer.start();
    Chat late = testServer.chat(handler, ServerFixture.LIMITS);
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> TomcatChat.mount(late, testServer.context, ServerFixture.PATH));
    assertEquals(
        "context \"\" is STARTED: mount the chat before the context starts", thrown.getMessage());
  }

  @Test
  void mountingTwiceAtOnePathFailsAtTheStartWithTheRemedy() {
    testServer.mount(testServer.chat(handler, ServerFixture.LIMITS), ServerFixture.PATH);
    testServer.mount(testServer.chat(handler, ServerFixture.LIMITS), ServerFixture.PATH);
    Throwable cause = assertThrows(LifecycleException.class, testServer::start);
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    assertTrue(
        cause.getMessage().startsWith("another servlet is mapped to /chat/*: mount the chat at a"),
        cause.getMessage());
  }

  @Test
  void aMountThatDoesNotCloseTheChatLeavesItOpenWhenContextAndServerStop() throws Exception {
    Chat chat = testServer.chat(handler, ServerFixture.LIMITS);
    TomcatChat.mount(
        JakartaChat.of(chat, ServerFixture.PATH).withCloseOnDestroy(false), testServer.context);
    testServer.start();
    WireClient ann = testServer.join(chat, "hall", "ann");
    testServer.stopApplication();
    testServer.stopServer();
    assertEquals("hall", chat.open("hall", RoomOptions.defaults()).name(), "a closed chat throws");
    assertTrue(ann.awaitEnd(Await.TIMEOUT), "the server has closed its connections");
    assertEquals(CloseStatus.LOST, handler.awaitLeave("ann"));
  }

  @Test
  void stoppingTheServerClosesClientsWithRestart() throws Exception {
    Chat chat = testServer.chat(handler, ServerFixture.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    chat.announce("the last");
    Thread stopping =
        new Thread(
            () -> {
              try {
                testServer.stopServer();
              } catch (LifecycleException failure) {
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
}
