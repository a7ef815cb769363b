package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The name and the role of a participant that is admitted again while it is connected. */
class ReadmissionTest {
  private static final RoomNotices NOTICES =
      new RoomNotices() {
        @Override
        public Payload participantUpdated(Room room, Participant participant) {
          return Payload.text("* " + participant.id() + " is called " + participant.name());
        }

        @Override
        public Payload roleChanged(Room room, Participant participant, Role role) {
          return Payload.text("* " + participant.id() + " is " + role);
        }
      };

  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .rooms(
                  RoomOptions.defaults()
                      .withNotices(NOTICES)
                      .withDisplayNames(DisplayNames.unique())));

  @AfterEach
  void close() {
    chat.close();
  }

  private TestClient connect(String id, String name, Role role) {
    return chat.connect(AcceptedAdmission.of(id, "lobby").withName(name).withRole(role));
  }

  private Optional<Role> roleOf(String id) {
    return chat.chat().room("lobby").orElseThrow().role(id);
  }

  private String nameOf(String id) {
    return chat.chat().participant(id).orElseThrow().name();
  }

  @Test
  void aDemotedModeratorIsDemotedOnItsOldConnectionToo() {
    TestClient ann = connect("ann", "Ann", Role.OWNER);
    TestClient old = connect("bob", "Bob", Role.MODERATOR);
    connect("bob", "Bob", Role.MEMBER);
    assertEquals(Optional.of(Role.MEMBER), roleOf("bob"));
    assertEquals(List.of("* bob is MEMBER"), ann.received());
    assertEquals(List.of("* bob is MEMBER"), old.received());
  }

  @Test
  void aRoleThatWasSetInTheRoomStaysWhenTheAdmissionIsTheSame() {
    TestClient ann = connect("ann", "Ann", Role.MEMBER);
    chat.chat().room("lobby").orElseThrow().setRole("ann", Role.OWNER);
    ann.received();
    connect("ann", "Ann", Role.MEMBER);
    assertEquals(Optional.of(Role.OWNER), roleOf("ann"));
    assertEquals(List.of(), ann.received());
  }

  @Test
  void aRoleStaysWhenTheApplicationLetsTheParticipantJoinAgain() {
    connect("ann", "Ann", Role.OWNER);
    chat.connect(AcceptedAdmission.of("ann", "kitchen").withName("Ann"));
    assertTrue(chat.chat().participant("ann").orElseThrow().join("lobby").isDone());
    assertEquals(Optional.of(Role.OWNER), roleOf("ann"));
  }

  @Test
  void aNameThatWasChangedElsewhereIsTheNameOnEveryConnection() {
    TestClient ann = connect("ann", "Ann", Role.MEMBER);
    connect("bob", "Bob", Role.MEMBER);
    connect("bob", "Robert", Role.MEMBER);
    assertEquals("Robert", nameOf("bob"));
    assertEquals(List.of("* bob is called Robert"), ann.received());
  }

  @Test
  void aNameThatTheParticipantChoseItselfStaysWhenTheAdmissionIsTheSame() {
    connect("bob", "Bob", Role.MEMBER);
    assertTrue(chat.chat().participant("bob").orElseThrow().rename("Bea").isDone());
    connect("bob", "Bob", Role.MEMBER);
    assertEquals("Bea", nameOf("bob"));
    chat.connect(AcceptedAdmission.of("bob", "lobby"));
    assertEquals("Bea", nameOf("bob"), "an admission without a name");
  }

  @Test
  void aNameThatAnotherParticipantUsesIsNotTaken() {
    connect("ann", "Ann", Role.MEMBER);
    connect("bob", "Bob", Role.MEMBER);
    assertEquals(Optional.empty(), connect("bob", "Ann", Role.MEMBER).closeStatus());
    assertEquals("Bob", nameOf("bob"));
  }
}
