package dev.roomful.jakarta;

import dev.roomful.admission.AcceptedAdmission;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configurator of one handshake that was decided already. It overrides all that a container's
 * default could do otherwise, of which several may be on the class path.
 */
class UpgradeConfigurator extends ServerEndpointConfig.Configurator {
  private final JakartaChat mount;
  private final @Nullable AcceptedAdmission accepted;
  private final ServerBinding binding;

  /** Without an entry, the session's user properties have it. */
  UpgradeConfigurator(JakartaChat mount, @Nullable AcceptedAdmission accepted) {
    this(mount, accepted, mount.binding());
  }

  UpgradeConfigurator(
      JakartaChat mount, @Nullable AcceptedAdmission accepted, ServerBinding binding) {
    this.mount = mount;
    this.accepted = accepted;
    this.binding = binding;
  }

  @Override
  public boolean checkOrigin(String origin) {
    return true; // was checked against the chat's own list
  }

  @Override
  public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
    return requested.stream().filter(mount.subprotocols()::contains).findFirst().orElse("");
  }

  /** None: a container's deflate would compress every message once for each recipient. */
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
    return endpointClass.cast(new ChatEndpoint(mount, accepted, binding));
  }
}
