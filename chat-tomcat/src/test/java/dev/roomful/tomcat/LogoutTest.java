package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP sessions of Tomcat. */
class LogoutTest {
  private final TestServer testServer = new TestServer();
  private final Chat chat =
      Chat.builder(new RoomHandler() {})
          .authenticator(
              handshake ->
                  AcceptedAdmission.of(
                      (String) handshake.sessionAttribute("user").orElseThrow(), "hall"))
          .build();

  @AfterEach
  void stop() throws Exception {
    chat.close();
    testServer.stop();
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

  private HttpResponse<Void> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.discarding());
  }

  @Test
  void aLogoutClosesTheConnectionsOfItsHttpSessionWith1008() throws Exception {
    Tomcat.addServlet(testServer.context, "login", new LoginServlet()).addMapping("/login");
    TomcatChat.mount(chat, testServer.context, "/chat");
    testServer.start();
    String address = "//localhost:" + testServer.port();
    URI login = URI.create("http:" + address + "/login?user=ann");
    String cookie =
        send(HttpRequest.newBuilder(login))
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow()
            .split(";", 2)[0];
    try (WireClient client =
        WireClient.request(URI.create("ws:" + address + "/chat"))
            .header("Cookie", cookie)
            .connect()) {
      Await.until("ann has joined", () -> chat.participant("ann").isPresent());
      assertEquals(
          200, send(HttpRequest.newBuilder(login).header("Cookie", cookie).DELETE()).statusCode());
      assertEquals(1008, client.awaitClose().code());
    }
    Await.until("ann has left", () -> chat.connections() == 0);
  }
}
