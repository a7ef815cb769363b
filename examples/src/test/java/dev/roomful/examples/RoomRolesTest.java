package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomRolesTest {
  private final RoomRoles roles = new RoomRoles();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(
              new RoomHandler() {
                @Override
                public void onJoin(Room room, Participant participant) {
                  roles.onJoin(room, participant);
                }

                @Override
                public void onLeave(Room room, Participant participant, CloseStatus status) {
                  roles.onLeave(room);
                }
              }));

  @AfterEach
  void close() {
    chat.close();
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  @Test
  void theFirstParticipantIsTheOwnerAndGetsItsRoleBack() {
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    assertEquals(Map.of("ann", Role.OWNER), roles.rolesIn(lobby()));
    ann.close();
    chat.connect("lobby", "ann");
    assertEquals(Optional.of(Role.OWNER), lobby().role("ann"));
    assertEquals(Optional.of(Role.MEMBER), lobby().role("bob"));
    bob.close();
  }

  @Test
  void theRolesOfARoomEndWithItsLastParticipant() {
    TestClient ann = chat.connect("lobby", "ann");
    Room room = lobby();
    ann.close();
    assertEquals(Map.of(), roles.rolesIn(room));
    chat.connect("lobby", "bob");
    assertEquals(Map.of("bob", Role.OWNER), roles.rolesIn(lobby()));
  }

  @Test
  void aRoomKeepsABoundedNumberOfRoles() {
    chat.connect("lobby", "ann");
    for (int i = 1; i < RoomRoles.MAX_ROLES_PER_ROOM; i++) {
      TestClient client = chat.connect("lobby", "moderator " + i);
      assertEquals(Outcome.done(), roles.setRole(lobby(), "moderator " + i, Role.MODERATOR));
      client.close();
    }
    chat.connect("lobby", "bob");
    assertEquals(
        Optional.of(409),
        roles
            .setRole(lobby(), "bob", Role.MODERATOR)
            .rejection()
            .map(rejection -> rejection.status()));
    assertEquals(Optional.of(Role.MEMBER), lobby().role("bob"));

    chat.connect("lobby", "moderator 1");
    assertEquals(Outcome.done(), roles.setRole(lobby(), "moderator 1", Role.MEMBER));
    assertEquals(Outcome.done(), roles.setRole(lobby(), "bob", Role.MODERATOR));
  }

  @Test
  void aParticipantThatIsNotInTheRoomGetsNoRole() {
    chat.connect("lobby", "ann");
    assertEquals(
        Optional.of(404),
        roles
            .setRole(lobby(), "bob", Role.MODERATOR)
            .rejection()
            .map(rejection -> rejection.status()));
    assertEquals(Map.of("ann", Role.OWNER), roles.rolesIn(lobby()));
  }
}
