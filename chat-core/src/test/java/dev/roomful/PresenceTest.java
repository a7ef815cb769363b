package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee 7, for presence: the snapshot at a join, then the notices of joins, leaves and updates.
 */
class PresenceTest {
  /** Sends every notice: "+ann=here" for a join or an update, "-ann" for a leave. */
  private static class PresenceNotices implements RoomNotices {
    @Override
    public Payload participantJoined(Room room, Participant participant) {
      return Payload.text("+" + state(participant));
    }

    @Override
    public Payload participantLeft(Room room, Participant participant) {
      return Payload.text("-" + participant.id());
    }

    @Override
    public Payload participantUpdated(Room room, Participant participant) {
      return Payload.text("+" + state(participant));
    }
  }

  private static String state(Participant participant) {
    return participant.id() + "=" + participant.attributes().getOrDefault("status", "here");
  }

  static final RoomOptions WITH_NOTICES =
      RoomOptions.defaults()
          .withNotices(new PresenceNotices())
          .withWelcome(
              joinInfo ->
                  Payload.text(
                      joinInfo.participants().stream()
                          .map(PresenceTest::state)
                          .collect(Collectors.joining(","))));

  private final CallbackRecorder recorder =
      new CallbackRecorder() {
        @Override
        public void onUpdate(Room room, Participant participant) {
          add(participant.id() + " changed in " + room.name());
        }
      };

  @Test
  void aJoinSendsTheSnapshotToTheParticipantAndANoticeToTheOthers() {
    try (TestChat chat = TestChat.of(Chat.builder(recorder).rooms(WITH_NOTICES))) {
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
  void anUpdateSendsOneNoticeAndNoLeave() {
    try (TestChat chat = TestChat.of(Chat.builder(recorder).rooms(WITH_NOTICES))) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      Participant participant = chat.chat().participant("bob").orElseThrow();
      participant.join("side");
      ann.received();
      bob.received();
      recorder.takeEntries();
      participant.update("status", "away");
      assertEquals(List.of("+bob=away"), ann.received());
      assertEquals(List.of("+bob=away", "+bob=away"), bob.received(), "in each of its rooms");
      assertEquals(2, recorder.takeEntries().size());
      assertEquals(List.of("ann=here,bob=away,cem=here"), chat.connect("lobby", "cem").received());
    }
  }

  @Test
  void aKickSendsALeaveNoticeAndAClosedRoomSendsNone() {
    try (TestChat chat = TestChat.of(Chat.builder(recorder).rooms(WITH_NOTICES))) {
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
  void aFailingJoinNoticeClosesOnlyTheJoiningConnection() {
    RoomNotices broken =
        new RoomNotices() {
          @Override
          public Payload participantJoined(Room room, Participant participant) {
            throw new IllegalStateException("no notice");
          }
        };
    try (TestChat chat =
            TestChat.of(Chat.builder(recorder).rooms(RoomOptions.defaults().withNotices(broken)));
        LogCapture log = new LogCapture()) {
      TestClient ann = chat.connect("lobby", "ann");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(
          List.of(
              "RoomOptions threw an exception at a join; closing the connection"
                  + " [event=join-callback-failed callback=RoomOptions participant=ann"
                  + " room=lobby]"),
          log.messages());
      assertEquals(0, chat.chat().connections());
      assertEquals(Optional.empty(), chat.chat().room("lobby"));
    }
  }

  @Tag("slow")
  @RepeatedTest(3)
  void snapshotPlusNoticesInOrderAlwaysEqualsTheRoom() throws Exception {
    joinAndLeaveAmong(1);
  }

  @Tag("slow")
  @RepeatedTest(3)
  void snapshotPlusNoticesInOrderAlwaysEqualsALargeRoom() throws Exception {
    joinAndLeaveAmong(100); // so that notices wait for the timer only some of the time
  }

  private static void joinAndLeaveAmong(int members) throws Exception {
    Limits roomy = Limits.defaults().withOutboxBytes(64 << 20);
    try (Chat chat = Chat.builder(new RoomHandler() {}).limits(roomy).rooms(WITH_NOTICES).build()) {
      FakeConnection first = FakeConnection.open(chat, "lobby", "first");
      IntStream.range(1, members).forEach(i -> FakeConnection.open(chat, "lobby", "m" + i));
      List<FakeConnection> watching = new ArrayList<>();
      Concurrently.run(
          4,
          number -> {
            for (int i = 0; i < 300; i++) {
              String id = "p" + (number + i) % 5;
              FakeConnection connection = FakeConnection.open(chat, "lobby", id);
              int version = i;
              chat.participant(id)
                  .ifPresent(participant -> participant.update("status", number + "." + version));
              if (i % 50 == 0) {
                synchronized (watching) {
                  watching.add(FakeConnection.open(chat, "lobby", "w" + number + "." + i));
                }
              }
              connection.loseConnection();
            }
          });

      FakeConnection last = FakeConnection.open(chat, "lobby", "last");
      eventually(
          "the notice of the last join arrives", () -> first.received().contains("+last=here"));
      eventually("the last client receives its welcome", () -> !last.received().isEmpty());
      watching.add(first);
      for (FakeConnection each : watching) {
        eventually(
            "the notice of the last join arrives", () -> each.received().contains("+last=here"));
        assertEquals(presenceSeenBy(last), presenceSeenBy(each));
      }
      Room lobby = chat.room("lobby").orElseThrow();
      assertEquals(
          lobby.participants().stream()
              .collect(Collectors.toMap(Participant::id, participant -> state(participant))),
          presenceSeenBy(first));
    }
  }

  /** The snapshot with all notices applied; fails at a leave of somebody who is not present. */
  private static Map<String, String> presenceSeenBy(FakeConnection connection) {
    Map<String, String> present = new HashMap<>();
    List<String> received = connection.received();
    for (String state : received.get(0).split(",", -1)) {
      present.put(state.substring(0, state.indexOf('=')), state);
    }
    for (String notice : received.subList(1, received.size())) {
      if (notice.startsWith("+")) {
        present.put(notice.substring(1, notice.indexOf('=')), notice.substring(1));
      } else {
        assertTrue(present.remove(notice.substring(1)) != null, () -> notice + " was not there");
      }
    }
    return present;
  }
}
