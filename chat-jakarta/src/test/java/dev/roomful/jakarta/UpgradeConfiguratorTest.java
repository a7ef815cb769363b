package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import jakarta.websocket.Extension;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeConfiguratorTest {
  private final Chat chat = Chat.of(new RoomHandler() {});
  private final JakartaChat mount =
      JakartaChat.of(chat, "/ws").withSubprotocols("roomful.v1", "roomful.v2");
  private final UpgradeConfigurator configurator =
      new UpgradeConfigurator(
          mount,
          new AcceptedHandshake(
              AcceptedAdmission.of("ann", "hall"), ServerBinding.plain(), null, null));

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void noExtensionIsNegotiatedWhateverIsInstalledAndRequested() {
    List<Extension> deflate = List.of(mock(Extension.class));
    assertEquals(List.of(), configurator.getNegotiatedExtensions(deflate, deflate));
  }

  @Test
  void theClientsFirstSupportedSubprotocolIsChosen() {
    assertEquals("roomful.v2", negotiated("mqtt", "roomful.v2", "roomful.v1"));
    assertEquals("roomful.v1", negotiated("roomful.v1"));
  }

  @Test
  void noUnsupportedSubprotocolIsChosen() {
    assertEquals("", negotiated("mqtt"));
    assertEquals("", negotiated());
  }

  @Test
  void theChatsOwnSubprotocolsCountAndNotTheContainersList() {
    assertEquals("", configurator.getNegotiatedSubprotocol(List.of("mqtt"), List.of("mqtt")));
  }

  private String negotiated(String... requested) {
    return configurator.getNegotiatedSubprotocol(
        List.of("roomful.v1", "roomful.v2"), List.of(requested));
  }

  @Test
  void theOriginIsNotCheckedAgain() {
    assertTrue(configurator.checkOrigin("https://elsewhere.example"));
  }

  @Test
  void eachConnectionHasAnEndpointOfItsOwn() {
    assertNotSame(
        configurator.getEndpointInstance(ChatEndpoint.class),
        configurator.getEndpointInstance(ChatEndpoint.class));
  }
}
