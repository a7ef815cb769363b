package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** One join and one leave for each participant, and nothing left behind. */
abstract class PresenceCases extends ClosingCases {

  @Test
  @Rule("1.4")
  void eachOfTwoHundredParticipantsJoinsOnceAndLeavesOnce() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    together(
        8,
        thread -> joinAndLeave(chat, this::enter, thread, number -> "p" + thread + "-" + number));
    Await.until("everybody has left", PATIENCE, () -> isEmpty(chat));
    for (int thread = 0; thread < 8; thread++) {
      for (int number = 0; number < 25; number++) {
        assertEquals(List.of("joined", "left"), handler.transitions("p" + thread + "-" + number));
      }
    }
  }

  @Test
  @Rule("1.4")
  void aParticipantOnManyConnectionsJoinsAndLeavesAlternately() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    together(8, thread -> joinAndLeave(chat, this::connect, thread, number -> "p" + number % 3));
    Await.until("everybody has left", PATIENCE, () -> isEmpty(chat));
    for (int i = 0; i < 12; i++) {
      String room = "room" + i % 4;
      List<String> transitions = awaitLeft(handler, "p" + i / 4, room);
      assertEquals(0, transitions.size() % 2, () -> "joins without a leave: " + transitions);
      for (int index = 0; index < transitions.size(); index++) {
        assertEquals(
            index % 2 == 0 ? "joined" : "left", transitions.get(index), () -> "in " + transitions);
      }
    }
  }

  /**
   * {@return the joins and leaves of a participant in a room} The server may open a connection
   * whose client has already gone after the chat was seen to be empty: a last join has a time to be
   * followed by its leave.
   */
  private static List<String> awaitLeft(CaseHandler handler, String id, String room) {
    List<String> transitions = new ArrayList<>();
    Await.until(
        () -> "a leave after each join in " + room + ": " + transitions,
        PATIENCE,
        () -> {
          transitions.clear();
          transitions.addAll(handler.transitions(id, room::equals));
          return transitions.size() % 2 == 0;
        });
    return transitions;
  }

  private interface Connector {
    Peer connect(String room, String id) throws IOException;
  }

  private void joinAndLeave(Chat chat, Connector connector, int seed, IntFunction<String> ids)
      throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 25; i++) {
      String id = ids.apply(i);
      Peer peer = connector.connect("room" + random.nextInt(4), id);
      try {
        if (random.nextBoolean()) {
          peer.text("here is " + id);
        }
        leave(chat, peer, id, random.nextInt(7));
      } catch (UncheckedIOException closed) {
        // Another connection of the same id ended this one.
      }
      if (random.nextBoolean() && !has(Quirk.TRUNCATES_FRAMES_ON_CLOSE)) {
        peer.awaitEnd(PROMPTLY);
      }
      peer.close();
    }
  }

  private static void leave(Chat chat, Peer peer, String id, int way) {
    switch (way) {
      case 0 -> peer.close(1000, "");
      case 1 -> peer.close(4444, "so long");
      case 2 -> peer.vanish();
      case 3 -> peer.hangUpWithoutClose();
      case 4 -> chat.participant(id).ifPresent(who -> who.disconnect(CloseStatus.NORMAL));
      case 5 ->
          chat.participant(id)
              .ifPresent(who -> who.rooms().forEach(room -> room.kick(who, "at random")));
      default -> {
        chat.participant(id).ifPresent(who -> who.disconnect(CloseStatus.NORMAL));
        peer.vanish();
      }
    }
  }

  @Test
  @Rule("1.4")
  void twoConnectionsAreOneParticipantUntilTheSecondEnds() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = open(handler);
    Peer tab = enter("hall", "ann");
    Peer otherTab = enter("hall", "ann");
    assertEquals(2, chat.connections());
    assertEquals(1, chat.participants());
    tab.vanish();
    Await.until("the first connection has ended", PATIENCE, () -> chat.connections() == 1);
    otherTab.text("one left");
    assertEquals("one left", otherTab.nextText());
    assertEquals(List.of("joined"), handler.transitions("ann"));
    otherTab.close(4000, "enough");
    assertEquals(new CloseStatus(4000, "enough"), handler.awaitLeft("ann", PROMPTLY));
    assertEquals(List.of("joined", "left"), handler.transitions("ann"));
  }

  @Test
  @Rule("3.2")
  void connectionsThatEndDuringBroadcastsDoNotAffectTheOthers() throws Exception {
    Chat chat = open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    for (int i = 0; i < 40; i++) {
      Peer leaving = enter("hall", "leaving" + i);
      ann.text("a" + i);
      if (i % 2 == 0) {
        leaving.vanish();
      } else {
        leaving.close(1000, "");
      }
      ann.text("b" + i);
      List<String> both = List.of("a" + i, "b" + i);
      assertEquals(both, bob.texts(2));
      assertEquals(both, ann.texts(2));
    }
    Await.until("the others have left", PATIENCE, () -> chat.connections() == 2);
    assertTrue(chat.participant("leaving0").isEmpty());
  }
}
