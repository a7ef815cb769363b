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

/** Being lost, coming back, being thrown out and the closing of a room, all at once. */
class ResumeRaceTest {
  private static final int ROUNDS = 250;
  private static final List<String> ROOMS = List.of("hall", "attic");

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final Chat chat =
      Chat.builder(
              new RoomHandler() {
                @Override
                public void onJoin(Room room, Participant who) {
                  told.add("+" + who.id() + room.name());
                }

                @Override
                public void onLeave(Room room, Participant who, CloseStatus why) {
                  told.add("-" + who.id() + room.name());
                }
              })
          .limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(5)))
          .rooms(
              RoomOptions.defaults()
                  .withWelcome(
                      arrival -> {
                        secrets.putIfAbsent(
                            arrival.participant().id(), arrival.resumeSecret().orElseThrow());
                        return Payload.text("hello");
                      }))
          .build();

  @AfterEach
  void nothingIsLeft() {
    chat.close();
    assertEquals(0, chat.participants());
    assertEquals(0, chat.connections());
    assertTrue(chat.rooms().isEmpty());
  }

  /** What happens at once; all but the last two leave the participant where it was. */
  private enum Deed {
    RESUME,
    VANISH,
    TELL,
    RENAME,
    KICK,
    CLOSE_ROOM
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverRacesEachComingAndGoingIsToldOnceAndAsItIs(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String id = "p" + seed + "-" + round;
      FakeConnection first = new FakeConnection().enter(chat, AcceptedAdmission.of(id, "hall"));
      Participant who = chat.participant(id).orElseThrow();
      who.join("attic");
      if (random.nextBoolean()) {
        first.vanish();
      }
      List<Deed> deeds = new ArrayList<>(List.of(Deed.RESUME));
      for (int i = 0; i < 2; i++) {
        deeds.add(Deed.values()[random.nextInt(Deed.values().length)]);
      }
      Crowd.together(deeds.size(), number -> take(deeds.get(number), id, first));
      String story = "seed " + seed + ", round " + round + ": " + deeds;
      boolean stays = !deeds.contains(Deed.KICK) && !deeds.contains(Deed.CLOSE_ROOM);
      for (String room : ROOMS) {
        eventually(story + " is told: " + told, () -> isToldAsItIs(id, room));
        assertEquals(stays || room.equals("hall"), joins(id, room) - leaves(id, room) == 1, story);
        assertTrue(!stays || joins(id, room) == 1, story);
      }
      eventually(story + ": one connection is left", () -> connections(id) == 1);
      chat.participant(id).ifPresent(now -> now.disconnect(CloseStatus.NORMAL));
      for (String room : ROOMS) {
        eventually(story + ": it has left", () -> joins(id, room) == leaves(id, room));
      }
    }
  }

  @Test
  void whoIsLostWhileTheChatClosesIsForgotten() throws Exception {
    for (int round = 0; round < 100; round++) {
      Chat closing =
          Chat.builder(new RoomHandler() {})
              .limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(5)))
              .build();
      FakeConnection lost =
          new FakeConnection().enter(closing, AcceptedAdmission.of("bob", "hall"));
      Crowd.together(
          2,
          number -> {
            if (number == 0) {
              closing.close();
            } else {
              lost.vanish();
            }
          });
      eventually("nobody is left", () -> closing.participants() == 0);
      assertTrue(closing.rooms().isEmpty());
    }
  }

  private void take(Deed deed, String id, FakeConnection first) {
    switch (deed) {
      case RESUME ->
          new FakeConnection()
              .enter(chat, AcceptedAdmission.of(id, "hall").withResumeSecret(secrets.get(id)));
      case VANISH -> first.vanish();
      case TELL -> chat.participant(id).ifPresent(who -> who.send("psst"));
      case RENAME -> chat.participant(id).ifPresent(who -> who.rename("Bob"));
      case KICK -> chat.room("attic").ifPresent(room -> room.kick(id, "out"));
      case CLOSE_ROOM -> chat.room("attic").ifPresent(room -> room.close("over"));
    }
  }

  private int connections(String id) {
    return chat.participant(id).map(Participant::connections).orElse(0);
  }

  private boolean isToldAsItIs(String id, String room) {
    boolean there =
        chat.participant(id)
            .filter(who -> chat.room(room).filter(one -> one.contains(who)).isPresent())
            .isPresent();
    return joins(id, room) - leaves(id, room) == (there ? 1 : 0);
  }

  private long joins(String id, String room) {
    return told.stream().filter(("+" + id + room)::equals).count();
  }

  private long leaves(String id, String room) {
    return told.stream().filter(("-" + id + room)::equals).count();
  }
}
