package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomRolesTest {
  @TempDir private Path folder;

  private final AtomicLong nanoTime = new AtomicLong();
  private final RoomHandler handler = handler(RoomOwners.inMemory());

  private static RoomHandler handler(RoomOwners owners) {
    return new RoomHandler() {
      @Override
      public void onJoin(Room room, Participant participant) {
        RoomRoles.ensureOwner(room, owners);
      }

      @Override
      public void onLeave(Room room, Participant participant, CloseStatus status) {
        RoomRoles.ensureOwner(room, owners);
      }
    };
  }

  private final TestChat chat = TestChat.of(handler);

  @AfterEach
  void close() {
    chat.close();
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  @Test
  void theFirstParticipantIsTheOwnerAndTheNextOneWhenItHasLeft() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    chat.connect("lobby", "cem");
    assertEquals(Map.of("ann", Role.OWNER), RoomRoles.rolesIn(lobby()));
    ann.close();
    assertEquals(Map.of("bob", Role.OWNER), RoomRoles.rolesIn(lobby()));
    chat.connect("lobby", "ann");
    assertEquals(Optional.of(Role.MEMBER), lobby().role("ann"));
    bob.close();
    assertEquals(Map.of("cem", Role.OWNER), RoomRoles.rolesIn(lobby()));
  }

  @Test
  void aRoomWithAnotherOwnerGetsNoNewOne() {
    TestClient ann = chat.connect("lobby", "ann");
    chat.connect("lobby", "bob");
    chat.connect("lobby", "cem");
    assertEquals(Outcome.done(), RoomRoles.setRole(lobby(), "cem", Role.OWNER));
    ann.close();
    assertEquals(Map.of("cem", Role.OWNER), RoomRoles.rolesIn(lobby()));
  }

  @Test
  void afterARestartARoomWaitsAMinuteForItsOwner() {
    try (TestChat before = startWithFile()) {
      before.connect("lobby", "ann");
      before.connect("tea", "bob");
    }
    try (TestChat restarted = startWithFile()) {
      restarted.connect("lobby", "bob");
      Room room = restarted.chat().room("lobby").orElseThrow();
      assertEquals(Map.of(), RoomRoles.rolesIn(room));
      restarted.connect("lobby", "ann");
      assertEquals(Map.of("ann", Role.OWNER), RoomRoles.rolesIn(room));
      restarted.connect("new", "cem");
      assertEquals(
          Map.of("cem", Role.OWNER),
          RoomRoles.rolesIn(restarted.chat().room("new").orElseThrow()),
          "a room that had no owner before");

      nanoTime.addAndGet(RoomOwners.WAIT.toNanos());
      restarted.connect("tea", "ann");
      assertEquals(
          Map.of("ann", Role.OWNER),
          RoomRoles.rolesIn(restarted.chat().room("tea").orElseThrow()),
          "its owner has not come back");
    }
  }

  private TestChat startWithFile() {
    return TestChat.of(handler(RoomOwners.in(folder.resolve("owners"), nanoTime::get)));
  }

  @Test
  void theRolesOfARoomAreTheSameOnAllNodes() {
    try (TestCluster cluster = TestChat.cluster(2, handler)) {
      TestClient ann = cluster.node(0).connect("lobby", "ann");
      cluster.node(1).connect("lobby", "bob");
      cluster.node(0).connect("lobby", "cem");
      Room there = cluster.node(1).chat().room("lobby").orElseThrow();
      assertEquals(Map.of("ann", Role.OWNER), RoomRoles.rolesIn(there));
      ann.close();
      assertEquals(Map.of("bob", Role.OWNER), RoomRoles.rolesIn(there));
      Room here = cluster.node(0).chat().room("lobby").orElseThrow();
      assertEquals(Map.of("bob", Role.OWNER), RoomRoles.rolesIn(here));
      cluster.node(1).crash();
      cluster.advance(Duration.ofSeconds(13));
      assertEquals(Map.of("cem", Role.OWNER), RoomRoles.rolesIn(here));
    }
  }

  @Test
  void aRoomKeepsABoundedNumberOfRoles() {
    chat.connect("lobby", "ann");
    for (int i = 1; i < RoomRoles.MAX_ROLES_PER_ROOM; i++) {
      chat.connect("lobby", "moderator " + i);
      assertEquals(Outcome.done(), RoomRoles.setRole(lobby(), "moderator " + i, Role.MODERATOR));
    }
    chat.connect("lobby", "bob");
    assertEquals(
        Optional.of(409),
        RoomRoles.setRole(lobby(), "bob", Role.MODERATOR)
            .rejection()
            .map(rejection -> rejection.status()));
    assertEquals(Optional.of(Role.MEMBER), lobby().role("bob"));

    assertEquals(Outcome.done(), RoomRoles.setRole(lobby(), "moderator 1", Role.MEMBER));
    assertEquals(Outcome.done(), RoomRoles.setRole(lobby(), "bob", Role.MODERATOR));
  }

  @Test
  void aParticipantThatIsNotInTheRoomGetsNoRole() {
    chat.connect("lobby", "ann");
    assertEquals(
        Optional.of(404),
        RoomRoles.setRole(lobby(), "bob", Role.MODERATOR)
            .rejection()
            .map(rejection -> rejection.status()));
    assertEquals(Map.of("ann", Role.OWNER), RoomRoles.rolesIn(lobby()));
  }
}
