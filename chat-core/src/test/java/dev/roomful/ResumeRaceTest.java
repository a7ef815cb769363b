package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guarantee 6, with concurrent lost connections, resumes, kicks and closing rooms. */
class ResumeRaceTest {
  private static final int ROUNDS = 250;
  private static final List<String> ROOMS = List.of("hall", "attic");

  private final Queue<String> events = new ConcurrentLinkedQueue<>();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final Chat chat =
      Chat.builder(
              new RoomHandler() {
                @Override
                public void onJoin(Room room, Participant participant) {
                  events.add("+" + participant.id() + room.name());
                }

                @Override
                public void onLeave(Room room, Participant participant, CloseStatus status) {
                  events.add("-" + participant.id() + room.name());
                }
              })
          .limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(5)))
          .rooms(
              RoomOptions.defaults()
                  .withWelcome(
                      joinInfo -> {
                        secrets.putIfAbsent(
                            joinInfo.participant().id(), joinInfo.resumeSecret().orElseThrow());
                        return Payload.text("hello");
                      }))
          .build();

  @AfterEach
  void closeAndAssertNothingLeft() {
    chat.close();
    assertEquals(0, chat.participants());
    assertEquals(0, chat.connections());
    assertTrue(chat.rooms().isEmpty());
  }

  /** The concurrent actions; the last two remove the participant from a room. */
  private enum Action {
    RESUME,
    LOSE_CONNECTION,
    SEND_DIRECT,
    RENAME,
    KICK,
    CLOSE_ROOM
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eachJoinAndLeaveIsReportedOnceUnderConcurrency(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String id = "p" + seed + "-" + round;
      FakeConnection first = new FakeConnection().connect(chat, AcceptedAdmission.of(id, "hall"));
      Participant participant = chat.participant(id).orElseThrow();
      participant.join("attic");
      if (random.nextBoolean()) {
        first.loseConnection();
      }
      List<Action> actions = new ArrayList<>(List.of(Action.RESUME));
      for (int i = 0; i < 2; i++) {
        actions.add(Action.values()[random.nextInt(Action.values().length)]);
      }
      Concurrently.run(actions.size(), number -> perform(actions.get(number), id, first));
      String description = "seed " + seed + ", round " + round + ": " + actions;
      boolean remains = !actions.contains(Action.KICK) && !actions.contains(Action.CLOSE_ROOM);
      for (String room : ROOMS) {
        eventually(description + " is reported: " + events, () -> eventsMatchMembership(id, room));
        assertEquals(
            remains || room.equals("hall"), joins(id, room) - leaves(id, room) == 1, description);
        assertTrue(!remains || joins(id, room) == 1, description);
      }
      eventually(description + ": one connection remains", () -> connections(id) == 1);
      chat.participant(id).ifPresent(now -> now.disconnect(CloseStatus.NORMAL));
      for (String room : ROOMS) {
        eventually(description + ": it has left", () -> joins(id, room) == leaves(id, room));
      }
    }
  }

  @Test
  void aConnectionLostDuringShutdownLeavesNothing() throws Exception {
    for (int round = 0; round < 100; round++) {
      Chat closing =
          Chat.builder(new RoomHandler() {})
              .limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(5)))
              .build();
      FakeConnection connection =
          new FakeConnection().connect(closing, AcceptedAdmission.of("bob", "hall"));
      Concurrently.run(
          2,
          number -> {
            if (number == 0) {
              closing.close();
            } else {
              connection.loseConnection();
            }
          });
      eventually("nobody is left", () -> closing.participants() == 0);
      assertTrue(closing.rooms().isEmpty());
    }
  }

  private void perform(Action action, String id, FakeConnection first) {
    switch (action) {
      case RESUME ->
          new FakeConnection()
              .connect(chat, AcceptedAdmission.of(id, "hall").withResumeSecret(secrets.get(id)));
      case LOSE_CONNECTION -> first.loseConnection();
      case SEND_DIRECT -> chat.participant(id).ifPresent(participant -> participant.send("psst"));
      case RENAME -> chat.participant(id).ifPresent(participant -> participant.rename("Bob"));
      case KICK -> chat.room("attic").ifPresent(room -> room.kick(id, "out"));
      case CLOSE_ROOM -> chat.room("attic").ifPresent(room -> room.close("over"));
    }
  }

  private int connections(String id) {
    return chat.participant(id).map(Participant::connections).orElse(0);
  }

  private boolean eventsMatchMembership(String id, String room) {
    boolean there =
        chat.participant(id)
            .filter(
                participant -> chat.room(room).filter(one -> one.contains(participant)).isPresent())
            .isPresent();
    return joins(id, room) - leaves(id, room) == (there ? 1 : 0);
  }

  private long joins(String id, String room) {
    return events.stream().filter(("+" + id + room)::equals).count();
  }

  private long leaves(String id, String room) {
    return events.stream().filter(("-" + id + room)::equals).count();
  }
}
