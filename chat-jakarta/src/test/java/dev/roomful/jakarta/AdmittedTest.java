package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.RoomHandler;
import jakarta.websocket.Extension;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmittedTest {
  private final Chat chat = Chat.of(new RoomHandler() {});
  private final JakartaChat mount =
      JakartaChat.of(chat, "/ws").subprotocols("roomful.v1", "roomful.v2");
  private final Admitted admitted = new Admitted(mount, Entry.of("ann", "hall"));

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void noExtensionIsNegotiatedWhateverIsInstalledAndAskedFor() {
    List<Extension> deflate = List.of(mock(Extension.class));
    assertEquals(List.of(), admitted.getNegotiatedExtensions(deflate, deflate));
  }

  @Test
  void theClientsFirstSubprotocolThatIsSpokenIsChosen() {
    assertEquals("roomful.v2", chosen("mqtt", "roomful.v2", "roomful.v1"));
    assertEquals("roomful.v1", chosen("roomful.v1"));
  }

  @Test
  void noSubprotocolIsChosenThatIsNotSpoken() {
    assertEquals("", chosen("mqtt"));
    assertEquals("", chosen());
  }

  @Test
  void theChatsOwnSubprotocolsCountAndNotTheContainersList() {
    assertEquals("", admitted.getNegotiatedSubprotocol(List.of("mqtt"), List.of("mqtt")));
  }

  private String chosen(String... requested) {
    return admitted.getNegotiatedSubprotocol(
        List.of("roomful.v1", "roomful.v2"), List.of(requested));
  }

  @Test
  void theOriginIsNotAskedForAgain() {
    assertTrue(admitted.checkOrigin("https://elsewhere.example"));
  }

  @Test
  void eachConnectionHasAnEndpointOfItsOwn() {
    assertNotSame(
        admitted.getEndpointInstance(ChatEndpoint.class),
        admitted.getEndpointInstance(ChatEndpoint.class));
  }
}
