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

/** A client that was lost, and comes back within its grace time. */
class ResumeTest {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Diary diary = new Diary();
  private final List<JoinInfo> arrivals = new ArrayList<>();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(diary)
              .limits(
                  Limits.defaults()
                      .withResumeWindow(GRACE)
                      .withOutboxBytes(2048)
                      .withMessageBytes(1000))
              .rooms(
                  RoomOptions.defaults()
                      .withHistory(History.of(3))
                      .withNotices(new ComingsAndGoings())
                      .withWelcome(
                          arrival -> {
                            arrivals.add(arrival);
                            return Payload.text(
                                arrival.room().name()
                                    + (arrival.resumed() ? " again" : "")
                                    + (arrival.recovered() ? " whole" : ""));
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

  private List<String> comings() {
    return diary.entries().stream().filter(entry -> !entry.contains(" said ")).toList();
  }

  private JoinInfo latest() {
    return arrivals.get(arrivals.size() - 1);
  }

  private TestClient enter(String id) {
    TestClient client = chat.connect("hall", id);
    client.received();
    return client;
  }

  private AcceptedAdmission resumption(String id, JoinInfo from) {
    return AcceptedAdmission.of(id, "hall")
        .withResumeSecret(from.resumeSecret().orElseThrow())
        .withReplay(HistoryRange.since(from.position()));
  }

  @Test
  void whoIsLostAndComesBackInTimeHasNotLeft() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    Participant before = participant("bob");
    before.update("colour", "red");
    ann.received();
    bob.abort();
    ann.send("one");
    ann.send("two");
    assertEquals(2, room("hall").size());
    assertTrue(room("hall").contains(before));
    assertEquals(0, before.connections());
    chat.advance(GRACE.minusSeconds(1));
    TestClient again = chat.connect(resumption("bob", bobs));
    assertEquals(List.of("hall again whole", "one", "two"), again.received());
    assertEquals(List.of("one", "two"), ann.received(), "no leave, no join");
    assertEquals("red", participant("bob").attributes().get("colour"));
    assertEquals(bobs.resumeSecret(), latest().resumeSecret());
    again.send("back");
    assertEquals(List.of("back"), ann.received());
    chat.advance(GRACE.plusSeconds(1));
    assertEquals(2, room("hall").size());
    assertEquals(List.of("ann joined hall", "bob joined hall"), comings());
  }

  @Test
  void whoDoesNotComeBackLeavesOnceAndWithTheReasonItWasLostFor() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    ann.received();
    bob.abort();
    chat.advance(GRACE.minusSeconds(1));
    assertEquals(List.of(), ann.received());
    chat.advance(Duration.ofSeconds(2));
    assertEquals(List.of("-bob"), ann.received());
    assertEquals(
        List.of("ann joined hall", "bob joined hall", "bob left hall 1006"), diary.entries());
    chat.advance(GRACE);
    assertEquals(List.of(), ann.received());
    assertEquals(1, chat.chat().participants());
  }

  @Test
  void whoSaysGoodbyeLeavesAtOnce() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    ann.received();
    bob.close();
    assertEquals(List.of("-bob"), ann.received());
  }

  @Test
  void silenceAndSlownessAreNoGoodbye() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    ann.received();
    bob.stopReading();
    room("hall").announce("stuck");
    chat.advance(Duration.ofSeconds(11));
    assertEquals(List.of("stuck"), ann.received());
    assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
    TestClient again = chat.connect(resumption("bob", bobs));
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
  void theSecretIsInNoLog() {
    enter("bob");
    assertEquals("bob into room \"hall\" at " + latest().position(), latest().toString());
    AcceptedAdmission back = resumption("bob", latest());
    assertEquals("bob into hall", back.toString());
    chat.connect(back);
    assertEquals(
        "bob into room \"hall\" at " + latest().position() + ", resumed", latest().toString());
  }

  @Test
  void theIdAloneIsNotEnough() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    String secret = latest().resumeSecret().orElseThrow();
    participant("bob").update("colour", "red");
    ann.received();
    bob.abort();
    TestClient stranger =
        chat.connect(AcceptedAdmission.of("bob", "hall").withResumeSecret(secret + "x"));
    assertEquals(List.of("hall"), stranger.received());
    assertEquals(List.of("-bob", "+bob"), ann.received());
    assertFalse(participant("bob").attributes().containsKey("colour"));
    assertNotEquals(secret, latest().resumeSecret().orElseThrow());
    TestClient other = chat.connect(AcceptedAdmission.of("cem", "hall").withResumeSecret(secret));
    assertEquals(List.of("hall"), other.received(), "nor the secret alone");
    assertEquals(
        List.of(
            "ann joined hall",
            "bob joined hall",
            "bob left hall 1006",
            "bob joined hall",
            "cem joined hall"),
        diary.entries());
  }

  @Test
  void theNewConnectionFencesTheOldOneThatWasNotFoundLostYet() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    ann.received();
    bob.stopReading(); // it does not even learn that it was closed
    TestClient again = chat.connect(resumption("bob", bobs));
    bob.send("late");
    assertEquals(List.of(), ann.received());
    bob.abort();
    again.send("here");
    assertEquals(List.of("here"), ann.received());
    assertEquals(1, participant("bob").connections());
    assertEquals(List.of("ann joined hall", "bob joined hall"), comings());
  }

  @Test
  void whatItIsToldWhileItComesBackItIsToldOnce() {
    AtomicInteger greetings = new AtomicInteger();
    List<JoinInfo> came = new ArrayList<>();
    RoomOptions telling =
        RoomOptions.defaults()
            .withWelcome(
                arrival -> {
                  came.add(arrival);
                  arrival.participant().send("letter " + greetings.incrementAndGet());
                  return Payload.text("hello");
                });
    try (TestChat other =
        TestChat.of(
            Chat.builder(diary).limits(Limits.defaults().withResumeWindow(GRACE)).rooms(telling))) {
      other.connect("hall", "bob").received();
      TestClient again = other.connect(resumption("bob", came.get(0)));
      assertEquals(List.of("hello", "letter 2"), again.received(), "the old one was still there");
      again.abort();
      TestClient third = other.connect(resumption("bob", came.get(0)));
      assertEquals(List.of("hello", "letter 3"), third.received());
    }
  }

  @Test
  void theOldConnectionIsToldWhereItsClientWent() {
    TestClient bob = enter("bob");
    chat.connect(resumption("bob", latest()));
    assertEquals(Optional.of(CloseStatus.RESUMED), bob.closeStatus());
  }

  @Test
  void comingBackWorksASecondAndAThirdTime() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    ann.received();
    for (int i = 1; i <= 3; i++) {
      bob.abort();
      chat.advance(GRACE.minusSeconds(1));
      ann.send("while away " + i);
      bob = chat.connect(resumption("bob", bobs));
      bobs = latest();
      assertEquals(List.of("hall again whole", "while away " + i), bob.received());
      assertEquals(List.of("while away " + i), ann.received());
    }
    bob.abort();
    chat.advance(GRACE.plusSeconds(1));
    assertEquals(List.of("-bob"), ann.received());
  }

  @Test
  void itComesBackIntoAllItsRooms() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo hall = latest();
    assertEquals(Outcome.done(), participant("bob").join("attic"));
    JoinInfo attic = latest();
    participant("ann").join("attic");
    ann.received();
    bob.abort();
    room("attic").announce("in the attic");
    assertEquals(2, participant("bob").rooms().size());
    TestClient again =
        chat.connect(
            resumption("bob", hall).withReplay("attic", HistoryRange.since(attic.position())));
    assertEquals(
        List.of("hall again whole", "attic again whole", "in the attic"), again.received());
    assertEquals(List.of("in the attic"), ann.received());
    room("attic").announce("more");
    assertEquals(List.of("more"), again.received());
    chat.advance(GRACE.plusSeconds(1));
    assertEquals(2, room("attic").size());
  }

  @Test
  void whatWasSaidToItAloneWaitsForIt() {
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    Participant who = participant("bob");
    bob.stopReading();
    assertTrue(who.send("in flight when it was lost").isDone());
    assertTrue(who.send("queued").isDone());
    bob.abort();
    assertTrue(who.send("said while away").isDone());
    TestClient again = chat.connect(resumption("bob", bobs));
    assertEquals(List.of("hall again whole", "queued", "said while away"), again.received());
    assertTrue(who.send("live").isDone());
    assertEquals(List.of("live"), again.received());
  }

  @Test
  void moreThanIsKeptForItEndsItsAbsenceAndHoldsUpNobody() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    Participant who = participant("bob");
    ann.received();
    bob.abort();
    String letter = "x".repeat(900);
    assertTrue(who.send(letter).isDone());
    assertTrue(who.send(letter).isDone());
    assertFalse(who.send(letter).isDone());
    assertEquals(List.of("-bob"), ann.received());
    assertEquals("bob left hall 4002", diary.entries().get(2));
    assertFalse(who.send("gone").isDone());
    assertEquals(List.of("hall whole"), chat.connect(resumption("bob", bobs)).received());
  }

  @Test
  void aHistoryThatDoesNotReachBackIsSaidSo() {
    enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    bob.abort();
    for (int i = 0; i < 4; i++) {
      room("hall").announce("n" + i);
    }
    TestClient again = chat.connect(resumption("bob", bobs));
    assertEquals(List.of("hall again"), again.received());
    assertEquals(room("hall").position(), latest().position());
  }

  @Test
  void aBanOrAKickWhileAwayEndsIt() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    participant("bob").join("attic");
    ann.received();
    bob.abort();
    assertTrue(room("hall").ban("bob", Duration.ofHours(1), "spam").isDone());
    assertEquals(List.of("-bob"), ann.received());
    assertEquals(Optional.empty(), chat.chat().room("attic"), "its home was the hall");
    assertEquals(
        Optional.of(CloseStatus.BANNED.withReason("spam")),
        chat.connect(resumption("bob", bobs)).closeStatus());
    assertEquals(1, diary.entries().stream().filter("bob left hall 4005"::equals).count());
  }

  @Test
  void aRoomThatIsClosedWhileAwayIsNotComeBackTo() {
    TestClient bob = enter("bob");
    JoinInfo bobs = latest();
    participant("bob").join("attic");
    bob.abort();
    room("attic").close("over");
    TestClient again = chat.connect(resumption("bob", bobs));
    assertEquals(List.of("hall again whole"), again.received());
    assertEquals(Optional.empty(), chat.chat().room("attic"));
    again.abort();
    room("hall").close("over");
    assertEquals(0, chat.chat().participants());
    assertEquals(List.of("hall"), chat.connect(resumption("bob", bobs)).received());
  }

  @Test
  void oneOfTwoTabsIsKeptForItselfAlone() {
    TestClient ann = enter("ann");
    TestClient phone = enter("bob");
    JoinInfo phones = latest();
    TestClient laptop = enter("bob");
    ann.received();
    phone.abort();
    laptop.close();
    assertEquals(List.of(), ann.received(), "the phone may come back");
    TestClient again = chat.connect(resumption("bob", phones));
    again.close();
    assertEquals(List.of("-bob"), ann.received());
  }

  @Test
  void aReplyToALostConnectionReachesTheOneThatFollowedIt() {
    List<Message> asked = new ArrayList<>();
    RoomHandler slow =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            asked.add(message);
          }
        };
    List<JoinInfo> came = new ArrayList<>();
    RoomOptions options =
        RoomOptions.defaults()
            .withPolicy(BroadcastPolicy.excludingOrigin())
            .withWelcome(
                arrival -> {
                  came.add(arrival);
                  return Payload.text("welcome");
                });
    try (TestChat other =
        TestChat.of(
            Chat.builder(slow).limits(Limits.defaults().withResumeWindow(GRACE)).rooms(options))) {
      TestClient bob = other.connect("hall", "bob");
      bob.send("what time is it?");
      bob.abort();
      assertTrue(asked.get(0).reply("wait").isDone());
      TestClient again = other.connect(resumption("bob", came.get(0)));
      assertTrue(asked.get(0).reply("noon").isDone());
      other.chat().room("hall").orElseThrow().publish(asked.get(0));
      assertEquals(List.of("welcome", "wait", "noon"), again.received(), "it is still the origin");
    }
  }

  @Test
  void leavingDisconnectingAndJoiningWhileAwayAreAsIfItWereThere() {
    TestClient ann = enter("ann");
    Participant bob = lost();
    assertEquals("gone", bob.join("attic").rejection().orElseThrow().code());
    assertTrue(bob.leave("hall").isDone());
    Participant cem = lost();
    cem.disconnect(CloseStatus.NORMAL);
    assertEquals(List.of("+bob", "-bob", "+bob", "-bob"), ann.received());
    assertEquals(1, chat.chat().participants());
  }

  private Participant lost() {
    TestClient client = enter("bob");
    Participant who = participant("bob");
    client.abort();
    return who;
  }

  @Test
  void whoIsRefusedOnReturnIsStillAway() {
    TestChat small =
        TestChat.of(
            Chat.builder(diary)
                .limits(Limits.defaults().withResumeWindow(GRACE).withConnections(2))
                .rooms(
                    RoomOptions.defaults()
                        .withWelcome(
                            arrival -> {
                              arrivals.add(arrival);
                              return Payload.text(arrival.resumed() ? "again" : "new");
                            })));
    try (small) {
      TestClient bob = small.connect("hall", "bob");
      JoinInfo bobs = latest();
      bob.abort();
      TestClient ann = small.connect("hall", "ann");
      TestClient cem = small.connect("hall", "cem");
      assertEquals(
          Optional.of(CloseStatus.FULL.withReason("chat-full")),
          small.connect(resumption("bob", bobs)).closeStatus());
      Participant who = small.chat().participant("bob").orElseThrow();
      assertTrue(who.send("hold on").isDone());
      cem.close();
      assertEquals(List.of("again", "hold on"), small.connect(resumption("bob", bobs)).received());
      assertEquals(List.of("new"), ann.received());
    }
  }

  @Test
  void withoutAGraceTimeThereIsNoSecretAndTheLostHaveLeft() {
    List<JoinInfo> came = new ArrayList<>();
    RoomOptions options =
        RoomOptions.defaults()
            .withWelcome(
                arrival -> {
                  came.add(arrival);
                  return Payload.text("hello");
                });
    try (TestChat plain = TestChat.of(Chat.builder(diary).rooms(options))) {
      plain.connect("hall", "bob").abort();
      assertEquals(Optional.empty(), came.get(0).resumeSecret());
      assertEquals(0, plain.chat().participants());
    }
  }

  @Test
  void aGraceTimeThatIsNegativeIsRefused() {
    assertEquals(
        "resumeWindow is PT-1S: it must be longer than zero",
        assertThrows(
                IllegalArgumentException.class,
                () -> Limits.defaults().withResumeWindow(Duration.ofSeconds(-1)))
            .getMessage());
  }
}
