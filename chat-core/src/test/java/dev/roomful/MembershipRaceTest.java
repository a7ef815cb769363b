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

/** Guarantee 6, in races of two threads whose callbacks run on the calling thread. */
class MembershipRaceTest {
  private static final int ROUNDS = 2000;

  private final CallbackRecorder recorder = new CallbackRecorder();

  private Chat chat() {
    recorder.takeEntries();
    return TestChat.of(recorder).chat();
  }

  /** Asserts that nobody is left, and that this participant's joins and leaves alternate. */
  private void assertLeft(Chat chat, String id, int min, int max) {
    List<String> events =
        recorder.entries().stream()
            .filter(entry -> entry.startsWith(id + " "))
            .filter(entry -> !entry.contains(" published "))
            .map(entry -> entry.contains(" joined ") ? "joined" : "left")
            .toList();
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i % 2 == 0 ? "joined" : "left", events.get(i), events.toString());
    }
    assertEquals(0, events.size() % 2, events.toString());
    assertTrue(2 * min <= events.size() && events.size() <= 2 * max, events.toString());
    assertEquals(0, chat.participants());
    assertTrue(chat.rooms().isEmpty());
  }

  @Test
  void joiningAClosingRoomEndsInTheOldOrTheNewRoom() throws InterruptedException {
    Races.run(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
          FakeConnection bob = new FakeConnection();
          Room room = chat.room("lobby").orElseThrow();
          return new Races.Race() {
            @Override
            public void first() {
              room.close("");
            }

            @Override
            public void second() {
              bob.connect(chat, AcceptedAdmission.of("bob", "lobby"));
            }

            @Override
            public void verify() {
              assertFalse(alice.isOpen());
              assertEquals(bob.isOpen(), chat.room("lobby").isPresent());
              bob.loseConnection();
              assertLeft(chat, "alice", 1, 1);
              assertLeft(chat, "bob", 1, 1);
            }
          };
        });
  }

  @Test
  void noJoinIsRejectedWhileARoomIsRemovedAndCreatedAgainAndAgain() throws InterruptedException {
    Chat chat = chat();
    Concurrently.run(
        4,
        number -> {
          for (int i = 0; i < 10 * ROUNDS; i++) {
            FakeConnection connection = FakeConnection.open(chat, "lobby", "member " + number);
            assertTrue(connection.isOpen(), () -> "rejected: " + chat.stats().rejections());
            connection.loseConnection();
          }
        });
    assertTrue(chat.rooms().isEmpty());
  }

  @Test
  void concurrentLeaveAndKickLeaveOnce() throws InterruptedException {
    Races.run(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
          Room room = chat.room("lobby").orElseThrow();
          Participant participant = chat.participant("alice").orElseThrow();
          AtomicInteger decided = new AtomicInteger();
          return new Races.Race() {
            @Override
            public void first() {
              decided.addAndGet(participant.leave("lobby").isDone() ? 1 : 0);
            }

            @Override
            public void second() {
              decided.addAndGet(room.kick(participant, "").isDone() ? 1 : 0);
            }

            @Override
            public void verify() {
              assertEquals(1, decided.get());
              assertFalse(alice.isOpen());
              assertLeft(chat, "alice", 1, 1);
            }
          };
        });
  }

  @Test
  void reconnectingDuringAConnectionLossStaysOrLeavesFirst() throws InterruptedException {
    Races.run(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection first = FakeConnection.open(chat, "lobby", "alice");
          FakeConnection second = new FakeConnection();
          return new Races.Race() {
            @Override
            public void first() {
              first.loseConnection();
            }

            @Override
            public void second() {
              second.connect(chat, AcceptedAdmission.of("alice", "lobby"));
            }

            @Override
            public void verify() {
              assertTrue(second.isOpen());
              assertEquals(1, chat.room("lobby").orElseThrow().size());
              second.loseConnection();
              assertLeft(chat, "alice", 1, 2);
            }
          };
        });
  }

  @Test
  void aMessageOfAKickedParticipantArrivesBeforeItsLeaveOrNever() throws InterruptedException {
    Races.run(
        ROUNDS,
        () -> {
          Chat chat = chat();
          FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
          FakeConnection bob = FakeConnection.open(chat, "lobby", "bob");
          Room room = chat.room("lobby").orElseThrow();
          return new Races.Race() {
            @Override
            public void first() {
              alice.send("hi");
            }

            @Override
            public void second() {
              assertTrue(room.kick("alice", "").isDone());
            }

            @Override
            public void verify() {
              List<String> events = recorder.entries();
              assertEquals("alice left lobby 4003", events.get(events.size() - 1));
              assertEquals(events.size() == 4 ? List.of("hi") : List.of(), bob.received());
              bob.loseConnection();
              assertLeft(chat, "alice", 1, 1);
            }
          };
        });
  }

  /** The history holds one message: the second message removes the first. */
  @Test
  void joiningDuringPublicationRecoversEverythingOrReportsAGap() throws InterruptedException {
    RoomOptions keeping =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(1))
            .withWelcome(joinInfo -> Payload.text("recovered " + joinInfo.recovered()));
    Races.run(
        ROUNDS,
        () -> {
          Chat chat = TestChat.of(Chat.builder(recorder).room("lobby", keeping)).chat();
          Room room = chat.room("lobby").orElseThrow();
          AcceptedAdmission admission =
              AcceptedAdmission.of("bob", "lobby").withReplay(HistoryRange.since(room.position()));
          room.announce("a");
          FakeConnection bob = new FakeConnection();
          return new Races.Race() {
            @Override
            public void first() {
              room.announce("b");
            }

            @Override
            public void second() {
              bob.connect(chat, admission);
            }

            @Override
            public void verify() {
              List<String> received = bob.received();
              assertEquals(
                  received.size() == 1
                      ? List.of("recovered false")
                      : List.of("recovered true", "a", "b"),
                  received);
            }
          };
        });
  }
}
