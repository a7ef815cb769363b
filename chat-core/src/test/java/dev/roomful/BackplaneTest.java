package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            .backplane(network)
            .room(
                "ruled",
                options().policy(BroadcastPolicy.rule((message, who) -> !who.id().equals("deaf"))))
            .room("others", options().policy(BroadcastPolicy.excludingOrigin()))
            .rooms(options()));
  }

  private static RoomOptions options() {
    return RoomOptions.defaults()
        .history(History.of(10))
        .notices(
            new Notices() {
              @Override
              public Payload removed(Message message) {
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
  private static final class Network implements Backplane {
    private final Map<String, List<Wire>> rooms = new HashMap<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private String epoch = "one";
    private long last;

    private final class Wire implements Line {
      private final String room;
      private final Listener listener;
      private final Position start = new Position(epoch, last);
      private List<Message> kept = List.of();

      Wire(Room room, Listener listener) {
        this.room = room.name();
        this.listener = listener;
        if (last > 0 && room.name().equals("old")) {
          Message before = Message.announced(room, Payload.text("old"), BroadcastPolicy.everyone());
          kept = List.of(before.at(start));
        }
      }

      @Override
      public Position position() {
        return start;
      }

      @Override
      public List<Message> kept() {
        return kept;
      }

      @Override
      public CompletionStage<Position> publish(Message message) {
        CompletableFuture<Position> place = new CompletableFuture<>();
        underWay.add(
            () -> {
              Position position = new Position(epoch, ++last);
              all(wire -> wire.listener.heard(message.at(position)));
              place.complete(position);
            });
        return place;
      }

      @Override
      public void signal(Message message) {
        underWay.add(() -> all(wire -> wire.listener.heard(message)));
      }

      @Override
      public void remove(Position position) {
        underWay.add(
            () ->
                all(
                    wire -> {
                      if (wire != this) {
                        wire.listener.removed(position);
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
    public Line open(Room room, Listener listener) {
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
    TestClient ann = here.enter("hall", "ann");
    TestClient bob = there.enter("hall", "bob");
    ann.say("one");
    bob.say("two");
    ann.say("three");
    assertEquals(List.of(), ann.heard());
    network.deliver();
    assertEquals(List.of("one", "two", "three"), ann.heard());
    assertEquals(List.of("one", "two", "three"), bob.heard());
    assertEquals(room(here, "hall").position(), room(there, "hall").position());
  }

  @Test
  void thePositionIsKnownWhenTheBackplaneHasGivenIt() {
    TestClient ann = here.enter("hall", "ann");
    Room hall = room(here, "hall");
    List<Position> places = new ArrayList<>();
    List<Message> said = new ArrayList<>();
    ann.say("one");
    network.deliver();
    hall.history(Page.last(1)).orElseThrow().forEach(said::add);
    var unused = hall.publish(said.get(0)).thenAccept(places::add);
    assertEquals(List.of(), places);
    network.deliver();
    assertEquals(List.of(hall.position()), places);
  }

  @Test
  void whoComesInMeanwhileHearsItOnceAndWhatCameBeforeIsReplayed() {
    TestClient ann = here.enter("hall", "ann");
    ann.say("one");
    network.deliver();
    ann.say("two");
    TestClient bob = here.enter(Entry.of("bob", "hall").replay(Page.last(10)));
    assertEquals(List.of("one"), bob.heard());
    network.deliver();
    assertEquals(List.of("two"), bob.heard());
    assertEquals(List.of("one", "two"), ann.heard());
  }

  @Test
  void rulesAreAskedWhereTheListenersAre() {
    TestClient ann = here.enter("ruled", "ann");
    TestClient deaf = there.enter("ruled", "deaf");
    TestClient bob = there.enter("ruled", "bob");
    ann.say("psst");
    network.deliver();
    assertEquals(List.of("psst"), bob.heard());
    assertEquals(List.of(), deaf.heard());
  }

  @Test
  void theOriginIsExcludedWhenItComesBack() {
    TestClient ann = here.enter("others", "ann");
    TestClient tab = here.enter("others", "ann");
    ann.say("hello");
    network.deliver();
    assertEquals(List.of(), ann.heard());
    assertEquals(List.of("hello"), tab.heard());
  }

  @Test
  void signalsGoToBothServersAndAreKeptByNeither() {
    TestClient ann = here.enter("hall", "ann");
    TestClient bob = there.enter("hall", "bob");
    ann.say("typed");
    network.deliver();
    Room hall = room(here, "hall");
    hall.signal(hall.history(Page.last(1)).orElseThrow().get(0).with("typing"));
    network.deliver();
    assertEquals(List.of("typed", "typing"), bob.heard());
    assertEquals(1, room(there, "hall").history(Page.last(10)).orElseThrow().size());
    assertEquals(1, room(there, "hall").position().offset());
  }

  @Test
  void whatIsRemovedHereIsForgottenThereToo() {
    TestClient ann = here.enter("hall", "ann");
    TestClient bob = there.enter("hall", "bob");
    ann.say("oops");
    network.deliver();
    assertTrue(room(here, "hall").remove(room(here, "hall").position()).isPresent());
    assertEquals(List.of("oops"), bob.heard());
    network.deliver();
    assertEquals(List.of("forget oops"), bob.heard());
    assertEquals(List.of("oops", "forget oops"), ann.heard());
    assertEquals(List.of(), room(there, "hall").history(Page.last(10)).orElseThrow());
  }

  @Test
  void anAnnouncementIsHeardWhenItComesBack() {
    TestClient ann = here.enter("hall", "ann");
    TestClient bob = there.enter("hall", "bob");
    here.chat().announce("soup is ready");
    assertEquals(List.of(), ann.heard());
    network.deliver();
    assertEquals(List.of("soup is ready"), ann.heard());
    assertEquals(List.of("soup is ready"), bob.heard());
  }

  @Test
  void aServerThatOpensARoomLaterStartsWithWhatTheBackplaneHasKept() {
    here.enter("hall", "ann").say("one");
    network.deliver();
    TestClient bob = there.enter(Entry.of("bob", "old").replay(Page.since(new Position("one", 0))));
    assertEquals(List.of("old"), bob.heard());
    assertEquals(new Position("one", 1), room(there, "old").position());
  }

  @Test
  void aBackplaneThatHasLostEverythingBeginsANewEpoch() {
    TestClient ann = here.enter("hall", "ann");
    ann.say("one");
    network.deliver();
    Position before = room(here, "hall").position();
    network.epoch = "two";
    network.last = 0;
    ann.say("two");
    network.deliver();
    Room hall = room(here, "hall");
    assertEquals(new Position("two", 1), hall.position());
    assertEquals(Optional.empty(), hall.history(Page.since(before)));
    assertEquals(1, hall.history(Page.since(new Position("two", 0))).orElseThrow().size());
  }

  @Test
  void whatComesBackToARoomThatIsClosedIsHeardByNobody() {
    TestClient ann = here.enter("hall", "ann");
    there.enter("hall", "bob");
    ann.say("late");
    Room hall = room(here, "hall");
    hall.close("over");
    network.deliver();
    assertEquals(List.of(), ann.heard());
    var unused = hall.publish(Message.announced(hall, Payload.text("x"), hall.options().policy()));
    network.deliver();
    assertEquals(1, room(there, "hall").position().offset());
  }

  @Test
  void aRoomThatCannotBeOpenedLeavesNoTrace() {
    assertThrows(IllegalStateException.class, () -> here.chat().open("broken", options()));
    assertFalse(here.chat().room("broken").isPresent());
    try (LogCapture log = new LogCapture()) {
      assertEquals(Optional.of(CloseStatus.FAILED), here.enter("broken", "ann").closeStatus());
      assertEquals(1, log.messages().size());
    }
    assertEquals(0, here.chat().participants());
    assertFalse(here.chat().room("broken").isPresent());
  }
}
