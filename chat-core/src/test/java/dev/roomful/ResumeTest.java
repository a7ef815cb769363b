package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lost client that resumes within its resume window. */
class ResumeTest {
  private static final Duration RESUME_WINDOW = Duration.ofSeconds(30);

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final List<JoinInfo> joinInfos = new ArrayList<>();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(recorder)
              .limits(Limits.defaults().withResumeWindow(RESUME_WINDOW).withOutboxBytes(2048))
              .rooms(
                  RoomOptions.defaults()
                      .withHistory(History.of(3))
                      .withNotices(new JoinLeaveNotices())
                      .withWelcome(
                          joinInfo -> {
                            joinInfos.add(joinInfo);
                            return Payload.text(
                                joinInfo.room().name()
                                    + (joinInfo.resumed() ? " again" : "")
                                    + (joinInfo.recovered() ? " whole" : ""));
                          })));

  @AfterEach
  void close() {
    chat.close();
    assertEquals(0, chat.chat().participants());
    assertEquals(0, chat.chat().connections());
  }

  private Room room(String name) {
    return chat.chat().room(name).orElseThrow();
  }

  private Participant participant(String id) {
    return chat.chat().participant(id).orElseThrow();
  }

  private List<String> joinsAndLeaves() {
    return recorder.entries().stream().filter(entry -> !entry.contains(" published ")).toList();
  }

  private JoinInfo latestJoin() {
    return joinInfos.get(joinInfos.size() - 1);
  }

  private TestClient connect(String id) {
    TestClient client = chat.connect("hall", id);
    client.received();
    return client;
  }

  private AcceptedAdmission resumeAdmission(String id, JoinInfo previousJoin) {
    return AcceptedAdmission.of(id, "hall")
        .withResumeSecret(previousJoin.resumeSecret().orElseThrow())
        .withReplay(HistoryRange.since(previousJoin.position()));
  }

  @Test
  void resumingInTimeCausesNoLeave() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    Participant before = participant("bob");
    before.update("colour", "red");
    ann.received();
    bob.abort();
    ann.send("one");
    ann.send("two");
    assertEquals(2, room("hall").size());
    assertTrue(room("hall").contains(before));
    assertEquals(0, before.connections());
    chat.advance(RESUME_WINDOW.minusSeconds(1));
    TestClient again = chat.connect(resumeAdmission("bob", bobsJoin));
    assertEquals(List.of("hall again whole", "one", "two"), again.received());
    assertEquals(List.of("one", "two"), ann.received(), "no leave, no join");
    assertEquals("red", participant("bob").attributes().get("colour"));
    assertEquals(bobsJoin.resumeSecret(), latestJoin().resumeSecret());
    again.send("back");
    assertEquals(List.of("back"), ann.received());
    chat.advance(RESUME_WINDOW.plusSeconds(1));
    assertEquals(2, room("hall").size());
    assertEquals(List.of("ann joined hall", "bob joined hall"), joinsAndLeaves());
  }

  @Test
  void withoutResumeTheParticipantLeavesOnceWithTheStatusOfTheLoss() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    ann.received();
    bob.abort();
    chat.advance(RESUME_WINDOW.minusSeconds(1));
    assertEquals(List.of(), ann.received());
    chat.advance(Duration.ofSeconds(2));
    assertEquals(List.of("-bob"), ann.received());
    assertEquals(
        List.of("ann joined hall", "bob joined hall", "bob left hall 1006"), recorder.entries());
    chat.advance(RESUME_WINDOW);
    assertEquals(List.of(), ann.received());
    assertEquals(1, chat.chat().participants());
  }

  @Test
  void aCleanCloseLeavesAtOnce() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    ann.received();
    bob.close();
    assertEquals(List.of("-bob"), ann.received());
  }

  @Test
  void idleTimeoutAndSlowReadingAreResumable() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    ann.received();
    bob.stopReading();
    room("hall").announce("stuck");
    chat.advance(Duration.ofSeconds(11));
    assertEquals(List.of("stuck"), ann.received());
    assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
    TestClient again = chat.connect(resumeAdmission("bob", bobsJoin));
    assertEquals(List.of("hall again whole", "stuck"), again.received());
    again.stopAnsweringPings();
    for (int i = 0; i < 7; i++) {
      chat.advance(Duration.ofSeconds(10));
      ann.send("I am here");
    }
    ann.received();
    assertEquals(Optional.of(CloseStatus.IDLE_TIMEOUT), again.closeStatus());
    assertEquals(2, room("hall").size());
  }

  @Test
  void theResumeSecretIsInNoStringRepresentation() {
    connect("bob");
    assertEquals("bob into room \"hall\" at " + latestJoin().position(), latestJoin().toString());
    AcceptedAdmission resumeAdmission = resumeAdmission("bob", latestJoin());
    assertEquals("bob into hall", resumeAdmission.toString());
    chat.connect(resumeAdmission);
    assertEquals(
        "bob into room \"hall\" at " + latestJoin().position() + ", resumed",
        latestJoin().toString());
  }

  @Test
  void resumingWithAWrongSecretIsANewJoin() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    String secret = latestJoin().resumeSecret().orElseThrow();
    participant("bob").update("colour", "red");
    ann.received();
    bob.abort();
    TestClient impostor =
        chat.connect(AcceptedAdmission.of("bob", "hall").withResumeSecret(secret + "x"));
    assertEquals(List.of("hall"), impostor.received());
    assertEquals(List.of("-bob", "+bob"), ann.received());
    assertFalse(participant("bob").attributes().containsKey("colour"));
    assertNotEquals(secret, latestJoin().resumeSecret().orElseThrow());
    TestClient other = chat.connect(AcceptedAdmission.of("cem", "hall").withResumeSecret(secret));
    assertEquals(List.of("hall"), other.received(), "a secret of another participant");
    assertEquals(
        List.of(
            "ann joined hall",
            "bob joined hall",
            "bob left hall 1006",
            "bob joined hall",
            "cem joined hall"),
        recorder.entries());
  }

  @Test
  void resumingFencesAnOldConnectionThatIsNotYetLost() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    ann.received();
    bob.stopReading(); // the close frame does not reach it
    TestClient again = chat.connect(resumeAdmission("bob", bobsJoin));
    bob.send("late");
    assertEquals(List.of(), ann.received());
    bob.abort();
    again.send("here");
    assertEquals(List.of("here"), ann.received());
    assertEquals(1, participant("bob").connections());
    assertEquals(List.of("ann joined hall", "bob joined hall"), joinsAndLeaves());
  }

  @Test
  void aDirectMessageSentDuringResumeArrivesOnce() {
    AtomicInteger welcomeCount = new AtomicInteger();
    List<JoinInfo> joins = new ArrayList<>();
    RoomOptions withNotices =
        RoomOptions.defaults()
            .withWelcome(
                joinInfo -> {
                  joins.add(joinInfo);
                  joinInfo.participant().send("direct " + welcomeCount.incrementAndGet());
                  return Payload.text("hello");
                });
    try (TestChat other =
        TestChat.of(
            Chat.builder(recorder)
                .limits(Limits.defaults().withResumeWindow(RESUME_WINDOW))
                .rooms(withNotices))) {
      other.connect("hall", "bob").received();
      TestClient again = other.connect(resumeAdmission("bob", joins.get(0)));
      assertEquals(
          List.of("hello", "direct 2"),
          again.received(),
          "the old connection received the first one");
      again.abort();
      TestClient third = other.connect(resumeAdmission("bob", joins.get(0)));
      assertEquals(List.of("hello", "direct 3"), third.received());
    }
  }

  @Test
  void theOldConnectionIsClosedAsResumed() {
    TestClient bob = connect("bob");
    chat.connect(resumeAdmission("bob", latestJoin()));
    assertEquals(Optional.of(CloseStatus.RESUMED), bob.closeStatus());
  }

  @Test
  void resumingWorksRepeatedly() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    ann.received();
    for (int i = 1; i <= 3; i++) {
      bob.abort();
      chat.advance(RESUME_WINDOW.minusSeconds(1));
      ann.send("while away " + i);
      bob = chat.connect(resumeAdmission("bob", bobsJoin));
      bobsJoin = latestJoin();
      assertEquals(List.of("hall again whole", "while away " + i), bob.received());
      assertEquals(List.of("while away " + i), ann.received());
    }
    bob.abort();
    chat.advance(RESUME_WINDOW.plusSeconds(1));
    assertEquals(List.of("-bob"), ann.received());
  }

  @Test
  void resumingRestoresAllRooms() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo hallJoin = latestJoin();
    assertEquals(Outcome.done(), participant("bob").join("attic"));
    JoinInfo atticJoin = latestJoin();
    participant("ann").join("attic");
    ann.received();
    bob.abort();
    room("attic").announce("in the attic");
    assertEquals(2, participant("bob").rooms().size());
    TestClient again =
        chat.connect(
            resumeAdmission("bob", hallJoin)
                .withReplay("attic", HistoryRange.since(atticJoin.position())));
    assertEquals(
        List.of("hall again whole", "attic again whole", "in the attic"), again.received());
    assertEquals(List.of("in the attic"), ann.received());
    room("attic").announce("more");
    assertEquals(List.of("more"), again.received());
    chat.advance(RESUME_WINDOW.plusSeconds(1));
    assertEquals(2, room("attic").size());
  }

  @Test
  void directMessagesAreQueuedUntilResume() {
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    Participant participant = participant("bob");
    bob.stopReading();
    assertTrue(participant.send("in flight when it was lost").isDone());
    assertTrue(participant.send("queued").isDone());
    bob.abort();
    assertTrue(participant.send("sent while suspended").isDone());
    TestClient again = chat.connect(resumeAdmission("bob", bobsJoin));
    assertEquals(List.of("hall again whole", "queued", "sent while suspended"), again.received());
    assertTrue(participant.send("live").isDone());
    assertEquals(List.of("live"), again.received());
  }

  @Test
  void aFullMailboxEndsTheSuspension() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    Participant participant = participant("bob");
    ann.received();
    bob.abort();
    String text = "x".repeat(900);
    assertTrue(participant.send(text).isDone());
    assertTrue(participant.send(text).isDone());
    assertFalse(participant.send(text).isDone());
    assertEquals(List.of("-bob"), ann.received());
    assertEquals("bob left hall 4002", recorder.entries().get(2));
    assertFalse(participant.send("late").isDone());
    assertEquals(List.of("hall whole"), chat.connect(resumeAdmission("bob", bobsJoin)).received());
  }

  @Test
  void aGapInTheHistoryIsReported() {
    connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    bob.abort();
    for (int i = 0; i < 4; i++) {
      room("hall").announce("n" + i);
    }
    TestClient again = chat.connect(resumeAdmission("bob", bobsJoin));
    assertEquals(List.of("hall again"), again.received());
    assertEquals(room("hall").position(), latestJoin().position());
  }

  @Test
  void aBanOrAKickWhileSuspendedEndsTheSuspension() {
    TestClient ann = connect("ann");
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    participant("bob").join("attic");
    ann.received();
    bob.abort();
    assertTrue(room("hall").ban("bob", Duration.ofHours(1), "spam").isDone());
    assertEquals(List.of("-bob"), ann.received());
    assertEquals(Optional.empty(), chat.chat().room("attic"), "the hall was its primary room");
    assertEquals(
        Optional.of(CloseStatus.BANNED.withReason("spam")),
        chat.connect(resumeAdmission("bob", bobsJoin)).closeStatus());
    assertEquals(1, recorder.entries().stream().filter("bob left hall 4005"::equals).count());
  }

  @Test
  void aRoomClosedWhileSuspendedIsNotRestored() {
    TestClient bob = connect("bob");
    JoinInfo bobsJoin = latestJoin();
    participant("bob").join("attic");
    bob.abort();
    room("attic").close("over");
    TestClient again = chat.connect(resumeAdmission("bob", bobsJoin));
    assertEquals(List.of("hall again whole"), again.received());
    assertEquals(Optional.empty(), chat.chat().room("attic"));
    again.abort();
    room("hall").close("over");
    assertEquals(0, chat.chat().participants());
    assertEquals(List.of("hall"), chat.connect(resumeAdmission("bob", bobsJoin)).received());
  }

  @Test
  void oneOfTwoConnectionsIsSuspendedIndependently() {
    TestClient ann = connect("ann");
    TestClient phone = connect("bob");
    JoinInfo phonesJoin = latestJoin();
    TestClient laptop = connect("bob");
    ann.received();
    phone.abort();
    laptop.close();
    assertEquals(List.of(), ann.received(), "the phone may resume");
    TestClient again = chat.connect(resumeAdmission("bob", phonesJoin));
    again.close();
    assertEquals(List.of("-bob"), ann.received());
  }

  @Test
  void aReplyToALostConnectionReachesItsSuccessor() {
    List<Message> asked = new ArrayList<>();
    RoomHandler slow =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            asked.add(message);
          }
        };
    List<JoinInfo> joins = new ArrayList<>();
    RoomOptions options =
        RoomOptions.defaults()
            .withPolicy(BroadcastPolicy.excludingOrigin())
            .withWelcome(
                joinInfo -> {
                  joins.add(joinInfo);
                  return Payload.text("welcome");
                });
    try (TestChat other =
        TestChat.of(
            Chat.builder(slow)
                .limits(Limits.defaults().withResumeWindow(RESUME_WINDOW))
                .rooms(options))) {
      TestClient bob = other.connect("hall", "bob");
      bob.send("what time is it?");
      bob.abort();
      assertTrue(asked.get(0).reply("wait").isDone());
      TestClient again = other.connect(resumeAdmission("bob", joins.get(0)));
      assertTrue(asked.get(0).reply("noon").isDone());
      other.chat().room("hall").orElseThrow().publish(asked.get(0));
      assertEquals(
          List.of("welcome", "wait", "noon"),
          again.received(),
          "the resumed connection is the origin");
    }
  }

  @Test
  void leaveAndDisconnectWorkWhileSuspendedAndJoinIsRejected() {
    TestClient ann = connect("ann");
    Participant bob = lostParticipant();
    assertEquals("gone", bob.join("attic").rejection().orElseThrow().code());
    assertTrue(bob.leave("hall").isDone());
    Participant cem = lostParticipant();
    cem.disconnect(CloseStatus.NORMAL);
    assertEquals(List.of("+bob", "-bob", "+bob", "-bob"), ann.received());
    assertEquals(1, chat.chat().participants());
  }

  private Participant lostParticipant() {
    TestClient client = connect("bob");
    Participant participant = participant("bob");
    client.abort();
    return participant;
  }

  @Test
  void aRejectedResumeKeepsTheSuspension() {
    TestChat small =
        TestChat.of(
            Chat.builder(recorder)
                .limits(Limits.defaults().withResumeWindow(RESUME_WINDOW).withConnections(2))
                .rooms(
                    RoomOptions.defaults()
                        .withWelcome(
                            joinInfo -> {
                              joinInfos.add(joinInfo);
                              return Payload.text(joinInfo.resumed() ? "again" : "new");
                            })));
    try (small) {
      TestClient bob = small.connect("hall", "bob");
      JoinInfo bobsJoin = latestJoin();
      bob.abort();
      TestClient ann = small.connect("hall", "ann");
      TestClient cem = small.connect("hall", "cem");
      assertEquals(
          Optional.of(CloseStatus.FULL.withReason("chat-full")),
          small.connect(resumeAdmission("bob", bobsJoin)).closeStatus());
      Participant participant = small.chat().participant("bob").orElseThrow();
      assertTrue(participant.send("hold on").isDone());
      cem.close();
      assertEquals(
          List.of("again", "hold on"), small.connect(resumeAdmission("bob", bobsJoin)).received());
      assertEquals(List.of("new"), ann.received());
    }
  }

  @Test
  void withoutAResumeWindowThereIsNoSecretAndALossLeavesAtOnce() {
    List<JoinInfo> joins = new ArrayList<>();
    RoomOptions options =
        RoomOptions.defaults()
            .withWelcome(
                joinInfo -> {
                  joins.add(joinInfo);
                  return Payload.text("hello");
                });
    try (TestChat plain = TestChat.of(Chat.builder(recorder).rooms(options))) {
      plain.connect("hall", "bob").abort();
      assertEquals(Optional.empty(), joins.get(0).resumeSecret());
      assertEquals(0, plain.chat().participants());
    }
  }

  @Test
  void aNegativeResumeWindowIsRejected() {
    assertEquals(
        "resumeWindow is PT-1S: it must be longer than zero",
        assertThrows(
                IllegalArgumentException.class,
                () -> Limits.defaults().withResumeWindow(Duration.ofSeconds(-1)))
            .getMessage());
  }
}
