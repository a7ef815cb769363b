package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Roles, kicks, bans, and silence. */
class InChargeTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Diary diary = new Diary();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(diary)
              .doorman(handshake -> Entry.of("bob", "lobby"))
              .room("lobby", RoomOptions.defaults().permanent().history(History.of(10))));

  @AfterEach
  void close() {
    chat.close();
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  private TestClient enter(String id, Role role) {
    return chat.enter(Entry.of(id, "lobby").as(role));
  }

  private Authority by(String id) {
    return lobby().by(chat.chat().participant(id).orElseThrow());
  }

  private static String code(Optional<Refusal> refusal) {
    return refusal.map(Refusal::code).orElse("done");
  }

  @Test
  void aVisitorListensAndIsToldWhenItSpeaks() {
    TestClient ann = enter("ann", Role.MEMBER);
    TestClient vic = enter("vic", Role.VISITOR);
    vic.say("may I?");
    ann.say("hello");
    assertEquals(List.of("hello"), ann.heard());
    assertEquals(List.of("a visitor may not speak", "hello"), vic.heard());
    assertTrue(lobby().appoint("vic", Role.MEMBER));
    vic.say("thanks");
    assertEquals(List.of("thanks"), ann.heard());
  }

  @Test
  void whoIsMutedIsNotHeardUntilTheTimeIsOverOrItIsLifted() {
    TestClient ann = enter("ann", Role.MEMBER);
    TestClient bob = enter("bob", Role.MEMBER);
    lobby().mute("bob", HOUR, "calm down");
    bob.say("one");
    bob.vanish();
    TestClient again = enter("bob", Role.MEMBER);
    again.say("two");
    assertEquals(List.of("calm down"), again.heard(), "by identity, not by connection");
    chat.advance(HOUR);
    again.say("three");
    lobby().mute("bob", HOUR, "calm down");
    assertTrue(lobby().unmute("bob"));
    assertFalse(lobby().unmute("bob"));
    again.say("four");
    assertEquals(List.of("three", "four"), ann.heard());
  }

  @Test
  void theHandlerIsToldWhatWasRefusedAndWhy() {
    List<String> refused = new ArrayList<>();
    RoomHandler telling =
        new RoomHandler() {
          @Override
          public void onRefused(Room room, Message message, Refusal refusal) {
            refused.add(message.text() + " " + refusal.code());
          }
        };
    try (TestChat other = TestChat.of(telling)) {
      TestClient bob = other.enter("lobby", "bob");
      other.chat().room("lobby").orElseThrow().mute("bob", HOUR, "no");
      bob.say("hello");
      assertEquals(List.of("hello muted"), refused);
      assertEquals(List.of(), bob.heard());
    }
  }

  @Test
  void whoIsBannedIsThrownOutWithTheReasonAndKeptOut() {
    enter("ann", Role.MEMBER);
    TestClient bob = enter("bob", Role.MEMBER);
    TestClient tab = enter("bob", Role.MEMBER);
    assertTrue(lobby().ban("bob", HOUR, "spam"));
    assertEquals(Optional.of(CloseStatus.BANNED.because("spam")), bob.closeStatus());
    assertEquals(Optional.of(CloseStatus.BANNED.because("spam")), tab.closeStatus());
    assertTrue(diary.entries().contains("bob left lobby 4005"));
    assertEquals(new Refusal(403, "banned", "spam", HOUR), chat.ask(TestHandshake.create()));
    assertEquals(
        Optional.of(CloseStatus.BANNED.because("spam")), enter("bob", Role.MEMBER).closeStatus());
    chat.enter("hall", "bob");
    Participant elsewhere = chat.chat().participant("bob").orElseThrow();
    assertEquals("banned", code(elsewhere.join("lobby")));
    chat.advance(HOUR);
    assertEquals("done", code(elsewhere.join("lobby")));
  }

  @Test
  void aBanHoldsForARoomThatIsForgottenMeanwhileAndCanBeLifted() {
    chat.enter("attic", "bob");
    Room attic = chat.chat().room("attic").orElseThrow();
    assertTrue(attic.ban("bob", HOUR, "spam"));
    assertEquals(Optional.empty(), chat.chat().room("attic"));
    assertTrue(chat.enter("attic", "bob").closeStatus().isPresent());
    assertEquals(Optional.empty(), chat.chat().room("attic"), "a refusal leaves no trace");
    assertTrue(attic.unban("bob"));
    assertEquals(Optional.empty(), chat.enter("attic", "bob").closeStatus());
  }

  @Test
  void nobodyActsOnItselfOrOnARoleThatIsNotBelowItsOwn() {
    enter("ann", Role.OWNER);
    enter("mia", Role.MODERATOR);
    enter("mo", Role.MODERATOR);
    TestClient bob = enter("bob", Role.MEMBER);
    assertEquals("outranked", code(by("mia").kick("ann", "")));
    assertEquals("outranked", code(by("mia").ban("mo", HOUR, "")));
    assertEquals("oneself", code(by("mia").mute("mia", HOUR, "")));
    assertEquals("not-allowed", code(by("bob").kick("mia", "")));
    assertEquals("nobody", code(by("mia").kick("cem", "")));
    Participant left = chat.chat().participant("mo").orElseThrow();
    left.leave("lobby");
    assertEquals("not-a-member", code(lobby().by(left).kick("bob", "")));
    assertEquals(4, 1 + lobby().size());
    assertEquals("done", code(by("mia").kick("bob", "enough")));
    assertEquals(Optional.of(CloseStatus.KICKED.because("enough")), bob.closeStatus());
    assertEquals("done", code(by("ann").mute("mia", HOUR, "hush")));
    assertEquals("done", code(by("ann").unmute("mia")));
    assertEquals("nobody", code(by("ann").unmute("mia")));
    assertEquals("done", code(by("mia").ban("troll", HOUR, "known")));
    assertEquals("done", code(by("mia").unban("troll")));
    assertEquals("nobody", code(by("mia").unban("troll")));
  }

  @Test
  void aReasonIsForShowingAndNamesNobodysId() {
    enter("id-1", Role.OWNER);
    enter("mia", Role.MODERATOR);
    enter("id-2", Role.MEMBER);
    assertEquals(
        "a moderator may not kick the room's owner",
        by("mia").kick("id-1", "").orElseThrow().reason());
    assertEquals("it was not muted", by("mia").unmute("id-2").orElseThrow().reason());
    assertEquals("it was not banned", by("mia").unban("id-2").orElseThrow().reason());
    assertEquals("it is not in room \"lobby\"", by("mia").kick("id-3", "").orElseThrow().reason());
  }

  @Test
  void theApplicationMayReplaceTheRule() {
    RoomOptions flat = RoomOptions.defaults().roles((role, act) -> act != Role.Act.BAN);
    try (TestChat other = TestChat.of(Chat.builder(diary).rooms(flat))) {
      other.enter(Entry.of("ann", "lobby"));
      other.enter(Entry.of("vic", "lobby").as(Role.VISITOR));
      Room lobby = other.chat().room("lobby").orElseThrow();
      Authority ann = lobby.by(other.chat().participant("ann").orElseThrow());
      assertEquals("not-allowed", code(ann.ban("vic", HOUR, "")));
      assertEquals("done", code(ann.kick("vic", "")));
    }
  }

  @Test
  void aRuleThatFailsCostsTheSpeakersConnection() {
    RoomOptions broken =
        RoomOptions.defaults()
            .roles(
                (role, act) -> {
                  if (act == Role.Act.SEE) {
                    return true;
                  }
                  throw new IllegalStateException("no rule");
                });
    try (TestChat other = TestChat.of(Chat.builder(diary).rooms(broken));
        LogCapture log = new LogCapture()) {
      TestClient ann = other.enter("lobby", "ann");
      ann.say("hello");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void aMessageThatIsRemovedIsNotReplayedAndTheRestStillIs() {
    TestClient ann = enter("ann", Role.MEMBER);
    enter("mia", Role.MODERATOR);
    Position start = lobby().position();
    ann.say("one");
    ann.say("two");
    Position second = lobby().position();
    ann.say("three");
    lobby().announce("four");
    Position fourth = lobby().position();
    assertEquals("nobody", code(by("mia").remove(start)));
    assertEquals("done", code(by("mia").remove(second)));
    assertEquals("nobody", code(by("mia").remove(second)));
    assertEquals("not-allowed", code(by("ann").remove(fourth)));
    assertEquals(
        List.of("one", "three", "four"),
        chat.enter(Entry.of("cem", "lobby").replay(Page.since(start))).heard());
    ann.say("five");
    assertEquals("done", code(by("ann").remove(lobby().position())), "one's own");
  }

  @Test
  void theTopicIsForModeratorsAndToldToAll() {
    RoomOptions telling =
        RoomOptions.defaults()
            .notices(
                new Notices() {
                  @Override
                  public Payload topic(Room room, String topic) {
                    return Payload.text(room.name() + " is about " + topic);
                  }
                });
    try (TestChat other = TestChat.of(Chat.builder(diary).rooms(telling))) {
      TestClient ann = other.enter(Entry.of("ann", "lobby"));
      other.enter(Entry.of("mia", "lobby").as(Role.MODERATOR));
      Room lobby = other.chat().room("lobby").orElseThrow();
      Authority anns = lobby.by(other.chat().participant("ann").orElseThrow());
      Authority mias = lobby.by(other.chat().participant("mia").orElseThrow());
      assertEquals("a member may not change the topic", anns.topic("cats").orElseThrow().reason());
      assertEquals("", lobby.topic());
      assertEquals("done", code(mias.topic("dogs")));
      assertEquals("dogs", lobby.topic());
      assertEquals(List.of("lobby is about dogs"), ann.heard());
      IllegalArgumentException tooLong =
          assertThrows(IllegalArgumentException.class, () -> lobby.topic("x".repeat(257)));
      assertEquals("the topic has 257 characters: at most 256", tooLong.getMessage());
      lobby.topic("");
      assertEquals("", lobby.topic());
    }
  }

  @Test
  void whoMayNotSeeWhoIsHereIsNotTold() {
    List<Arrival> arrivals = new ArrayList<>();
    RoomOptions hidden =
        RoomOptions.defaults()
            .roles((role, act) -> act != Role.Act.SEE || role.isAtLeast(Role.MODERATOR))
            .greeting(
                arrival -> {
                  arrivals.add(arrival);
                  return Payload.text("hello");
                })
            .notices(new ComingsAndGoings());
    try (TestChat other = TestChat.of(Chat.builder(diary).rooms(hidden))) {
      TestClient ann = other.enter(Entry.of("ann", "lobby"));
      TestClient mia = other.enter(Entry.of("mia", "lobby").as(Role.MODERATOR));
      assertEquals(0, arrivals.get(0).participants().size());
      assertEquals(2, arrivals.get(1).participants().size());
      TestClient bob = other.enter("lobby", "bob");
      bob.hangUp();
      assertEquals(List.of("hello"), ann.heard());
      assertEquals(List.of("hello", "+bob", "-bob"), mia.heard());
      Room lobby = other.chat().room("lobby").orElseThrow();
      Authority anns = lobby.by(other.chat().participant("ann").orElseThrow());
      assertEquals("not-allowed", code(anns.objection(Role.Act.SEE)));
      lobby.appoint("ann", Role.OWNER);
      assertEquals("done", code(anns.objection(Role.Act.SEE)));
      other.enter("lobby", "cem");
      assertEquals(List.of("+cem"), ann.heard());
    }
  }

  @Test
  void theRoomIsToldWhoWasThrownOutWhyWhatWasRemovedAndWhoWasAppointed() {
    RoomOptions telling =
        RoomOptions.defaults()
            .history(History.of(10))
            .notices(
                new Notices() {
                  @Override
                  public Payload left(Room room, Participant who) {
                    return Payload.text(who + " left");
                  }

                  @Override
                  public Payload expelled(Room room, Participant who, CloseStatus why) {
                    return Payload.text(who + " had to go: " + why.reason() + " " + why.code());
                  }

                  @Override
                  public Payload removed(Message message) {
                    return Payload.text("forget " + message.position().orElseThrow().offset());
                  }

                  @Override
                  public Payload appointed(Room room, Participant who, Role role) {
                    return Payload.text(who + " is a " + role + " of " + room.name());
                  }
                });
    try (TestChat other = TestChat.of(Chat.builder(diary).rooms(telling))) {
      TestClient ann = other.enter(Entry.of("ann", "lobby"));
      Room lobby = other.chat().room("lobby").orElseThrow();
      for (String id : List.of("bob", "cem", "dan")) {
        other.enter("lobby", id);
      }
      lobby.kick("bob", "noise");
      lobby.ban("cem", HOUR, "spam");
      other.chat().participant("dan").orElseThrow().leave("lobby");
      ann.say("oops");
      assertTrue(lobby.remove(lobby.position()).isPresent());
      assertTrue(lobby.remove(lobby.position()).isEmpty());
      lobby.appoint("ann", Role.MODERATOR);
      assertEquals(
          List.of(
              "bob had to go: noise 4003",
              "cem had to go: spam 4005",
              "dan left",
              "oops",
              "forget 1",
              "ann is a MODERATOR of lobby"),
          ann.heard());
    }
  }

  @Test
  void aBanTellsHowLongItHolds() {
    enter("bob", Role.MEMBER);
    lobby().ban("bob", HOUR, "spam");
    chat.advance(Duration.ofMinutes(20));
    assertEquals(
        new Refusal(403, "banned", "spam", Duration.ofMinutes(40)),
        chat.ask(TestHandshake.create()));
  }

  @Test
  void aTimeThatIsOverAtOnceIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> lobby().ban("bob", Duration.ZERO, "spam"));
    assertEquals("a time of PT0S is over at once: give more", refused.getMessage());
    lobby().ban("bob", Duration.ofSeconds(Long.MAX_VALUE), "for ever");
    chat.advance(Duration.ofDays(10));
    assertTrue(lobby().unban("bob"));
  }
}
