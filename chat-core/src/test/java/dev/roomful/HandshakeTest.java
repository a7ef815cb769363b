package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Handshake;
import dev.roomful.testing.TestHandshake;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  @Test
  void aHeaderIsFoundByItsNameInAnyCaseAndGivesItsFirstValue() {
    Handshake handshake =
        TestHandshake.create().withHeader("X-Thing", "one", "two").withHeader("X-Empty");
    assertEquals(Optional.of("one"), handshake.header("x-thing"));
    assertEquals(Optional.of("one"), handshake.header("X-THING"));
    assertEquals(List.of("one", "two"), handshake.headers().get("x-thing"));
    assertEquals(Optional.empty(), handshake.header("X-Empty"));
    assertEquals(Optional.empty(), handshake.header("X-Other"));
  }

  @Test
  void subprotocolsAreReadFromOneHeaderOrSeveral() {
    assertEquals(List.of(), TestHandshake.create().subprotocols());
    assertEquals(
        List.of("chat.v2", "chat.v1", "plain"),
        TestHandshake.create()
            .withHeader("Sec-WebSocket-Protocol", "chat.v2, ,  chat.v1", " plain ,")
            .subprotocols());
  }

  @Test
  void aCookieIsFoundByItsExactName() {
    TestHandshake handshake =
        TestHandshake.create()
            .withHeader("Cookie", "id=1;  Id=a=b==; id=2", "quoted=\"x y\"; empty=; flag");
    assertEquals(Optional.of("1"), handshake.cookie("id"));
    assertEquals(Optional.of("a=b=="), handshake.cookie("Id"));
    assertEquals(Optional.of("\"x y\""), handshake.cookie("quoted"));
    assertEquals(Optional.of(""), handshake.cookie("empty"));
    assertEquals(Optional.empty(), handshake.cookie("flag"));
    assertEquals(Optional.empty(), handshake.cookie("d"));
    assertEquals(Optional.empty(), TestHandshake.create().cookie("id"));
    assertEquals(
        Optional.of("2"),
        TestHandshake.create().withCookie("a", "1").withCookie("b", "2").cookie("b"));
  }

  @Test
  void aSessionAttributeIsFoundByItsName() {
    TestHandshake plain = TestHandshake.create();
    TestHandshake loggedIn = plain.withSessionAttribute("user", 7);
    assertEquals(Optional.of(7), loggedIn.sessionAttribute("user"));
    assertEquals(Optional.empty(), loggedIn.sessionAttribute("USER"));
    assertEquals(Optional.empty(), plain.sessionAttribute("user"));
  }

  @Test
  void aTestHandshakeReturnsItsValues() {
    Principal alice = () -> "alice";
    TestHandshake plain = TestHandshake.create();
    TestHandshake full =
        plain
            .withPath("room", "red")
            .withQuery("token", "t")
            .withRemoteAddress("192.0.2.1")
            .withPrincipal(alice);
    assertEquals(Optional.of("red"), full.path("room"));
    assertEquals(Optional.of("t"), full.query("token"));
    assertEquals(Optional.of("192.0.2.1"), full.remoteAddress());
    assertEquals(Optional.of(alice), full.principal());
    assertEquals(Optional.of("localhost"), full.header("Host"));

    assertEquals(Optional.empty(), plain.path("room"));
    assertEquals(Optional.empty(), plain.query("token"));
    assertEquals(Optional.of("127.0.0.1"), plain.remoteAddress());
    assertEquals(Optional.empty(), plain.principal());
  }

  @Test
  void acceptAllTakesTheRoomFromThePathOrTheQueryOrTheLobby() {
    TestHandshake plain = TestHandshake.create();
    assertEquals("lobby", acceptAll(plain).room());
    assertEquals("red", acceptAll(plain.withQuery("room", "red")).room());
    assertEquals("blue", acceptAll(plain.withQuery("room", "red").withPath("room", "blue")).room());
    assertNotEquals(acceptAll(plain).id(), acceptAll(plain).id());
  }

  private static AcceptedAdmission acceptAll(Handshake handshake) {
    return assertInstanceOf(
        AcceptedAdmission.class, Authenticator.acceptAll().authenticate(handshake));
  }

  @Test
  void anAdmissionIsImmutableAndReturnsChangedCopies() {
    AcceptedAdmission plain = AcceptedAdmission.of("alice", "lobby");
    AcceptedAdmission full =
        plain.withName("Alice").withAttribute("team", "red").withAttribute("level", 3);
    assertEquals("alice", plain.name());
    assertEquals(Map.of(), plain.attributes());
    assertEquals("Alice", full.name());
    assertEquals("alice", full.id());
    assertEquals(Map.of("team", "red", "level", 3), full.attributes());
  }
}
