package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.transport.Gateway;
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
    for (Role.Action action : Role.Action.values()) {
      boolean seesParticipants = action == Role.Action.SEE_PARTICIPANTS;
      assertEquals(seesParticipants, Role.defaultRule().allows(Role.VISITOR, action));
      assertEquals(
          seesParticipants || action == Role.Action.PUBLISH,
          Role.defaultRule().allows(Role.MEMBER, action));
      assertTrue(Role.defaultRule().allows(Role.MODERATOR, action));
    }
  }
}
