package dev.roomful.jetty;

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
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP sessions of Jetty. */
class LogoutTest {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
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
    server.stop();
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
    connector.setHost("localhost");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
    context.addServlet(new ServletHolder(new LoginServlet()), "/login");
    JettyChat.mount(chat, context, "/chat");
    server.setHandler(context);
    server.start();
    String address = "//localhost:" + connector.getLocalPort();
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
