package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is negotiated or rejected before the first frame. */
abstract class WireHandshakeCases extends TransportContract {

  /** Whether the transport knows the remote address of a connection. */
  abstract boolean knowsRemoteAddress();

  ConnectRequest request(String pathAndQuery) {
    if (served() instanceof RunningServer wire) {
      return wire.request(pathAndQuery);
    }
    throw new IllegalStateException("serve(...) must return what RunningTransport.at(...) gives");
  }

  WireClient enterWire(String room, String id) throws IOException {
    if (enter(room, id) instanceof WireClient client) {
      return client;
    }
    throw new IllegalStateException("serve(...) must return what RunningTransport.at(...) gives");
  }

  /** {@return the origin of a page of the same server} */
  private String ownOrigin() {
    URI uri = served() instanceof RunningServer wire ? wire.base() : URI.create("ws://none");
    return "http://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  @Test
  @Rule("4.2")
  void aRejectionIsAnHttpResponseWithStatusAndReason() throws Exception {
    open(
        chat(new CaseHandler())
            .authenticator(
                handshake ->
                    Rejection.of(
                        Integer.parseInt(handshake.path("id").orElseThrow()),
                        "no entry for " + handshake.path("id").orElseThrow())));
    for (int status : List.of(401, 403, 404, 409, 429, 503)) {
      WireClient.Rejected rejected = rejected("/chat/hall/" + status);
      assertEquals(status, rejected.status());
      String words = has(Quirk.REJECTS_WITHOUT_BODY) ? rejected.reasonPhrase() : rejected.body();
      assertTrue(words.contains("no entry for " + status), words);
      assertFalse(rejected.headers().containsKey("Sec-WebSocket-Accept"));
    }
  }

  @Test
  @Rule("4.3")
  void aPageOfAnotherOriginIsRejected() throws Exception {
    Chat chat = open(new CaseHandler());
    for (String origin : List.of("https://evil.example", "null", ownOrigin() + "1")) {
      assertEquals(403, rejectedFrom(origin).status(), origin);
    }
    assertTrue(isEmpty(chat));
  }

  private WireClient.Rejected rejectedFrom(String origin) {
    return assertThrows(
        WireClient.Rejected.class, () -> connect("/chat/hall/ann", Map.of("Origin", origin)));
  }

  @Test
  @Rule("4.3")
  void aPageOfTheSameOriginAndAClientWithoutOriginAreAdmitted() throws Exception {
    Chat chat = open(new CaseHandler());
    connect("/chat/hall/ann", Map.of("Origin", ownOrigin()));
    connect("/chat/hall/bob", Map.of());
    Await.until("both are in", PATIENCE, () -> chat.participants() == 2);
  }

  @Test
  @Rule("4.3")
  void theListOfAllowedOriginsDecidesAboutOthers() throws Exception {
    Chat chat = open(chat(new CaseHandler()).allowOrigins("https://app.example").requireOrigin());
    connect("/chat/hall/ann", Map.of("Origin", "https://app.example"));
    assertEquals(403, rejectedFrom("https://other.example").status());
    assertEquals(403, rejected("/chat/hall/bob").status(), "without an origin");
    Await.until("one is in", PATIENCE, () -> chat.participants() == 1);
  }

  @Test
  @Rule("4.1")
  void compressionIsNotNegotiated() throws Exception {
    open(new CaseHandler());
    WireClient ann =
        track(
            request("/chat/hall/ann")
                .offer("permessage-deflate; client_max_window_bits, x-webkit-deflate-frame")
                .connect());
    assertNull(ann.responseHeaders().get("Sec-WebSocket-Extensions"));
    ann.text("plain ".repeat(100));
    assertEquals("plain ".repeat(100), ann.nextText());
  }

  @Test
  @Rule("4.2")
  void aClientThatOffersOnlyUnsupportedSubprotocolsIsRejectedBeforeItJoins() throws Exception {
    Chat chat = open(new CaseHandler());
    WireClient.Rejected rejected =
        assertThrows(
            WireClient.Rejected.class,
            () -> request("/chat/hall/ann").subprotocols("v2", "v1").connect());
    assertEquals(400, rejected.status());
    assertTrue(isEmpty(chat));
  }

  @Test
  @Rule("4.1")
  void aRepeatedHeaderHasAllValues() throws Exception {
    // As two values or joined to one, which is the same (RFC 9110 section 5.3).
    assertEquals(
        "one, two",
        seen(handshake -> String.join(", ", handshake.headers().getOrDefault("x-tag", List.of()))));
  }

  @Test
  @Rule("4.1")
  void theRemoteAddressHasNoPortOrIsAbsent() throws Exception {
    String address = seen(handshake -> handshake.remoteAddress().orElse("absent"));
    if (knowsRemoteAddress()) {
      assertTrue(InetAddress.getByName(address).isLoopbackAddress(), address);
    } else {
      assertEquals("absent", address);
    }
  }

  @Test
  @Rule("4.1")
  void withoutServerAuthenticationThereIsNoPrincipal() throws Exception {
    assertEquals(
        "nobody", seen(handshake -> handshake.principal().map(any -> "x").orElse("nobody")));
  }

  private String seen(Function<Handshake, String> look) throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    open(
        chat(new CaseHandler())
            .authenticator(
                handshake -> {
                  seen.complete(look.apply(handshake));
                  return ServerFixture.authenticateByPath(handshake);
                }));
    track(request("/chat/hall/ann").header("X-Tag", "one").header("X-Tag", "two").connect());
    return seen.get(5, TimeUnit.SECONDS);
  }

  @Test
  @Rule("4.2")
  void aRequestWithoutAnUpgradeIsRejected() throws Exception {
    Chat chat = open(new CaseHandler());
    URI address = URI.create(ownOrigin() + "/chat/hall/ann");
    HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
    request.setConnectTimeout(5000);
    request.setReadTimeout(5000);
    int status = request.getResponseCode();
    request.disconnect();
    assertTrue(status >= 200 && status < 500, "status " + status);
    assertTrue(isEmpty(chat));
  }

  @Test
  @Rule("4.2")
  void anotherPathIsNotFound() throws Exception {
    Chat chat = open(new CaseHandler());
    assertEquals(404, rejected("/chat/hall").status());
    assertEquals(404, rejected("/elsewhere").status());
    assertTrue(isEmpty(chat));
  }

  @Test
  @Rule("4.1")
  void aHundredClientsMayConnectConcurrently() throws Exception {
    Chat chat = open(new CaseHandler());
    WireClient[] clients = new WireClient[100];
    together(100, i -> clients[i] = track(request("/chat/hall/p" + i).connect()));
    Await.until("all are in", PATIENCE, () -> chat.participants() == 100);
    Await.until("all are in the room", PATIENCE, () -> room("hall").size() == 100);
    room("hall").announce("all");
    for (WireClient client : clients) {
      assertEquals("all", client.nextText());
    }
  }
}
