package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomDirectoryTest {
  private static final RoomOptions KEPT_FOR_A_MINUTE =
      RoomOptions.defaults().withKeepEmptyFor(Duration.ofMinutes(1));

  private final AtomicLong now = new AtomicLong();
  private final RoomDirectory directory = new RoomDirectory(now::get);
  private final TestChat chat = TestChat.of(builder(directory));

  private static Chat.Builder builder(RoomDirectory directory) {
    return Chat.builder(
            new RoomHandler() {
              @Override
              public void onJoin(Room room, Participant participant) {
                if (DirectRooms.isDirectRoom(room.name())) {
                  directory.recordDirectRoom(room, participant);
                }
              }
            })
        .rooms(KEPT_FOR_A_MINUTE)
        .room(SharedRooms.ROOM, SharedRooms.OPTIONS);
  }

  @AfterEach
  void close() {
    chat.close();
  }

  private List<String> openRooms() {
    return directory.openRooms(chat.chat()).stream()
        .map(room -> room.name() + " " + room.size())
        .toList();
  }

  private List<RoomDirectory.DirectRoom> directRooms(String id) {
    return directory.directRooms(chat.chat(), id);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void theListOfOpenRoomsIsSharedForASecondAndHasTheLargestFirst() {
    chat.connect("tea", "1");
    assertEquals(List.of("tea 1"), openRooms());
    chat.connect("lobby", "1");
    chat.connect("lobby", "2");
    pass(RoomDirectory.MAX_AGE.minusNanos(1));
    assertEquals(List.of("tea 1"), openRooms());
    pass(Duration.ofNanos(1));
    assertEquals(List.of("lobby 2", "tea 1"), openRooms());
  }

  @Test
  void theListOfOpenRoomsIsBounded() {
    for (int i = 0; i < RoomDirectory.MAX_ROOMS + 1; i++) {
      chat.connect("room " + i, "id " + i);
    }
    assertEquals(RoomDirectory.MAX_ROOMS, openRooms().size());
  }

  /** A size that changes during a sort makes {@code List.sort} throw from 32 elements on. */
  @Test
  void eachSizeIsReadOnce() {
    for (int i = 0; i < 100; i++) {
      chat.connect("room " + i, "id " + i);
    }
    Map<String, Integer> reads = new HashMap<>();
    List<RoomDirectory.OpenRoom> largest =
        RoomDirectory.OpenRoom.largest(
            chat.chat().rooms(),
            room -> {
              reads.merge(room.name(), 1, Integer::sum);
              return reads.size();
            },
            List.of());
    assertEquals(100, largest.size());
    assertEquals(Set.of(1), Set.copyOf(reads.values()));
  }

  @Test
  void aDirectRoomIsListedAtOnceForBothOfItsParticipants() {
    assertEquals(List.of(), directRooms("bob"));
    String room = DirectRooms.roomName("ann", "bob");
    chat.connect(AcceptedAdmission.of("ann", room).withName("Ann"));
    assertEquals(
        List.of(new RoomDirectory.DirectRoom(room, "ann", Optional.of("Ann"))), directRooms("bob"));
    assertEquals(
        List.of(new RoomDirectory.DirectRoom(room, "bob", Optional.empty())), directRooms("ann"));
    assertEquals(List.of(), directRooms("cem"));
    assertEquals(List.of(), openRooms());
  }

  @Test
  void theNameOfAParticipantThatHasLeftIsKeptAsLongAsTheRoom() {
    String room = DirectRooms.roomName("ann", "bob");
    chat.connect(AcceptedAdmission.of("ann", room).withName("Ann")).close();
    assertEquals(
        List.of(new RoomDirectory.DirectRoom(room, "ann", Optional.of("Ann"))), directRooms("bob"));
    chat.advance(Duration.ofMinutes(2));
    assertEquals(List.of(), directRooms("bob"));
  }

  @Test
  void theRoomsOfAllNodesAreListed() {
    List<RoomDirectory> directories =
        List.of(new RoomDirectory(now::get), new RoomDirectory(now::get));
    try (TestCluster cluster = TestChat.cluster(2, node -> builder(directories.get(node)))) {
      Chat first = cluster.node(0).chat();
      Chat second = cluster.node(1).chat();
      cluster.node(0).connect("tea", "1");
      cluster.node(0).connect("lobby", "1");
      cluster.node(1).connect("lobby", "2");
      first.room("tea").orElseThrow().setTopic("cake");
      directories.get(0).share(first);
      directories.get(1).share(second);
      cluster.deliver();
      for (int node = 0; node < 2; node++) {
        assertEquals(
            List.of(
                new RoomDirectory.OpenRoom("lobby", 2, ""),
                new RoomDirectory.OpenRoom("tea", 1, "cake")),
            directories.get(node).openRooms(cluster.node(node).chat()));
      }
      cluster.node(0).crash();
      cluster.advance(Duration.ofSeconds(16));
      directories.get(1).share(second);
      cluster.deliver();
      pass(RoomDirectory.MAX_AGE);
      assertEquals(
          List.of(new RoomDirectory.OpenRoom("lobby", 1, "")),
          directories.get(1).openRooms(second));
    }
  }

  @Test
  void aDirectRoomIsListedAtOnceOnAllNodes() {
    List<RoomDirectory> directories =
        List.of(new RoomDirectory(now::get), new RoomDirectory(now::get));
    try (TestCluster cluster = TestChat.cluster(2, node -> builder(directories.get(node)))) {
      String room = DirectRooms.roomName("ann", "bob");
      cluster.node(0).connect(AcceptedAdmission.of("ann", room).withName("Ann"));
      cluster.deliver();
      assertEquals(
          List.of(new RoomDirectory.DirectRoom(room, "ann", Optional.of("Ann"))),
          directories.get(1).directRooms(cluster.node(1).chat(), "bob"));
      assertEquals(List.of(), directories.get(1).directRooms(cluster.node(1).chat(), "cem"));
    }
  }
}
