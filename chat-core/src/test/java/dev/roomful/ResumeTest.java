package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  private final List<Arrival> arrivals = new ArrayList<>();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(diary)
              .limits(Limits.defaults().grace(GRACE).outboxBytes(2048))
              .rooms(
                  RoomOptions.defaults()
                      .history(History.of(3))
                      .notices(new ComingsAndGoings())
                      .greeting(
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

  private Arrival latest() {
    return arrivals.get(arrivals.size() - 1);
  }

  private TestClient enter(String id) {
    TestClient client = chat.enter("hall", id);
    client.heard();
    return client;
  }

  private Entry resumption(String id, Arrival from) {
    return Entry.of(id, "hall")
        .resuming(from.secret().orElseThrow())
        .replay(Page.since(from.position()));
  }

  @Test
  void whoIsLostAndComesBackInTimeHasNotLeft() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    Participant before = participant("bob");
    before.attributes().put("colour", "red");
    ann.heard();
    bob.vanish();
    ann.say("one");
    ann.say("two");
    assertEquals(2, room("hall").size());
    assertTrue(room("hall").contains(before));
    assertEquals(0, before.connections());
    chat.advance(GRACE.minusSeconds(1));
    TestClient again = chat.enter(resumption("bob", bobs));
    assertEquals(List.of("hall again whole", "one", "two"), again.heard());
    assertEquals(List.of("one", "two"), ann.heard(), "no leave, no join");
    assertEquals("red", participant("bob").attributes().get("colour"));
    assertEquals(bobs.secret(), latest().secret());
    again.say("back");
    assertEquals(List.of("back"), ann.heard());
    chat.advance(GRACE.plusSeconds(1));
    assertEquals(2, room("hall").size());
    assertEquals(List.of("ann joined hall", "bob joined hall"), comings());
  }

  @Test
  void whoDoesNotComeBackLeavesOnceAndWithTheReasonItWasLostFor() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    ann.heard();
    bob.vanish();
    chat.advance(GRACE.minusSeconds(1));
    assertEquals(List.of(), ann.heard());
    chat.advance(Duration.ofSeconds(2));
    assertEquals(List.of("-bob"), ann.heard());
    assertEquals(
        List.of("ann joined hall", "bob joined hall", "bob left hall 1006"), diary.entries());
    chat.advance(GRACE);
    assertEquals(List.of(), ann.heard());
    assertEquals(1, chat.chat().participants());
  }

  @Test
  void whoSaysGoodbyeLeavesAtOnce() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    ann.heard();
    bob.hangUp();
    assertEquals(List.of("-bob"), ann.heard());
  }

  @Test
  void silenceAndSlownessAreNoGoodbye() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    ann.heard();
    bob.stopReading();
    room("hall").announce("stuck");
    chat.advance(Duration.ofSeconds(11));
    assertEquals(List.of("stuck"), ann.heard());
    assertEquals(Optional.of(CloseStatus.LOST), bob.closeStatus());
    TestClient again = chat.enter(resumption("bob", bobs));
    assertEquals(List.of("hall again whole", "stuck"), again.heard());
    again.stopAnsweringPings();
    for (int i = 0; i < 7; i++) {
      chat.advance(Duration.ofSeconds(10));
      ann.say("I am here");
    }
    ann.heard();
    assertEquals(Optional.of(CloseStatus.SILENT), again.closeStatus());
    assertEquals(2, room("hall").size());
  }

  @Test
  void theSecretIsInNoLog() {
    enter("bob");
    assertEquals("bob into room \"hall\" at " + latest().position(), latest().toString());
    Entry back = resumption("bob", latest());
    assertEquals("bob into hall", back.toString());
    chat.enter(back);
    assertEquals(
        "bob into room \"hall\" at " + latest().position() + ", resumed", latest().toString());
  }

  @Test
  void theIdAloneIsNotEnough() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    String secret = latest().secret().orElseThrow();
    participant("bob").attributes().put("colour", "red");
    ann.heard();
    bob.vanish();
    TestClient stranger = chat.enter(Entry.of("bob", "hall").resuming(secret + "x"));
    assertEquals(List.of("hall"), stranger.heard());
    assertEquals(List.of("-bob", "+bob"), ann.heard());
    assertFalse(participant("bob").attributes().containsKey("colour"));
    assertNotEquals(secret, latest().secret().orElseThrow());
    TestClient other = chat.enter(Entry.of("cem", "hall").resuming(secret));
    assertEquals(List.of("hall"), other.heard(), "nor the secret alone");
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
    Arrival bobs = latest();
    ann.heard();
    bob.stopReading(); // it does not even learn that it was closed
    TestClient again = chat.enter(resumption("bob", bobs));
    bob.say("late");
    assertEquals(List.of(), ann.heard());
    bob.vanish();
    again.say("here");
    assertEquals(List.of("here"), ann.heard());
    assertEquals(1, participant("bob").connections());
    assertEquals(List.of("ann joined hall", "bob joined hall"), comings());
  }

  @Test
  void whatItIsToldWhileItComesBackItIsToldOnce() {
    AtomicInteger greetings = new AtomicInteger();
    List<Arrival> came = new ArrayList<>();
    RoomOptions telling =
        RoomOptions.defaults()
            .greeting(
                arrival -> {
                  came.add(arrival);
                  arrival.participant().tell("letter " + greetings.incrementAndGet());
                  return Payload.text("hello");
                });
    try (TestChat other =
        TestChat.of(Chat.builder(diary).limits(Limits.defaults().grace(GRACE)).rooms(telling))) {
      other.enter("hall", "bob").heard();
      TestClient again = other.enter(resumption("bob", came.get(0)));
      assertEquals(List.of("hello", "letter 2"), again.heard(), "the old one was still there");
      again.vanish();
      TestClient third = other.enter(resumption("bob", came.get(0)));
      assertEquals(List.of("hello", "letter 3"), third.heard());
    }
  }

  @Test
  void theOldConnectionIsToldWhereItsClientWent() {
    TestClient bob = enter("bob");
    chat.enter(resumption("bob", latest()));
    assertEquals(Optional.of(CloseStatus.RESUMED), bob.closeStatus());
  }

  @Test
  void comingBackWorksASecondAndAThirdTime() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    ann.heard();
    for (int i = 1; i <= 3; i++) {
      bob.vanish();
      chat.advance(GRACE.minusSeconds(1));
      ann.say("while away " + i);
      bob = chat.enter(resumption("bob", bobs));
      bobs = latest();
      assertEquals(List.of("hall again whole", "while away " + i), bob.heard());
      assertEquals(List.of("while away " + i), ann.heard());
    }
    bob.vanish();
    chat.advance(GRACE.plusSeconds(1));
    assertEquals(List.of("-bob"), ann.heard());
  }

  @Test
  void itComesBackIntoAllItsRooms() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    Arrival hall = latest();
    assertEquals(Optional.empty(), participant("bob").join("attic"));
    Arrival attic = latest();
    participant("ann").join("attic");
    ann.heard();
    bob.vanish();
    room("attic").announce("in the attic");
    assertEquals(2, participant("bob").rooms().size());
    TestClient again =
        chat.enter(resumption("bob", hall).replay("attic", Page.since(attic.position())));
    assertEquals(List.of("hall again whole", "attic again whole", "in the attic"), again.heard());
    assertEquals(List.of("in the attic"), ann.heard());
    room("attic").announce("more");
    assertEquals(List.of("more"), again.heard());
    chat.advance(GRACE.plusSeconds(1));
    assertEquals(2, room("attic").size());
  }

  @Test
  void whatWasSaidToItAloneWaitsForIt() {
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    Participant who = participant("bob");
    bob.stopReading();
    assertTrue(who.tell("in flight when it was lost"));
    assertTrue(who.tell("queued"));
    bob.vanish();
    assertTrue(who.tell("said while away"));
    TestClient again = chat.enter(resumption("bob", bobs));
    assertEquals(List.of("hall again whole", "queued", "said while away"), again.heard());
    assertTrue(who.tell("live"));
    assertEquals(List.of("live"), again.heard());
  }

  @Test
  void moreThanIsKeptForItEndsItsAbsenceAndHoldsUpNobody() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    Participant who = participant("bob");
    ann.heard();
    bob.vanish();
    String letter = "x".repeat(900);
    assertTrue(who.tell(letter));
    assertTrue(who.tell(letter));
    assertFalse(who.tell(letter));
    assertEquals(List.of("-bob"), ann.heard());
    assertEquals("bob left hall 4002", diary.entries().get(2));
    assertFalse(who.tell("gone"));
    assertEquals(List.of("hall whole"), chat.enter(resumption("bob", bobs)).heard());
  }

  @Test
  void aHistoryThatDoesNotReachBackIsSaidSo() {
    enter("ann");
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    bob.vanish();
    for (int i = 0; i < 4; i++) {
      room("hall").announce("n" + i);
    }
    TestClient again = chat.enter(resumption("bob", bobs));
    assertEquals(List.of("hall again"), again.heard());
    assertEquals(room("hall").position(), latest().position());
  }

  @Test
  void aBanOrAKickWhileAwayEndsIt() {
    TestClient ann = enter("ann");
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    participant("bob").join("attic");
    ann.heard();
    bob.vanish();
    assertTrue(room("hall").ban("bob", Duration.ofHours(1), "spam"));
    assertEquals(List.of("-bob"), ann.heard());
    assertEquals(Optional.empty(), chat.chat().room("attic"), "its home was the hall");
    assertEquals(
        Optional.of(CloseStatus.BANNED.because("spam")),
        chat.enter(resumption("bob", bobs)).closeStatus());
    assertEquals(1, diary.entries().stream().filter("bob left hall 4005"::equals).count());
  }

  @Test
  void aRoomThatIsClosedWhileAwayIsNotComeBackTo() {
    TestClient bob = enter("bob");
    Arrival bobs = latest();
    participant("bob").join("attic");
    bob.vanish();
    room("attic").close("over");
    TestClient again = chat.enter(resumption("bob", bobs));
    assertEquals(List.of("hall again whole"), again.heard());
    assertEquals(Optional.empty(), chat.chat().room("attic"));
    again.vanish();
    room("hall").close("over");
    assertEquals(0, chat.chat().participants());
    assertEquals(List.of("hall"), chat.enter(resumption("bob", bobs)).heard());
  }

  @Test
  void oneOfTwoTabsIsKeptForItselfAlone() {
    TestClient ann = enter("ann");
    TestClient phone = enter("bob");
    Arrival phones = latest();
    TestClient laptop = enter("bob");
    ann.heard();
    phone.vanish();
    laptop.hangUp();
    assertEquals(List.of(), ann.heard(), "the phone may come back");
    TestClient again = chat.enter(resumption("bob", phones));
    again.hangUp();
    assertEquals(List.of("-bob"), ann.heard());
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
    List<Arrival> came = new ArrayList<>();
    RoomOptions options =
        RoomOptions.defaults()
            .policy(BroadcastPolicy.excludingOrigin())
            .greeting(
                arrival -> {
                  came.add(arrival);
                  return Payload.text("welcome");
                });
    try (TestChat other =
        TestChat.of(Chat.builder(slow).limits(Limits.defaults().grace(GRACE)).rooms(options))) {
      TestClient bob = other.enter("hall", "bob");
      bob.say("what time is it?");
      bob.vanish();
      assertTrue(asked.get(0).reply("wait"));
      TestClient again = other.enter(resumption("bob", came.get(0)));
      assertTrue(asked.get(0).reply("noon"));
      other.chat().room("hall").orElseThrow().broadcast(asked.get(0));
      assertEquals(List.of("welcome", "wait", "noon"), again.heard(), "it is still the origin");
    }
  }

  @Test
  void leavingDisconnectingAndJoiningWhileAwayAreAsIfItWereThere() {
    TestClient ann = enter("ann");
    Participant bob = lost();
    assertEquals("gone", bob.join("attic").orElseThrow().code());
    assertTrue(bob.leave("hall"));
    Participant cem = lost();
    cem.disconnect(CloseStatus.NORMAL);
    assertEquals(List.of("+bob", "-bob", "+bob", "-bob"), ann.heard());
    assertEquals(1, chat.chat().participants());
  }

  private Participant lost() {
    TestClient client = enter("bob");
    Participant who = participant("bob");
    client.vanish();
    return who;
  }

  @Test
  void whoIsRefusedOnReturnIsStillAway() {
    TestChat small =
        TestChat.of(
            Chat.builder(diary)
                .limits(Limits.defaults().grace(GRACE).connections(2))
                .rooms(
                    RoomOptions.defaults()
                        .greeting(
                            arrival -> {
                              arrivals.add(arrival);
                              return Payload.text(arrival.resumed() ? "again" : "new");
                            })));
    try (small) {
      TestClient bob = small.enter("hall", "bob");
      Arrival bobs = latest();
      bob.vanish();
      TestClient ann = small.enter("hall", "ann");
      TestClient cem = small.enter("hall", "cem");
      assertEquals(
          Optional.of(CloseStatus.FULL.because("chat-full")),
          small.enter(resumption("bob", bobs)).closeStatus());
      Participant who = small.chat().participant("bob").orElseThrow();
      assertTrue(who.tell("hold on"));
      cem.hangUp();
      assertEquals(List.of("again", "hold on"), small.enter(resumption("bob", bobs)).heard());
      assertEquals(List.of("new"), ann.heard());
    }
  }

  @Test
  void withoutAGraceTimeThereIsNoSecretAndTheLostHaveLeft() {
    List<Arrival> came = new ArrayList<>();
    RoomOptions options =
        RoomOptions.defaults()
            .greeting(
                arrival -> {
                  came.add(arrival);
                  return Payload.text("hello");
                });
    try (TestChat plain = TestChat.of(Chat.builder(diary).rooms(options))) {
      plain.enter("hall", "bob").vanish();
      assertEquals(Optional.empty(), came.get(0).secret());
      assertEquals(0, plain.chat().participants());
    }
  }

  @Test
  void aGraceTimeThatIsNegativeIsRefused() {
    assertEquals(
        "grace is PT-1S: it must be longer than zero",
        assertThrows(
                IllegalArgumentException.class,
                () -> Limits.defaults().grace(Duration.ofSeconds(-1)))
            .getMessage());
  }
}
