package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first message of a client may decide who it is, instead of its handshake. */
class FirstMessageTest {
  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat = TestChat.of(builder());

  /** Set by a test: runs while a first message is being decided. */
  private Runnable whileDeciding = () -> {};

  private Chat.Builder builder() {
    return Chat.builder(recorder)
        .authenticator(handshake -> DeferredAdmission.of(this::decide))
        .limits(
            Limits.defaults()
                .withConnections(2)
                .withMessageBytes(100)
                .withReconnectDelay(Duration.ZERO))
        .room("full", RoomOptions.defaults().withCapacity(1));
  }

  /** Admits "ID ROOM", and answers "reject STATUS CODE" with that rejection. */
  private Admission decide(String text) {
    whileDeciding.run();
    String[] words = text.split(" ", -1);
    return words[0].equals("reject")
        ? new Rejection(Integer.parseInt(words[1]), words[2], "as the client wishes")
        : AcceptedAdmission.of(words[0], words[1]);
  }

  private TestClient connect() {
    return chat.connect(TestHandshake.create());
  }

  private static void assertClosed(int code, String reason, TestClient client) {
    assertEquals(Optional.of(new CloseStatus(code, reason)), client.closeStatus());
  }

  @Test
  void theFirstMessageAdmitsTheClientAndIsPublishedToNobody() {
    TestClient ann = connect();
    assertEquals(0, chat.chat().participants());
    ann.send("ann lobby");
    TestClient bob = connect();
    bob.send("bob lobby");
    ann.send("hello");
    assertEquals(List.of("hello"), ann.received());
    assertEquals(List.of("hello"), bob.received());
    ann.close();
    bob.abort();
    assertEquals(
        List.of(
            "ann joined lobby",
            "bob joined lobby",
            "ann published hello in lobby",
            "ann left lobby 1000",
            "bob left lobby 1006"),
        recorder.entries());
  }

  @ParameterizedTest
  @CsvSource({
    "401 invalid-token, 4011, invalid-token",
    "401 expired, 4010, credential expired",
    "401 revoked, 4009, access revoked",
    "503 unavailable, 1013, unavailable",
    "429 too-fast, 1013, too-fast"
  })
  void aRejectedFirstMessageClosesTheConnectionWithACodeThatSaysWhatToDo(
      String rejection, int code, String reason) {
    TestClient ann = connect();
    ann.send("reject " + rejection);
    assertClosed(code, reason, ann);
    assertEquals(0, chat.chat().connections());
    assertEquals(List.of(), recorder.entries());
  }

  @Test
  void whatARoomWouldAnswerIsAskedToo() {
    connect().send("ann full");
    TestClient bob = connect();
    bob.send("bob full");
    assertClosed(1013, "room-full", bob);
    TestClient nameless = connect();
    nameless.send("\u0007 lobby");
    assertClosed(4011, "participant-id", nameless);
  }

  @Test
  void aDecisionThatThrowsClosesItsConnectionOnly() {
    try (LogCapture log = new LogCapture()) {
      TestClient ann = connect();
      ann.send("one-word");
      assertClosed(1011, "internal error", ann);
      assertEquals(1, log.messages().size());
    }
    connect().send("ann lobby");
    assertEquals(1, chat.chat().participants());
  }

  @Test
  void aFirstMessageHasToBeATextOfALimitedSize() {
    TestClient binary = connect();
    binary.send(new byte[1]);
    assertClosed(4011, "the first message has to be a text", binary);
    TestClient large = connect();
    large.send("ann " + "x".repeat(100));
    assertClosed(1009, "message too big", large);
  }

  @Test
  void aClientThatHasSentNothingCountsForItsAddress() {
    Limits limits = Limits.defaults().withConnectionsPerAddress(1).withConnections(9);
    try (TestChat limited = TestChat.of(builder().limits(limits))) {
      TestHandshake handshake = TestHandshake.create().withRemoteAddress("192.0.2.1");
      TestClient ann = limited.connect(handshake);
      assertEquals(
          Rejection.TOO_MANY_FROM_ADDRESS,
          assertInstanceOf(Rejection.class, limited.admit(handshake)).code());
      ann.send("ann lobby");
      assertTrue(ann.isOpen());
      assertInstanceOf(Rejection.class, limited.admit(handshake));
      ann.close();
      limited.connect(handshake).close();
      assertTrue(limited.connect(handshake).isOpen());
    }
  }

  @Test
  void aClientThatSendsNothingIsClosedAndCountsAsAConnectionUntilThen() {
    TestClient silent = connect();
    connect().send("ann lobby");
    assertEquals(
        Rejection.CHAT_FULL,
        assertInstanceOf(Rejection.class, chat.admit(TestHandshake.create())).code());
    chat.advance(Duration.ofSeconds(9));
    assertTrue(silent.isOpen());
    chat.advance(Duration.ofSeconds(2));
    assertClosed(4011, "no message has come", silent);
    assertTrue(connect().isOpen());
  }

  @Test
  void aClientThatEndsBeforeItsFirstMessageLeavesNoTrace() {
    connect().close();
    connect().abort();
    connect().send("ann lobby");
    assertTrue(connect().isOpen());
    assertEquals(List.of("ann joined lobby"), recorder.entries());
  }

  @Test
  void aClientThatEndsWhileItsFirstMessageIsDecidedJoinsAndLeaves() {
    TestClient ann = connect();
    whileDeciding = ann::close;
    ann.send("ann lobby");
    assertEquals(List.of("ann joined lobby", "ann left lobby 1000"), recorder.entries());
    assertEquals(0, chat.chat().connections());
  }

  @Test
  void clientsWithoutAFirstMessageAreAskedToConnectAgainWhenTheChatEnds() {
    TestClient drained = connect();
    chat.chat().drain();
    assertEquals(1012, drained.closeStatus().orElseThrow().code());

    TestChat other = TestChat.of(builder());
    TestClient closed = other.connect(TestHandshake.create());
    TestClient late = other.connect(TestHandshake.create());
    whileDeciding = other::close;
    late.send("late lobby");
    assertEquals(1012, closed.closeStatus().orElseThrow().code());
    assertEquals(1012, late.closeStatus().orElseThrow().code());
    assertEquals(List.of(), recorder.entries());
  }

  @Test
  void aConnectionThatComesAfterTheRestartHasBegunIsAskedToConnectAgain() {
    AcceptedAdmission admission =
        assertInstanceOf(AcceptedAdmission.class, chat.admit(TestHandshake.create()));
    chat.chat().drain();
    assertEquals(1012, chat.connect(admission).closeStatus().orElseThrow().code());
  }

  @Test
  void aConnectionOfAProtocolCannotWaitForAFirstMessage() {
    try (LogCapture log = new LogCapture()) {
      Admission admission = ProtocolGateway.of(chat.chat()).authenticate(TestHandshake.create());
      assertEquals(Rejection.FAILED, assertInstanceOf(Rejection.class, admission).code());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void theFirstMessageAdmitsInAClusterToo() {
    TestCluster cluster = TestChat.cluster(2, node -> builder());
    TestClient ann = cluster.node(0).connect(TestHandshake.create());
    TestClient bob = cluster.node(1).connect(TestHandshake.create());
    ann.send("ann lobby");
    bob.send("bob lobby");
    cluster.deliver();
    bob.send("hello");
    cluster.deliver();
    assertEquals(List.of("hello"), ann.received());
  }
}
