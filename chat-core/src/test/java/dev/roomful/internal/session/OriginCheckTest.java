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
    assertEquals(new Rejection(403, "origin", "this origin is not allowed"), rejection);
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
    Rejection rejection =
        new OriginCheck(Set.of(), true).check(TestHandshake.create()).orElseThrow();
    assertEquals(new Rejection(403, "origin", "an Origin header is required"), rejection);
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
