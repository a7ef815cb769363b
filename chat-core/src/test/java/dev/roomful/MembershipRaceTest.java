package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.testing.TestChat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Coming into a room and going from it, in races of two; everything runs on its caller. */
class MembershipRaceTest {
  private static final int ROUNDS = 2000;

  private final Diary diary = new Diary();

  private Chat chat() {
    diary.take();
    return TestChat.of(diary).chat();
  }

  /** All are gone, and of each stay of this one both ends were told, one after the other. */
  private void assertGone(Chat chat, String id, int least, int most) {
    List<String> told =
        diary.entries().stream()
            .filter(entry -> entry.startsWith(id + " "))
            .filter(entry -> !entry.contains(" said "))
            .map(entry -> entry.contains(" joined ") ? "joined" : "left")
            .toList();
    for (int i = 0; i < told.size(); i++) {
      assertEquals(i % 2 == 0 ? "joined" : "left", told.get(i), told.toString());
    }
    assertEquals(0, told.size() % 2, told.toString());
    assertTrue(2 * least <= told.size() && told.size() <= 2 * most, told.toString());
    assertEquals(0, chat.participants());
    assertTrue(chat.rooms().isEmpty());
  }

  @Test
  void whoJoinsWhileTheRoomClosesIsInTheOldOneOrTheNew() throws InterruptedException {
    Races.of(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
          FakeConnection bob = new FakeConnection();
          Room room = chat.room("lobby").orElseThrow();
          return new Races.Race() {
            @Override
            public void left() {
              room.close("");
            }

            @Override
            public void right() {
              bob.enter(chat, AcceptedAdmission.of("bob", "lobby"));
            }

            @Override
            public void after() {
              assertFalse(alice.isOpen());
              assertEquals(bob.isOpen(), chat.room("lobby").isPresent());
              bob.vanish();
              assertGone(chat, "alice", 1, 1);
              assertGone(chat, "bob", 1, 1);
            }
          };
        });
  }

  @Test
  void ofLeavingAndBeingKickedOneDecides() throws InterruptedException {
    Races.of(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
          Room room = chat.room("lobby").orElseThrow();
          Participant she = chat.participant("alice").orElseThrow();
          AtomicInteger decided = new AtomicInteger();
          return new Races.Race() {
            @Override
            public void left() {
              decided.addAndGet(she.leave("lobby").isDone() ? 1 : 0);
            }

            @Override
            public void right() {
              decided.addAndGet(room.kick(she, "").isDone() ? 1 : 0);
            }

            @Override
            public void after() {
              assertEquals(1, decided.get());
              assertFalse(alice.isOpen());
              assertGone(chat, "alice", 1, 1);
            }
          };
        });
  }

  @Test
  void whoComesBackWhileItVanishesStaysOrHasLeftBefore() throws InterruptedException {
    Races.of(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection first = FakeConnection.open(chat, "lobby", "alice");
          FakeConnection second = new FakeConnection();
          return new Races.Race() {
            @Override
            public void left() {
              first.vanish();
            }

            @Override
            public void right() {
              second.enter(chat, AcceptedAdmission.of("alice", "lobby"));
            }

            @Override
            public void after() {
              assertTrue(second.isOpen());
              assertEquals(1, chat.room("lobby").orElseThrow().size());
              second.vanish();
              assertGone(chat, "alice", 1, 2);
            }
          };
        });
  }

  @Test
  void whatIsSaidByWhoIsKickedIsHeardBeforeOrNotAtAll() throws InterruptedException {
    Races.of(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
          FakeConnection bob = FakeConnection.open(chat, "lobby", "bob");
          Room room = chat.room("lobby").orElseThrow();
          return new Races.Race() {
            @Override
            public void left() {
              alice.say("hi");
            }

            @Override
            public void right() {
              assertTrue(room.kick("alice", "").isDone());
            }

            @Override
            public void after() {
              List<String> told = diary.entries();
              assertEquals("alice left lobby 4003", told.get(told.size() - 1));
              assertEquals(told.size() == 4 ? List.of("hi") : List.of(), bob.heard());
              bob.vanish();
              assertGone(chat, "alice", 1, 1);
            }
          };
        });
  }

  /** The room keeps one message, so that the second sends the first out of its history. */
  @Test
  void whoJoinsWhileTheHistoryGoesOnHearsAllOfItOrThatItMissedSome() throws InterruptedException {
    RoomOptions keeping =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(1))
            .withWelcome(arrival -> Payload.text("recovered " + arrival.recovered()));
    Races.of(
        ROUNDS,
        () -> {
          Chat chat = TestChat.of(Chat.builder(diary).room("lobby", keeping)).chat();
          Room room = chat.room("lobby").orElseThrow();
          AcceptedAdmission entry =
              AcceptedAdmission.of("bob", "lobby").withReplay(HistoryRange.since(room.position()));
          room.announce("a");
          FakeConnection bob = new FakeConnection();
          return new Races.Race() {
            @Override
            public void left() {
              room.announce("b");
            }

            @Override
            public void right() {
              bob.enter(chat, entry);
            }

            @Override
            public void after() {
              List<String> heard = bob.heard();
              assertEquals(
                  heard.size() == 1
                      ? List.of("recovered false")
                      : List.of("recovered true", "a", "b"),
                  heard);
            }
          };
        });
  }
}
