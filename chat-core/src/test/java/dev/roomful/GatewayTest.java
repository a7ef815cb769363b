package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.transport.Gateway;
import org.junit.jupiter.api.Test;

/** What transports and handlers are told of how a chat was built. */
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
      boolean seeing = action == Role.Action.SEE_PARTICIPANTS;
      assertEquals(seeing, Role.defaultRule().allows(Role.VISITOR, action));
      assertEquals(
          seeing || action == Role.Action.PUBLISH, Role.defaultRule().allows(Role.MEMBER, action));
      assertTrue(Role.defaultRule().allows(Role.MODERATOR, action));
    }
  }
}
