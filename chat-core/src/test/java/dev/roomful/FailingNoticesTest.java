package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guarantee 9 for notices: the event takes place, and nobody gets the exception. */
class FailingNoticesTest {
  private boolean fails;
  private final List<String> events = new ArrayList<>();
  private final LogCapture log = new LogCapture();

  private static String thrownBy(String callback) {
    return callback
        + " threw an exception [event=room-callback-failed callback="
        + callback
        + " room=lobby]";
  }

  private final RoomNotices notices =
      new RoomNotices() {
        private Payload notice() {
          if (fails) {
            throw new IllegalStateException("no notice");
          }
          return Payload.text("notice");
        }

        @Override
        public Payload participantLeft(Room room, Participant participant) {
          return notice();
        }

        @Override
        public Payload participantUpdated(Room room, Participant participant) {
          return notice();
        }

        @Override
        public Payload messageDeleted(Message message) {
          return notice();
        }

        @Override
        public Payload topicChanged(Room room, String topic) {
          return notice();
        }

        @Override
        public Payload roleChanged(Room room, Participant participant, Role role) {
          return notice();
        }
      };

  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onUpdate(Room room, Participant participant) {
                      events.add("updated " + participant);
                    }

                    @Override
                    public void onLeave(Room room, Participant participant, CloseStatus status) {
                      events.add("left " + participant);
                    }
                  })
              .rooms(
                  RoomOptions.defaults()
                      .withNotices(notices)
                      .withHistory(History.of(10))
                      .withRoles(
                          (role, action) -> {
                            if (fails && role == Role.OWNER) {
                              throw new IllegalStateException("no rule");
                            }
                            return true;
                          })));

  @AfterEach
  void close() {
    log.close();
    chat.close();
  }

  @Test
  void theEventTakesPlaceWithoutANotice() {
    TestClient bob = chat.connect("lobby", "bob");
    TestClient ann = chat.connect("lobby", "ann");
    ann.send("hello");
    bob.received();
    Room lobby = chat.chat().room("lobby").orElseThrow();
    Participant participant = chat.chat().participant("ann").orElseThrow();
    fails = true;
    participant.update("mood", "good");
    assertEquals(List.of("updated ann"), events);
    assertEquals(Outcome.done(), lobby.setTopic("soup"));
    assertEquals("soup", lobby.topic());
    assertEquals(Outcome.done(), lobby.setRole("ann", Role.MODERATOR));
    assertEquals(Optional.of(Role.MODERATOR), lobby.role("ann"));
    Position position = lobby.position();
    assertEquals(Outcome.done(), lobby.deleteMessage(position));
    assertEquals(List.of(), lobby.history(HistoryRange.last(1).folded()).orElseThrow());
    assertEquals(Outcome.done(), participant.leave("lobby"));
    assertEquals(List.of("updated ann", "left ann"), events);
    assertEquals(List.of(), bob.received());
    assertTrue(bob.isOpen());
    assertEquals(
        List.of(
            thrownBy("RoomNotices.participantUpdated"),
            thrownBy("RoomNotices.participantLeft"),
            thrownBy("RoomNotices.topicChanged"),
            thrownBy("RoomNotices.roleChanged"),
            thrownBy("RoomNotices.messageDeleted"),
            thrownBy("RoomNotices.participantLeft")),
        log.messages());
    assertEquals(6, chat.chat().failedCallbacks());
  }

  @Test
  void aKickTakesPlaceWithoutANotice() {
    TestClient bob = chat.connect("lobby", "bob");
    TestClient ann = chat.connect("lobby", "ann");
    fails = true;
    Room lobby = chat.chat().room("lobby").orElseThrow();
    assertEquals(Outcome.done(), lobby.kick("ann", "enough"));
    assertEquals(4003, ann.closeStatus().orElseThrow().code());
    assertEquals(List.of(), bob.received());
  }

  @Test
  void aRoleRuleThatFailsAtALaterAdmissionCostsThatConnectionOnly() {
    TestClient first = chat.connect("lobby", "ann");
    fails = true;
    TestClient second = chat.connect(AcceptedAdmission.of("ann", "lobby").withRole(Role.OWNER));
    assertEquals(Optional.of(CloseStatus.FAILED), second.closeStatus());
    assertTrue(first.isOpen());
  }
}
