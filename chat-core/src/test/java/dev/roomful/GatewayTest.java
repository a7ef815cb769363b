package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.transport.Gateway;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The settings of a chat as transports and handlers see them. */
class GatewayTest {
  private static Chat chat(Chat.Builder builder) {
    return TestChat.of(builder).chat();
  }

  @Test
  void callbacksMayBlockUnlessTheApplicationDeclaresThemNonBlocking() {
    assertTrue(Gateway.of(chat(Chat.builder(new RoomHandler() {}))).mayBlock());
    assertFalse(Gateway.of(chat(Chat.builder(new RoomHandler() {}).nonBlocking())).mayBlock());
  }

  @Test
  void limitsAreThoseOfTheChat() {
    Limits limits = Limits.defaults().withMessageBytes(7);
    assertSame(
        limits, Gateway.of(chat(Chat.builder(new RoomHandler() {}).limits(limits))).limits());
  }

  @Test
  void byDefaultThereIsNoHistoryAndVisitorsOnlySeeParticipants() {
    assertEquals(0, History.none().messages());
    Set<Role.Action> visitors = EnumSet.of(Role.Action.SEE_PARTICIPANTS);
    Set<Role.Action> members =
        EnumSet.of(Role.Action.SEE_PARTICIPANTS, Role.Action.PUBLISH, Role.Action.REACT);
    for (Role.Action action : Role.Action.values()) {
      assertEquals(visitors.contains(action), Role.defaultRule().allows(Role.VISITOR, action));
      assertEquals(members.contains(action), Role.defaultRule().allows(Role.MEMBER, action));
      assertEquals(
          action != Role.Action.EDIT_MESSAGES, Role.defaultRule().allows(Role.OWNER, action));
    }
  }
}
