package dev.roomful.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Gateway;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guarantee 12: browsers connect from the same origin or from an allowed one. */
class OriginCheckTest {
  private static final OriginCheck SAME = new OriginCheck(Set.of(), false);

  private static TestHandshake handshake(String host, String origin) {
    return TestHandshake.create().withHeader("Host", host).withHeader("Origin", origin);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, http://example.org",
    "example.org, https://example.org",
    "EXAMPLE.org, https://Example.ORG",
    "example.org:80, http://example.org",
    "example.org, http://example.org:80",
    "example.org:443, https://example.org",
    "example.org, https://example.org:443",
    "example.org:8080, http://example.org:8080",
    "localhost:8000, http://localhost:8000",
    "127.0.0.1:8000, http://127.0.0.1:8000",
    "[::1]:8000, http://[::1]:8000",
    "[::1], https://[::1]",
    "my_app:8080, http://my_app:8080",
  })
  void theSameOriginIsAccepted(String host, String origin) {
    assertEquals(Optional.empty(), SAME.check(handshake(host, origin)));
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, https://evil.org",
    "example.org, https://example.org.evil.org",
    "example.org, https://evil-example.org",
    "example.org, https://sub.example.org",
    "example.org, https://example.org:8443",
    "example.org:8080, http://example.org",
    "example.org, http://example.org:443",
    "example.org, https://example.org@evil.org",
    "example.org, null",
    "null, null",
    "example.org, example.org",
    "example.org, ://example.org.evil.org",
    "example.org, ''",
    "'', ''",
    "'', http://",
    ":80, http://",
  })
  void anyOtherOriginIsRejectedWith403(String host, String origin) {
    Rejection rejection = SAME.check(handshake(host, origin)).orElseThrow();
    assertEquals(403, rejection.status());
    assertEquals("origin", rejection.code());
  }

  @Test
  void theRejectionNamesTheOriginTheHostAndTheRemedies() {
    assertEquals(
        "The origin https://a.example is not allowed and is not the host b.example:8080. Allow it"
            + " with Chat.Builder.allowOrigins, or let the proxy pass on the Host header.",
        SAME.check(handshake("b.example:8080", "https://a.example")).orElseThrow().reason());
    assertTrue(
        SAME.check(TestHandshake.create().withHeader("Host").withHeader("Origin", "https://a.org"))
            .orElseThrow()
            .reason()
            .contains("is not the host (no Host header)."));
  }

  @Test
  void theRejectionEscapesAndShortensWhatTheClientSent() {
    String reason =
        SAME.check(handshake("b\r\n\u202e", "https://a\u001b[2J" + "x".repeat(100_000)))
            .orElseThrow()
            .reason();
    assertTrue(reason.chars().allMatch(c -> c >= ' ' && c <= '~'), reason);
    assertTrue(reason.length() < 600, "" + reason.length());
  }

  @Test
  void anAllowedOriginIsAcceptedForAnyHost() {
    OriginCheck some = new OriginCheck(Set.of("https://friend.org", "null"), false);
    assertEquals(Optional.empty(), some.check(handshake("example.org", "https://friend.org")));
    assertEquals(Optional.empty(), some.check(handshake("example.org", "HTTPS://Friend.org")));
    assertEquals(Optional.empty(), some.check(handshake("example.org", "null")));
    assertEquals(Optional.empty(), some.check(handshake("example.org", "http://example.org")));
    assertTrue(some.check(handshake("example.org", "http://friend.org")).isPresent());
    assertTrue(some.check(handshake("example.org", "https://friend.org:444")).isPresent());

    OriginCheck all = new OriginCheck(Set.of("*"), false);
    assertEquals(Optional.empty(), all.check(handshake("example.org", "https://whoever.net")));
  }

  @Test
  void aMissingOriginIsAcceptedUnlessRequired() {
    assertEquals(Optional.empty(), SAME.check(TestHandshake.create()));
    assertEquals(
        Optional.of(
            new Rejection(
                403, "origin", "The request has no Origin header, which this chat requires.")),
        new OriginCheck(Set.of(), true).check(TestHandshake.create()));
    assertEquals(
        Optional.empty(),
        new OriginCheck(Set.of(), true).check(handshake("a.org", "http://a.org")));
  }

  @Test
  void theBuilderConfiguresAllowedOriginsAndRequirement() {
    Chat.Builder builder =
        Chat.builder(new RoomHandler() {}).allowOrigins("https://Friend.org").requireOrigin();
    try (Chat chat = builder.build()) {
      assertInstanceOf(
          AcceptedAdmission.class,
          Gateway.of(chat).admit(handshake("example.org", "https://friend.org")));
      assertInstanceOf(Rejection.class, Gateway.of(chat).admit(TestHandshake.create()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "example.org", "https://", "https://a.org/", "https://a.org/x", "*.org"})
  void anAllowListRejectsInvalidOrigins(String wrong) {
    IllegalArgumentException exception =
        assertThrows(
            IllegalArgumentException.class,
            () -> Chat.builder(new RoomHandler() {}).allowOrigins(wrong));
    assertTrue(String.valueOf(exception.getMessage()).contains("\"" + wrong + "\""));
  }
}
