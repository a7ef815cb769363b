package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.testkit.WireClient;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that keeps its users in HTTP sessions, without a principal. */
class LogoutTest {
  @TempDir Path folder;

  private final Tomcat tomcat = new Tomcat();
  private final List<CloseStatus> left = new CopyOnWriteArrayList<>();
  private final Chat chat =
      Chat.builder(
              new RoomHandler() {
                @Override
                public void onMessage(Room room, Message message) {
                  message.reply("echo " + message.text());
                }

                @Override
                public void onLeave(Room room, Participant participant, CloseStatus status) {
                  left.add(status);
                }
              })
          .authenticator(LogoutTest::authenticate)
          .build();

  private static Admission authenticate(Handshake handshake) {
    return handshake
        .sessionAttribute("user")
        .map(user -> (Admission) AcceptedAdmission.of((String) user, "hall"))
        .orElseGet(() -> Rejection.of(401, "log in first"));
  }

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", new File(folder.toString()).getAbsolutePath());
    context.addServletContainerInitializer(new WsSci(), Set.of());
    JakartaChat mount = JakartaChat.of(chat, "/chat");
    Tomcat.addServlet(context, "chat", mount.servlet()).addMapping("/chat");
    JakartaChat kept = JakartaChat.of(chat, "/kept").withCloseOnSessionEnd(false);
    Tomcat.addServlet(context, "kept", kept.servlet()).addMapping("/kept");
    Tomcat.addServlet(context, "login", new LoginServlet()).addMapping("/login");
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    chat.close();
    tomcat.stop();
    tomcat.destroy();
  }

  private static final class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
      request.getSession().setAttribute("user", request.getParameter("user"));
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
      request.getSession().invalidate();
    }
  }

  private String base(String scheme) {
    return scheme + "://127.0.0.1:" + tomcat.getConnector().getLocalPort();
  }

  /** {@return the cookie of a new HTTP session} */
  private String login(String user) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base("http") + "/login?user=" + user)).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("Set-Cookie")
        .orElseThrow()
        .split(";", 2)[0];
  }

  private void logout(String cookie) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base("http") + "/login"))
            .header("Cookie", cookie)
            .DELETE()
            .build();
    assertEquals(
        200,
        HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.discarding())
            .statusCode());
  }

  private WireClient connect(String path, String cookie) throws Exception {
    return WireClient.request(URI.create(base("ws") + path)).header("Cookie", cookie).connect();
  }

  @Test
  void aLogoutClosesTheConnectionsOfItsSessionWith1008() throws Exception {
    String annsCookie = login("ann");
    try (WireClient ann = connect("/chat", annsCookie);
        WireClient again = connect("/chat", annsCookie);
        WireClient bob = connect("/chat", login("bob"))) {
      Await.until("all have joined", () -> chat.connections() == 3 && chat.participants() == 2);
      logout(annsCookie);
      assertEquals(1008, ann.awaitClose().code());
      assertEquals(1008, again.awaitClose().code());
      Await.until("ann has left", () -> !left.isEmpty());
      assertEquals(1008, left.get(0).code());
      assertEchoes(bob);
    }
  }

  @Test
  void aLogoutClosesNothingWhereTheMountSaysSo() throws Exception {
    String cookie = login("ann");
    try (WireClient kept = connect("/kept", cookie);
        WireClient ended = connect("/chat", cookie)) {
      Await.until("both have joined", () -> chat.connections() == 2);
      logout(cookie);
      assertEquals(1008, ended.awaitClose().code());
      assertEchoes(kept);
    }
  }

  private static void assertEchoes(WireClient client) throws IOException {
    client.text("still here");
    assertEquals("echo still here", client.nextText());
  }
}
