package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two servers that share a backplane, on which everything takes its time. */
class BackplaneTest {
  private final Network network = new Network();
  private final TestChat here = chat();
  private final TestChat there = chat();

  private TestChat chat() {
    return TestChat.of(
        Chat.builder(new RoomHandler() {})
            .logEngine(network)
            .room(
                "ruled",
                options()
                    .withPolicy(BroadcastPolicy.rule((message, who) -> !who.id().equals("deaf"))))
            .room("others", options().withPolicy(BroadcastPolicy.excludingOrigin()))
            .rooms(options()));
  }

  private static RoomOptions options() {
    return RoomOptions.defaults()
        .withHistory(History.of(10))
        .withNotices(
            new RoomNotices() {
              @Override
              public Payload messageDeleted(Message message) {
                return Payload.text("forget " + message.text());
              }
            });
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
    assertEquals(0, network.open());
  }

  /** What was said waits until it is delivered, to all servers one after the other. */
  private static final class Network implements LogEngine {
    private final Map<String, List<Wire>> rooms = new HashMap<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private String epoch = "one";
    private long last;

    private final class Wire implements Log {
      private final String room;
      private final Listener listener;
      private final Position start = new Position(epoch, last);
      private List<Message> kept = List.of();

      Wire(Room room, Listener listener) {
        this.room = room.name();
        this.listener = listener;
        if (last > 0 && room.name().equals("old")) {
          Message before =
              Message.announcement(room, Payload.text("old"), BroadcastPolicy.everyone());
          kept = List.of(before.withPosition(start));
        }
      }

      @Override
      public Position position() {
        return start;
      }

      @Override
      public List<Message> storedMessages() {
        return kept;
      }

      @Override
      public CompletionStage<Position> publish(Message message) {
        CompletableFuture<Position> place = new CompletableFuture<>();
        underWay.add(
            () -> {
              Position position = new Position(epoch, ++last);
              all(wire -> wire.listener.onMessage(message.withPosition(position)));
              place.complete(position);
            });
        return place;
      }

      @Override
      public void signal(Message message) {
        underWay.add(() -> all(wire -> wire.listener.onMessage(message)));
      }

      @Override
      public void delete(Position position) {
        underWay.add(
            () ->
                all(
                    wire -> {
                      if (wire != this) {
                        wire.listener.onDelete(position);
                      }
                    }));
      }

      private void all(Consumer<Wire> deed) {
        List.copyOf(rooms.getOrDefault(room, List.of())).forEach(deed);
      }

      @Override
      public void close() {
        rooms.get(room).remove(this);
      }
    }

    @Override
    public Log open(Room room, Listener listener) {
      if (room.name().equals("broken")) {
        throw new IllegalStateException("no network");
      }
      Wire wire = new Wire(room, listener);
      rooms.computeIfAbsent(room.name(), none -> new ArrayList<>()).add(wire);
      return wire;
    }

    void deliver() {
      List<Runnable> some = List.copyOf(underWay);
      underWay.clear();
      some.forEach(Runnable::run);
    }

    int open() {
      return rooms.values().stream().mapToInt(List::size).sum();
    }
  }

  private static Room room(TestChat chat, String name) {
    return chat.chat().room(name).orElseThrow();
  }

  @Test
  void whatIsSaidHereIsHeardOnBothServersInOneOrderWhenItComesBack() {
    TestClient ann = here.connect("hall", "ann");
    TestClient bob = there.connect("hall", "bob");
    ann.send("one");
    bob.send("two");
    ann.send("three");
    assertEquals(List.of(), ann.received());
    network.deliver();
    assertEquals(List.of("one", "two", "three"), ann.received());
    assertEquals(List.of("one", "two", "three"), bob.received());
    assertEquals(room(here, "hall").position(), room(there, "hall").position());
  }

  @Test
  void thePositionIsKnownWhenTheBackplaneHasGivenIt() {
    TestClient ann = here.connect("hall", "ann");
    Room hall = room(here, "hall");
    List<Position> places = new ArrayList<>();
    List<Message> said = new ArrayList<>();
    ann.send("one");
    network.deliver();
    hall.history(HistoryRange.last(1)).orElseThrow().forEach(said::add);
    var unused = hall.publish(said.get(0)).thenAccept(places::add);
    assertEquals(List.of(), places);
    network.deliver();
    assertEquals(List.of(hall.position()), places);
  }

  @Test
  void whoComesInMeanwhileHearsItOnceAndWhatCameBeforeIsReplayed() {
    TestClient ann = here.connect("hall", "ann");
    ann.send("one");
    network.deliver();
    ann.send("two");
    TestClient bob =
        here.connect(AcceptedAdmission.of("bob", "hall").withReplay(HistoryRange.last(10)));
    assertEquals(List.of("one"), bob.received());
    network.deliver();
    assertEquals(List.of("two"), bob.received());
    assertEquals(List.of("one", "two"), ann.received());
  }

  @Test
  void rulesAreAskedWhereTheListenersAre() {
    TestClient ann = here.connect("ruled", "ann");
    TestClient deaf = there.connect("ruled", "deaf");
    TestClient bob = there.connect("ruled", "bob");
    ann.send("psst");
    network.deliver();
    assertEquals(List.of("psst"), bob.received());
    assertEquals(List.of(), deaf.received());
  }

  @Test
  void theOriginIsExcludedWhenItComesBack() {
    TestClient ann = here.connect("others", "ann");
    TestClient tab = here.connect("others", "ann");
    ann.send("hello");
    network.deliver();
    assertEquals(List.of(), ann.received());
    assertEquals(List.of("hello"), tab.received());
  }

  @Test
  void signalsGoToBothServersAndAreKeptByNeither() {
    TestClient ann = here.connect("hall", "ann");
    TestClient bob = there.connect("hall", "bob");
    ann.send("typed");
    network.deliver();
    Room hall = room(here, "hall");
    hall.signal(hall.history(HistoryRange.last(1)).orElseThrow().get(0).withPayload("typing"));
    network.deliver();
    assertEquals(List.of("typed", "typing"), bob.received());
    assertEquals(1, room(there, "hall").history(HistoryRange.last(10)).orElseThrow().size());
    assertEquals(1, room(there, "hall").position().offset());
  }

  @Test
  void whatIsRemovedHereIsForgottenThereToo() {
    TestClient ann = here.connect("hall", "ann");
    TestClient bob = there.connect("hall", "bob");
    ann.send("oops");
    network.deliver();
    assertTrue(room(here, "hall").deleteMessage(room(here, "hall").position()).isPresent());
    assertEquals(List.of("oops"), bob.received());
    network.deliver();
    assertEquals(List.of("forget oops"), bob.received());
    assertEquals(List.of("oops", "forget oops"), ann.received());
    assertEquals(List.of(), room(there, "hall").history(HistoryRange.last(10)).orElseThrow());
  }

  @Test
  void anAnnouncementIsHeardWhenItComesBack() {
    TestClient ann = here.connect("hall", "ann");
    TestClient bob = there.connect("hall", "bob");
    here.chat().announce("soup is ready");
    assertEquals(List.of(), ann.received());
    network.deliver();
    assertEquals(List.of("soup is ready"), ann.received());
    assertEquals(List.of("soup is ready"), bob.received());
  }

  @Test
  void aServerThatOpensARoomLaterStartsWithWhatTheBackplaneHasKept() {
    here.connect("hall", "ann").send("one");
    network.deliver();
    TestClient bob =
        there.connect(
            AcceptedAdmission.of("bob", "old")
                .withReplay(HistoryRange.since(new Position("one", 0))));
    assertEquals(List.of("old"), bob.received());
    assertEquals(new Position("one", 1), room(there, "old").position());
  }

  @Test
  void aBackplaneThatHasLostEverythingBeginsANewEpoch() {
    TestClient ann = here.connect("hall", "ann");
    ann.send("one");
    network.deliver();
    Position before = room(here, "hall").position();
    network.epoch = "two";
    network.last = 0;
    ann.send("two");
    network.deliver();
    Room hall = room(here, "hall");
    assertEquals(new Position("two", 1), hall.position());
    assertEquals(Optional.empty(), hall.history(HistoryRange.since(before)));
    assertEquals(1, hall.history(HistoryRange.since(new Position("two", 0))).orElseThrow().size());
  }

  @Test
  void whatComesBackToARoomThatIsClosedIsHeardByNobody() {
    TestClient ann = here.connect("hall", "ann");
    there.connect("hall", "bob");
    ann.send("late");
    Room hall = room(here, "hall");
    hall.close("over");
    network.deliver();
    assertEquals(List.of(), ann.received());
    var unused =
        hall.publish(Message.announcement(hall, Payload.text("x"), hall.options().policy()));
    network.deliver();
    assertEquals(1, room(there, "hall").position().offset());
  }

  @Test
  void aRoomThatCannotBeOpenedLeavesNoTrace() {
    assertThrows(IllegalStateException.class, () -> here.chat().open("broken", options()));
    assertFalse(here.chat().room("broken").isPresent());
    try (LogCapture log = new LogCapture()) {
      assertEquals(Optional.of(CloseStatus.FAILED), here.connect("broken", "ann").closeStatus());
      assertEquals(1, log.messages().size());
    }
    assertEquals(0, here.chat().participants());
    assertFalse(here.chat().room("broken").isPresent());
  }
}
