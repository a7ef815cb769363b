package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import org.junit.jupiter.api.Test;

/** What transports and handlers are told of how a chat was built. */
class GatewayTest {
  private static Chat chat(Chat.Builder builder) {
    return TestChat.of(builder).chat();
  }

  @Test
  void callbacksMayBlockUnlessTheApplicationPromisedThatTheyDoNot() {
    assertTrue(chat(Chat.builder(new RoomHandler() {})).gateway().mayBlock());
    assertFalse(chat(Chat.builder(new RoomHandler() {}).nonBlocking()).gateway().mayBlock());
  }

  @Test
  void theLimitsAreThoseOfTheChat() {
    Limits limits = Limits.defaults().withMessageBytes(7);
    assertSame(limits, chat(Chat.builder(new RoomHandler() {}).limits(limits)).gateway().limits());
  }

  @Test
  void whereNothingIsSaidNothingIsKeptAndVisitorsListen() {
    assertEquals(0, History.none().messages());
    for (Role.Action act : Role.Action.values()) {
      boolean seeing = act == Role.Action.SEE_PARTICIPANTS;
      assertEquals(seeing, Role.defaultRule().allows(Role.VISITOR, act));
      assertEquals(
          seeing || act == Role.Action.PUBLISH, Role.defaultRule().allows(Role.MEMBER, act));
      assertTrue(Role.defaultRule().allows(Role.MODERATOR, act));
    }
  }
}
