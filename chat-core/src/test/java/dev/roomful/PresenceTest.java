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
  private static class Telling implements RoomNotices {
    @Override
    public Payload participantJoined(Room room, Participant who) {
      return Payload.text("+" + state(who));
    }

    @Override
    public Payload participantLeft(Room room, Participant who) {
      return Payload.text("-" + who.id());
    }

    @Override
    public Payload participantUpdated(Room room, Participant who) {
      return Payload.text("+" + state(who));
    }
  }

  private static String state(Participant who) {
    return who.id() + "=" + who.attributes().getOrDefault("status", "here");
  }

  private static final RoomOptions TELLING =
      RoomOptions.defaults()
          .withNotices(new Telling())
          .withWelcome(
              arrival ->
                  Payload.text(
                      arrival.participants().stream()
                          .map(PresenceTest::state)
                          .collect(Collectors.joining(","))));

  private final Diary diary =
      new Diary() {
        @Override
        public void onUpdate(Room room, Participant who) {
          note(who.id() + " changed in " + room.name());
        }
      };

  @Test
  void whoComesIsToldWhoIsHereAndTheOthersWhoComes() {
    try (TestChat chat = TestChat.of(Chat.builder(diary).rooms(TELLING))) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      TestClient tab = chat.connect("lobby", "bob");
      assertEquals(List.of("ann=here", "+bob=here"), ann.received());
      assertEquals(List.of("ann=here,bob=here"), bob.received());
      assertEquals(List.of("ann=here,bob=here"), tab.received());
      bob.abort();
      assertEquals(List.of(), ann.received(), "one of two connections");
      tab.abort();
      assertEquals(List.of("-bob"), ann.received());
    }
  }

  @Test
  void aChangeIsOneNoticeAndNoLeave() {
    try (TestChat chat = TestChat.of(Chat.builder(diary).rooms(TELLING))) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      Participant who = chat.chat().participant("bob").orElseThrow();
      who.join("side");
      ann.received();
      bob.received();
      diary.take();
      who.update("status", "away");
      assertEquals(List.of("+bob=away"), ann.received());
      assertEquals(List.of("+bob=away", "+bob=away"), bob.received(), "in each of its rooms");
      assertEquals(2, diary.take().size());
      assertEquals(List.of("ann=here,bob=away,cem=here"), chat.connect("lobby", "cem").received());
    }
  }

  @Test
  void whoIsKickedLeavesVisiblyAndAClosedRoomTellsNobody() {
    try (TestChat chat = TestChat.of(Chat.builder(diary).rooms(TELLING))) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      ann.received();
      Room lobby = chat.chat().room("lobby").orElseThrow();
      assertTrue(lobby.kick("bob", "enough").isDone());
      assertEquals(List.of("-bob"), ann.received());
      chat.connect("lobby", "cem");
      ann.received();
      lobby.close("done");
      assertEquals(List.of(), ann.received());
    }
  }

  @Test
  void wordsThatFailCostTheConnectionOfWhoComes() {
    RoomNotices broken =
        new RoomNotices() {
          @Override
          public Payload participantJoined(Room room, Participant who) {
            throw new IllegalStateException("no words");
          }
        };
    try (TestChat chat =
            TestChat.of(Chat.builder(diary).rooms(RoomOptions.defaults().withNotices(broken)));
        LogCapture log = new LogCapture()) {
      TestClient ann = chat.connect("lobby", "ann");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(
          List.of(
              "Joining: a callback of the room options threw an exception for participant ann in room \"lobby\""),
          log.messages());
      assertEquals(0, chat.chat().connections());
      assertEquals(Optional.empty(), chat.chat().room("lobby"));
    }
  }

  @RepeatedTest(3)
  void theSnapshotAndTheNoticesInTheirOrderAlwaysEqualTheRoom() throws Exception {
    Limits roomy = Limits.defaults().withOutboxBytes(64 << 20);
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
