package dev.roomful.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.spring.test.ChatTest;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** The chat without a server: each call has all its effects before it returns. */
@ChatTest
class TeamChatTest {
  @Autowired TestChat chat;

  private TestClient connect(String user, String role, String room) {
    return chat.connect(handshake(user, role, room));
  }

  private static TestHandshake handshake(String user, String role, String room) {
    return TestHandshake.create()
        .withPath("room", room)
        .withPrincipal(new TestingAuthenticationToken(user, "", "ROLE_" + role));
  }

  @Test
  void everybodyInTheRoomReadsAMessage() {
    TestClient ann = connect("ann", "STAFF", "lobby");
    TestClient bob = connect("bob", "USER", "lobby");
    bob.send("hello");
    assertThat(ann.received()).containsExactly("* bob is here", "bob: hello");
    assertThat(bob.received()).containsExactly("bob: hello");
  }

  @Test
  void whoComesLaterReadsTheLastMessages() {
    connect("ann", "STAFF", "lobby").send("is anybody here?");
    assertThat(connect("bob", "USER", "lobby").received()).containsExactly("ann: is anybody here?");
  }

  @Test
  void aReloadOfThePageIsNoLeave() {
    TestClient ann = connect("ann", "STAFF", "lobby");
    TestClient bob = connect("bob", "USER", "lobby");
    ann.received();
    bob.abort();
    chat.advance(Duration.ofSeconds(1));
    connect("bob", "USER", "lobby").abort();
    assertThat(ann.received()).isEmpty();
    chat.advance(Duration.ofSeconds(4));
    assertThat(ann.received()).containsExactly("* bob has left");
  }

  @Test
  void theRoomOfTheStaffIsForTheStaff() {
    assertThat(chat.admit(handshake("bob", "USER", "staff")))
        .isInstanceOfSatisfying(
            Rejection.class, rejection -> assertThat(rejection.status()).isEqualTo(403));
    assertThat(chat.admit(handshake("ann", "STAFF", "staff")))
        .isInstanceOfSatisfying(
            AcceptedAdmission.class,
            accepted -> assertThat(accepted.role()).isEqualTo(Role.MODERATOR));
  }

  @Test
  void whoHasNotLoggedInIsRejected() {
    assertThat(chat.admit(TestHandshake.create().withPath("room", "lobby")))
        .isInstanceOfSatisfying(
            Rejection.class, rejection -> assertThat(rejection.status()).isEqualTo(401));
  }
}
