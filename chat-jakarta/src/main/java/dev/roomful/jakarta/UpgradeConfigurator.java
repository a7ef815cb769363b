package dev.roomful.jakarta;

import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configurator of one handshake that has been accepted. It overrides every method: the default
 * comes from whichever container is first on the class path, and may differ.
 */
class UpgradeConfigurator extends ServerEndpointConfig.Configurator {
  private final JakartaChat mount;
  private final @Nullable AcceptedHandshake handshake;

  /**
   * @param handshake the accepted handshake; null if the session's user properties will hold it
   */
  UpgradeConfigurator(JakartaChat mount, @Nullable AcceptedHandshake handshake) {
    this.mount = mount;
    this.handshake = handshake;
  }

  @Override
  public boolean checkOrigin(String origin) {
    return true; // Gateway.admit has checked it.
  }

  @Override
  public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
    return requested.stream().filter(mount.subprotocols()::contains).findFirst().orElse("");
  }

  /** Returns none: a container's deflate would compress every message once for each recipient. */
  @Override
  public List<Extension> getNegotiatedExtensions(
      List<Extension> installed, List<Extension> requested) {
    return List.of();
  }

  @Override
  public void modifyHandshake(
      ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {}

  @Override
  public <T> T getEndpointInstance(Class<T> endpointClass) {
    return endpointClass.cast(new ChatEndpoint(mount, handshake));
  }
}
