package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example with tokens, used as its page does. */
class TokenChatTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final TokenChat chat = start();

  private static TokenChat start() {
    try {
      return new TokenChat(SECRET, 0);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @AfterEach
  void stop() {
    chat.close();
  }

  private static HttpClient browser() {
    return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  }

  private HttpResponse<String> post(HttpClient browser, String path, String body)
      throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(chat.uri().resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> token(HttpClient browser) throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(chat.uri().resolve("token")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private WireClient connect(String token) throws IOException {
    URI uri = URI.create("ws://127.0.0.1:" + chat.uri().getPort() + "/chat");
    return WireClient.request(uri).subprotocols("chat", "token." + token).connect();
  }

  @Test
  void aUserLogsInChatsRenewsTheTokenAndLogsOut() throws Exception {
    HttpClient ann = browser();
    assertEquals(401, token(ann).statusCode());
    assertEquals(204, post(ann, "login", "user=ann").statusCode());
    String token = token(ann).body();
    try (WireClient socket = connect(token)) {
      assertEquals("chat", socket.subprotocol());
      socket.text("hello");
      assertEquals("ann: hello", socket.nextText());

      HttpClient bob = browser();
      post(bob, "login", "user=bob");
      socket.text("/token " + token(bob).body());
      assertEquals("/token invalid-token", socket.nextText());
      socket.text("/token " + token(ann).body());
      socket.text("renewed");
      assertEquals("ann: renewed", socket.nextText());

      try (WireClient other = connect(token(bob).body())) {
        assertEquals(204, post(ann, "logout", "").statusCode());
        assertEquals(new Received.Close(4009, "access revoked"), socket.awaitClose());
        assertEquals(401, token(ann).statusCode());
        WireClient.Rejected rejected =
            assertThrows(WireClient.Rejected.class, () -> connect(token));
        assertEquals(401, rejected.status());
        other.text("still here");
        assertEquals("bob: still here", other.nextText());
      }
    }
  }

  @Test
  void aTokenMayBeTheFirstMessageAndTheAddressIdentifiesNobody() throws Exception {
    HttpClient ann = browser();
    post(ann, "login", "user=ann");
    String token = token(ann).body();
    URI uri = URI.create("ws://127.0.0.1:" + chat.uri().getPort() + "/chat?token=" + token);
    try (WireClient nobody = WireClient.connect(uri);
        WireClient socket = WireClient.connect(uri.resolve("/chat"))) {
      nobody.text("hello");
      assertEquals(new Received.Close(4011, "invalid-token"), nobody.awaitClose());
      socket.text(token);
      socket.text("hello");
      assertEquals("ann: hello", socket.nextText());
    }
  }
}
