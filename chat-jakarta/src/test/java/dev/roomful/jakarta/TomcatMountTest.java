package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.testkit.ConnectRequest;
import dev.roomful.testkit.WireClient;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chat in a context path beside other servlets, on Tomcat with the plain binding. */
class TomcatMountTest {
  @TempDir Path folder;

  private final Tomcat tomcat = new Tomcat();
  private final Chat chat =
      Chat.builder(new EchoHandler()).authenticator(TomcatMountTest::authenticate).build();

  /** Replies with the sender, the room and the text. */
  private static final class EchoHandler implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      message.reply(message.sender().id() + " in " + room.name() + ": " + message.text());
    }
  }

  /** Accepts a client under its principal, unless the query asks for a rejection. */
  private static dev.roomful.admission.Admission authenticate(Handshake handshake) {
    if (handshake.query("reject").isPresent()) {
      return Rejection.of(409, "as requested");
    }
    String id = handshake.principal().map(Principal::getName).orElse("nobody");
    return AcceptedAdmission.of(id, handshake.path("room").orElseThrow());
  }

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("/app", new File(folder.toString()).getAbsolutePath());
    context.addServletContainerInitializer(new WsSci(), Set.of());
    JakartaChat mount = JakartaChat.of(chat, "/chat/{room}").withSubprotocols("v1", "v2");
    Tomcat.addServlet(context, "chat", mount.servlet()).addMapping(mount.servletMapping());
    Tomcat.addServlet(context, "page", new PageServlet()).addMapping("/");
    FilterDef filter = new FilterDef();
    filter.setFilterName("login");
    filter.setFilter(new LoginFilter());
    context.addFilterDef(filter);
    FilterMap everything = new FilterMap();
    everything.setFilterName("login");
    everything.addURLPattern("/*");
    context.addFilterMap(everything);
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    chat.close();
    tomcat.stop();
    tomcat.destroy();
  }

  private static final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getOutputStream().print("a page");
    }
  }

  /** A filter of the application: takes the user from a header and rejects requests without it. */
  private static final class LoginFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      String name = request.getHeader("X-Name");
      if (name == null) {
        response.sendError(401);
        return;
      }
      chain.doFilter(
          new HttpServletRequestWrapper(request) {
            @Override
            public Principal getUserPrincipal() {
              return () -> name;
            }
          },
          response);
    }
  }

  private ConnectRequest request(@Nullable String name, String pathAndQuery) {
    ConnectRequest request =
        WireClient.request(
            URI.create(
                "ws://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/app" + pathAndQuery));
    return name == null ? request : request.header("X-Name", name);
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri =
        URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/app" + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("X-Name", "ann").build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itIsServedBelowItsContextPathBesideOtherServlets() throws Exception {
    try (WireClient client = request("ann", "/chat/hall").connect()) {
      client.text("hello");
      assertEquals("ann in hall: hello", client.nextText());
    }
    assertEquals("a page", get("/").body());
    assertEquals("a page", get("/chatter").body());
  }

  @Test
  void theApplicationsFiltersRunBeforeTheAuthenticator() throws Exception {
    try (WireClient client = request("bob the wrapped", "/chat/hall").connect()) {
      client.text("hello");
      assertEquals("bob the wrapped in hall: hello", client.nextText());
    }
    WireClient.Rejected rejected =
        assertThrows(WireClient.Rejected.class, () -> request(null, "/chat/hall").connect());
    assertEquals(401, rejected.status());
    assertEquals(Optional.empty(), chat.room("hall").filter(room -> room.size() > 1));
  }

  @Test
  void theClientsFirstSupportedSubprotocolIsNegotiated() throws Exception {
    try (WireClient client =
        request("ann", "/chat/hall").subprotocols("v9", "v2", "v1").connect()) {
      assertEquals("v2", client.subprotocol());
    }
    WireClient.Rejected rejected =
        assertThrows(
            WireClient.Rejected.class,
            () -> request("bob", "/chat/hall").subprotocols("v9").connect());
    assertEquals(400, rejected.status());
    assertTrue(rejected.body().contains("supported are [v1, v2]"), rejected.body());
    assertEquals(Optional.empty(), chat.participant("bob"));
    try (WireClient client = request("cid", "/chat/hall").connect()) {
      assertNull(client.subprotocol());
    }
  }

  @Test
  void noExtensionIsNegotiated() throws Exception {
    try (WireClient client = request("ann", "/chat/hall").offer("permessage-deflate").connect()) {
      assertNull(client.responseHeaders().get("Sec-WebSocket-Extensions"));
    }
  }

  @Test
  void aRejectionArrivesAsPlainHttp() throws Exception {
    WireClient.Rejected rejected =
        assertThrows(
            WireClient.Rejected.class, () -> request("ann", "/chat/hall?reject=1").connect());
    assertEquals(409, rejected.status());
    assertEquals("as requested\n", rejected.body());
    assertEquals("rejected", rejected.headers().get("Roomful-Rejection").get(0));
    assertEquals("no-store", rejected.headers().get("Cache-Control").get(0));
  }

  @Test
  void aPlainGetReceivesUpgradeRequired() throws Exception {
    HttpResponse<String> response = get("/chat/hall");
    assertEquals(426, response.statusCode());
    assertEquals(Optional.of("websocket"), response.headers().firstValue("Upgrade"));
    assertEquals(404, get("/chat/").statusCode());
    assertTrue(get("/chat/a/b").body().contains("it is at /chat/{room}"));
  }
}
