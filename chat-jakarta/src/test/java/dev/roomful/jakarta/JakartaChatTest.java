package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.transport.Gateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mounts that cannot work are rejected at once. */
class JakartaChatTest {
  private final Chat chat = Chat.of(new RoomHandler() {});
  private final Chat otherChat = Chat.of(new RoomHandler() {});

  @AfterEach
  void close() {
    chat.close();
    otherChat.close();
  }

  @Test
  void aGatewayOfAnotherChatIsRejected() {
    JakartaChat mount = JakartaChat.of(chat, "/chat/{room}");
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> mount.withGateway(Gateway.of(otherChat)));
    assertTrue(
        thrown
            .getMessage()
            .endsWith(
                "belongs to another chat than the one at /chat/{room}: create the gateway with the"
                    + " chat that is mounted"),
        thrown.getMessage());
    assertSame(chat, mount.withGateway(Gateway.of(chat)).chat());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chat/*", "/*", "/chat/{room}/*", "chat", "/chat/{}", "/{a}/{a}"})
  void aPathThatCannotBeMountedIsRejected(String path) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> JakartaChat.of(chat, path));
    assertEquals(0, thrown.getMessage().indexOf("the path \"" + path + "\" cannot be mounted"));
  }
}
