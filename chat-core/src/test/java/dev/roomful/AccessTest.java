package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Access ends with its credential: when that expires or is revoked, whoever it is that listens. */
class AccessTest {
  private final Instant now = Instant.now();

  /** Renews with what the message says: "renew SECONDS", from now on. */
  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().startsWith("renew ")) {
            int seconds = Integer.parseInt(message.text().substring(6));
            Outcome outcome = message.renew(expiringIn(seconds).withTokenId("renewed"));
            message.reply(outcome.rejection().map(Rejection::code).orElse("renewed"));
          } else {
            room.publish(message);
          }
        }
      };

  private final TestChat chat = TestChat.of(builder());

  private Chat.Builder builder() {
    return Chat.builder(handler).authenticator(this::authenticate);
  }

  private static Credential expiringIn(int seconds) {
    return Credential.expiringAt(Instant.now().plusSeconds(seconds));
  }

  /**
   * An admission as in the query: id, token, seconds since the start of the test at which it was
   * issued.
   */
  private Admission authenticate(Handshake handshake) {
    Credential credential = expiringIn(Integer.parseInt(handshake.query("expires").orElse("3600")));
    if (handshake.query("token").isPresent()) {
      credential = credential.withTokenId(handshake.query("token").get());
    }
    if (handshake.query("issued").isPresent()) {
      credential =
          credential.withIssuedAt(
              now.plusSeconds(Integer.parseInt(handshake.query("issued").get())));
    }
    return AcceptedAdmission.of(handshake.query("id").orElse("ann"), "lobby")
        .withCredential(credential);
  }

  private static TestHandshake handshake(String id, String token, int issued) {
    return TestHandshake.create()
        .withQuery("id", id)
        .withQuery("token", token)
        .withQuery("issued", Integer.toString(issued));
  }

  private TestClient connect(String id, String token, int issued) {
    return chat.connect(handshake(id, token, issued));
  }

  private static String codeOf(Admission admission) {
    return admission instanceof Rejection rejection
        ? rejection.status() + " " + rejection.code()
        : "accepted";
  }

  @Test
  void anExpiredCredentialIsRejected() {
    assertEquals(
        "401 expired", codeOf(chat.admit(TestHandshake.create().withQuery("expires", "-1"))));
  }

  @Test
  void aClientThatOnlyListensIsClosedWhenItsCredentialExpires() {
    TestClient listener = chat.connect(TestHandshake.create().withQuery("expires", "60"));
    chat.advance(Duration.ofSeconds(58));
    assertTrue(listener.isOpen());
    chat.advance(Duration.ofSeconds(3));
    assertEquals(Optional.of(CloseStatus.EXPIRED), listener.closeStatus());
    assertEquals(0, chat.chat().participants());
  }

  @Test
  void aMessageRenewsTheCredentialOfItsConnection() {
    TestClient ann = chat.connect(TestHandshake.create().withQuery("expires", "60"));
    TestClient other = chat.connect(TestHandshake.create().withQuery("expires", "60"));
    ann.send("renew 600");
    assertEquals(List.of("renewed"), ann.received());
    chat.advance(Duration.ofSeconds(61));
    assertTrue(ann.isOpen());
    assertEquals(Optional.of(CloseStatus.EXPIRED), other.closeStatus());
    chat.advance(Duration.ofMinutes(9));
    assertEquals(Optional.of(CloseStatus.EXPIRED), ann.closeStatus());
  }

  @Test
  void aCredentialThatHasExpiredOrWasRevokedDoesNotRenew() {
    TestClient ann = chat.connect(TestHandshake.create().withQuery("expires", "60"));
    ann.send("renew -5");
    chat.chat().revoke(Revocation.ofToken("renewed"));
    ann.send("renew 600");
    assertEquals(List.of("expired", "revoked"), ann.received());
    assertTrue(ann.isOpen());
    chat.advance(Duration.ofSeconds(61));
    assertEquals(Optional.of(CloseStatus.EXPIRED), ann.closeStatus());
  }

  @Test
  void aTokenIsRevokedByItsId() {
    TestClient stolen = connect("ann", "one", 0);
    TestClient kept = connect("ann", "two", 0);
    assertTrue(chat.chat().revoke(Revocation.ofToken("one")).isDone());
    assertEquals(Optional.of(CloseStatus.REVOKED), stolen.closeStatus());
    assertTrue(kept.isOpen());
    assertEquals("401 revoked", codeOf(chat.admit(handshake("ann", "one", 0))));
    assertEquals("accepted", codeOf(chat.admit(handshake("ann", "two", 0))));
  }

  @Test
  void whatWasIssuedToAParticipantBeforeATimeIsRevoked() {
    TestClient old = connect("ann", "one", -10);
    TestClient recent = connect("ann", "two", 10);
    TestClient bob = connect("bob", "three", -10);
    assertTrue(chat.chat().revoke(Revocation.ofParticipant("ann").withIssuedBefore(now)).isDone());
    assertEquals(Optional.of(CloseStatus.REVOKED), old.closeStatus());
    assertTrue(recent.isOpen());
    assertTrue(bob.isOpen());
    assertEquals("401 revoked", codeOf(chat.admit(handshake("ann", "four", -1))));
    assertEquals("accepted", codeOf(chat.admit(handshake("ann", "five", 1))));
    assertEquals("accepted", codeOf(chat.admit(handshake("bob", "six", -1))));
  }

  @Test
  void aConnectionOfWhichNobodyKnowsWhenItsAccessWasIssuedIsRevokedWithItsParticipant() {
    TestClient session = chat.connect("lobby", "ann");
    chat.chat().revoke(Revocation.ofParticipant("ann"));
    assertEquals(Optional.of(CloseStatus.REVOKED), session.closeStatus());
    TestClient again = chat.connect("lobby", "ann"); // the authenticator has decided
    chat.chat().revoke(Revocation.ofToken("of somebody else"));
    assertTrue(again.isOpen());
  }

  @Test
  void whatWasIssuedToAnybodyBeforeATimeIsRevoked() {
    TestClient ann = connect("ann", "one", -10);
    TestClient bob = connect("bob", "two", 10);
    chat.chat().revoke(Revocation.ofAll().withIssuedBefore(now));
    assertEquals(Optional.of(CloseStatus.REVOKED), ann.closeStatus());
    assertTrue(bob.isOpen());
  }

  @Test
  void whoWasAdmittedBeforeARevocationAndConnectsAfterItIsClosed() {
    AcceptedAdmission admission =
        assertInstanceOf(AcceptedAdmission.class, chat.admit(handshake("ann", "one", 0)));
    chat.chat().revoke(Revocation.ofToken("one"));
    assertEquals(Optional.of(CloseStatus.REVOKED), chat.connect(admission).closeStatus());
  }

  @Test
  void aSessionThatCouldBeResumedEndsWithItsCredential() {
    TestChat resuming =
        TestChat.of(builder().limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(1))));
    resuming.connect(handshake("ann", "one", 0)).abort();
    assertEquals(1, resuming.chat().participants());
    resuming.chat().revoke(Revocation.ofToken("one"));
    assertEquals(0, resuming.chat().participants());
  }

  @Test
  void aSessionThatCouldBeResumedIsRevokedWithItsParticipant() {
    TestChat resuming =
        TestChat.of(builder().limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(1))));
    resuming.connect("lobby", "ann").abort();
    resuming.connect("lobby", "bob").abort();
    resuming.chat().revoke(Revocation.ofParticipant("ann"));
    assertTrue(resuming.chat().participant("ann").isEmpty());
    assertTrue(resuming.chat().participant("bob").isPresent());
  }

  @Tag("slow")
  @Test
  void revocationsAreBounded() {
    for (int i = 0; i < 10_000; i++) {
      chat.chat().revoke(Revocation.ofToken("token" + i));
    }
    assertEquals(
        Optional.of(Rejection.TOO_MANY_REVOCATIONS),
        chat.chat().revoke(Revocation.ofToken("late")).rejection().map(Rejection::code));
    assertTrue(chat.chat().revoke(Revocation.ofToken("token1")).isDone());
  }

  @Test
  void aRevocationHoldsOnAllNodesAndOnThoseThatStartLater() {
    try (TestCluster cluster = TestChat.cluster(3, node -> builder())) {
      TestClient here = cluster.node(0).connect(handshake("ann", "one", 0));
      TestClient there = cluster.node(1).connect(handshake("ann", "one", 0));
      TestClient other = cluster.node(1).connect(handshake("ann", "two", 0));
      assertTrue(cluster.node(2).chat().revoke(Revocation.ofToken("one")).isDone());
      cluster.deliver();
      assertEquals(Optional.of(CloseStatus.REVOKED), here.closeStatus());
      assertEquals(Optional.of(CloseStatus.REVOKED), there.closeStatus());
      assertTrue(other.isOpen());
      for (int node = 0; node < 3; node++) {
        cluster.node(node).restart();
        cluster.deliver();
      }
      for (int node = 0; node < 3; node++) {
        assertEquals("401 revoked", codeOf(cluster.node(node).admit(handshake("ann", "one", 0))));
      }
    }
  }

  @Tag("slow")
  @Test
  void aRevocationThatTheEngineHasLostIsAppendedAgain() {
    try (TestCluster cluster = TestChat.cluster(2, node -> builder())) {
      cluster.deliver();
      cluster.save();
      assertTrue(cluster.node(0).chat().revoke(Revocation.ofToken("one")).isDone());
      cluster.deliver();
      cluster.stopEngine();
      cluster.rewind();
      cluster.startEngine();
      cluster.advance(Duration.ofSeconds(30));
      cluster.node(0).restart();
      cluster.node(1).restart();
      cluster.deliver();
      assertEquals("401 revoked", codeOf(cluster.node(0).admit(handshake("ann", "one", 0))));
    }
  }

  @Test
  void aRevocationWithoutTheEngineHoldsHereAndSaysSo() {
    try (TestCluster cluster = TestChat.cluster(2, node -> builder())) {
      TestClient here = cluster.node(0).connect(handshake("ann", "one", 0));
      cluster.stopEngine();
      assertEquals(
          Optional.of(Rejection.UNAVAILABLE),
          cluster
              .node(0)
              .chat()
              .revoke(Revocation.ofToken("one"))
              .rejection()
              .map(Rejection::code));
      assertEquals(Optional.of(CloseStatus.REVOKED), here.closeStatus());
      cluster.startEngine();
      cluster.advance(Duration.ofSeconds(30));
      assertEquals("401 revoked", codeOf(cluster.node(1).admit(handshake("ann", "one", 0))));
    }
  }
}
