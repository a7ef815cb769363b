package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Who is here, and who comes, changes and goes. */
class PresenceTest {
  /** Tells all there is to tell: "+ann=?", "ann=away", "-ann". */
  private static class Telling implements Notices {
    @Override
    public Payload joined(Room room, Participant who) {
      return Payload.text("+" + state(who));
    }

    @Override
    public Payload left(Room room, Participant who) {
      return Payload.text("-" + who.id());
    }

    @Override
    public Payload changed(Room room, Participant who) {
      return Payload.text("+" + state(who));
    }
  }

  private static String state(Participant who) {
    return who.id() + "=" + who.attributes().getOrDefault("status", "here");
  }

  private static final RoomOptions TELLING =
      RoomOptions.defaults()
          .notices(new Telling())
          .greeting(
              arrival ->
                  Payload.text(
                      arrival.participants().stream()
                          .map(PresenceTest::state)
                          .collect(Collectors.joining(","))));

  private final Diary diary =
      new Diary() {
        @Override
        public void onChange(Room room, Participant who) {
          note(who.id() + " changed in " + room.name());
        }
      };

  @Test
  void whoComesIsToldWhoIsHereAndTheOthersWhoComes() {
    try (TestChat chat = TestChat.of(Chat.builder(diary).rooms(TELLING))) {
      TestClient ann = chat.enter("lobby", "ann");
      TestClient bob = chat.enter("lobby", "bob");
      TestClient tab = chat.enter("lobby", "bob");
      assertEquals(List.of("ann=here", "+bob=here"), ann.heard());
      assertEquals(List.of("ann=here,bob=here"), bob.heard());
      assertEquals(List.of("ann=here,bob=here"), tab.heard());
      bob.vanish();
      assertEquals(List.of(), ann.heard(), "one of two connections");
      tab.vanish();
      assertEquals(List.of("-bob"), ann.heard());
    }
  }

  @Test
  void aChangeIsOneNoticeAndNoLeave() {
    try (TestChat chat = TestChat.of(Chat.builder(diary).rooms(TELLING))) {
      TestClient ann = chat.enter("lobby", "ann");
      TestClient bob = chat.enter("lobby", "bob");
      Participant who = chat.chat().participant("bob").orElseThrow();
      who.join("side");
      ann.heard();
      bob.heard();
      diary.take();
      who.update("status", "away");
      assertEquals(List.of("+bob=away"), ann.heard());
      assertEquals(List.of("+bob=away", "+bob=away"), bob.heard(), "in each of its rooms");
      assertEquals(2, diary.take().size());
      assertEquals(List.of("ann=here,bob=away,cem=here"), chat.enter("lobby", "cem").heard());
    }
  }

  @Test
  void whoIsKickedLeavesVisiblyAndAClosedRoomTellsNobody() {
    try (TestChat chat = TestChat.of(Chat.builder(diary).rooms(TELLING))) {
      TestClient ann = chat.enter("lobby", "ann");
      chat.enter("lobby", "bob");
      ann.heard();
      Room lobby = chat.chat().room("lobby").orElseThrow();
      assertTrue(lobby.kick("bob", "enough"));
      assertEquals(List.of("-bob"), ann.heard());
      chat.enter("lobby", "cem");
      ann.heard();
      lobby.close("done");
      assertEquals(List.of(), ann.heard());
    }
  }

  @Test
  void wordsThatFailCostTheConnectionOfWhoComes() {
    Notices broken =
        new Notices() {
          @Override
          public Payload joined(Room room, Participant who) {
            throw new IllegalStateException("no words");
          }
        };
    try (TestChat chat =
            TestChat.of(Chat.builder(diary).rooms(RoomOptions.defaults().notices(broken)));
        LogCapture log = new LogCapture()) {
      TestClient ann = chat.enter("lobby", "ann");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(
          List.of("a rule of the room failed for participant ann in room \"lobby\""),
          log.messages());
      assertEquals(0, chat.chat().connections());
      assertEquals(Optional.empty(), chat.chat().room("lobby"));
    }
  }

  @RepeatedTest(3)
  void theSnapshotAndTheNoticesInTheirOrderAlwaysEqualTheRoom() throws Exception {
    Limits roomy = Limits.defaults().outboxBytes(64 << 20);
    try (Chat chat = Chat.builder(new RoomHandler() {}).limits(roomy).rooms(TELLING).build()) {
      FakeConnection first = FakeConnection.open(chat, "lobby", "first");
      List<FakeConnection> watching = new ArrayList<>();
      Crowd.together(
          4,
          number -> {
            for (int i = 0; i < 300; i++) {
              String id = "p" + (number + i) % 5;
              FakeConnection guest = FakeConnection.open(chat, "lobby", id);
              int version = i;
              chat.participant(id).ifPresent(who -> who.update("status", number + "." + version));
              if (i % 50 == 0) {
                synchronized (watching) {
                  watching.add(FakeConnection.open(chat, "lobby", "w" + number + "." + i));
                }
              }
              guest.vanish();
            }
          });

      FakeConnection last = FakeConnection.open(chat, "lobby", "last");
      eventually("the last one is noticed", () -> first.heard().contains("+last=here"));
      eventually("the last one is greeted", () -> !last.heard().isEmpty());
      watching.add(first);
      for (FakeConnection each : watching) {
        eventually("the last one is noticed", () -> each.heard().contains("+last=here"));
        assertEquals(present(last), present(each));
      }
      Room lobby = chat.room("lobby").orElseThrow();
      assertEquals(
          lobby.participants().stream()
              .collect(Collectors.toMap(Participant::id, who -> state(who))),
          present(first));
    }
  }

  /** The snapshot, with all notices applied; each of which must make sense. */
  private static Map<String, String> present(FakeConnection connection) {
    Map<String, String> present = new HashMap<>();
    List<String> heard = connection.heard();
    for (String state : heard.get(0).split(",", -1)) {
      present.put(state.substring(0, state.indexOf('=')), state);
    }
    for (String notice : heard.subList(1, heard.size())) {
      if (notice.startsWith("+")) {
        present.put(notice.substring(1, notice.indexOf('=')), notice.substring(1));
      } else {
        assertTrue(present.remove(notice.substring(1)) != null, () -> notice + " was not there");
      }
    }
    return present;
  }
}
