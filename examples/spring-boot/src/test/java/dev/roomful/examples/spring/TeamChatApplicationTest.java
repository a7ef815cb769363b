package dev.roomful.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roomful.Chat;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.env.Environment;

/** The whole application on a real port, with two users. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TeamChatApplicationTest {
  @Autowired Environment environment;
  @Autowired Chat chat;

  /** A handshake ends a moment before its client is in the room. */
  private void awaitParticipants(String room, int number) {
    await().until(() -> chat.room(room).orElseThrow().size() == number);
  }

  private URI uri(String scheme, String path) {
    return URI.create(
        scheme + "://localhost:" + environment.getProperty("local.server.port") + path);
  }

  @Test
  void twoUsersChatAndReadWhatTheControllerPublishes() throws Exception {
    Browser ann = login("ann");
    Browser bob = login("bob");
    Client annInOrders = ann.join("orders");
    awaitParticipants("orders", 1);
    Client bobInOrders = bob.join("orders");
    assertThat(annInOrders.next()).isEqualTo("* bob is here");
    bobInOrders.send("when does order 17 ship?");
    assertThat(annInOrders.next()).isEqualTo("bob: when does order 17 ship?");
    assertThat(bobInOrders.next()).isEqualTo("bob: when does order 17 ship?");
    assertThat(ann.post("/orders/17/shipped").statusCode()).isEqualTo(200);
    assertThat(annInOrders.next()).isEqualTo("Order 17 has shipped");
    assertThat(bobInOrders.next()).isEqualTo("Order 17 has shipped");
    annInOrders.close();
    bobInOrders.close();
  }

  @Test
  void aLogoutClosesTheConnectionsOfItsSession() throws Exception {
    Browser ann = login("ann");
    Browser bob = login("bob");
    Client annInLobby = ann.join("lobby");
    Client bobInLobby = bob.join("lobby");
    awaitParticipants("lobby", 2);
    assertThat(bob.post("/logout").statusCode()).isIn(200, 204, 302);
    assertThat(bobInLobby.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1008);
    assertThatThrownBy(() -> bob.join("lobby"))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            rejected -> assertThat(rejected.getResponse().statusCode()).isEqualTo(401));
    assertThat(annInLobby.closed).isNotDone();
    annInLobby.close();
  }

  @Test
  void operatorsSeeTheHealthAndTheRooms() throws Exception {
    Browser ann = login("ann");
    Client inStaff = ann.join("staff");
    awaitParticipants("staff", 1);
    assertThat(ann.get("/actuator/health").body()).contains("\"UP\"");
    assertThat(ann.get("/actuator/rooms/staff").body()).contains("\"id\":\"ann\"");
    assertThat(login("bob").get("/actuator/rooms").statusCode()).isEqualTo(403);
    inStaff.close();
  }

  private Browser login(String user) throws Exception {
    Browser browser = new Browser();
    Matcher token =
        Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"")
            .matcher(browser.get("/login").body());
    assertThat(token.find()).isTrue();
    HttpResponse<String> response =
        browser.send(
            HttpRequest.newBuilder(uri("http", "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "username="
                            + user
                            + "&password=secret&_csrf="
                            + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8))));
    assertThat(response.headers().firstValue("Location"))
        .hasValueSatisfying(location -> assertThat(location).doesNotContain("error"));
    return browser;
  }

  /** What a browser keeps: the cookies. */
  private final class Browser {
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(cookies).build();

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
      return send(HttpRequest.newBuilder(uri("http", path)));
    }

    HttpResponse<String> post(String path) throws Exception {
      get("/"); // brings the cookie with the token
      String token =
          cookies.getCookieStore().getCookies().stream()
              .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
              .map(HttpCookie::getValue)
              .findFirst()
              .orElseThrow();
      return send(
          HttpRequest.newBuilder(uri("http", path))
              .header("X-XSRF-TOKEN", token)
              .POST(HttpRequest.BodyPublishers.noBody()));
    }

    Client join(String room) throws Exception {
      Client client = new Client();
      client.socket =
          http.newWebSocketBuilder()
              .buildAsync(uri("ws", "/chat/" + room), client)
              .get(10, TimeUnit.SECONDS);
      return client;
    }
  }

  /** One connection to a room. */
  private static final class Client implements WebSocket.Listener {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private WebSocket socket;

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        received.add(partial.toString());
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    String next() throws InterruptedException {
      return received.poll(10, TimeUnit.SECONDS);
    }

    void send(String text) {
      socket.sendText(text, true).join();
    }

    void close() throws Exception {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
      closed.get(10, TimeUnit.SECONDS);
    }
  }
}
