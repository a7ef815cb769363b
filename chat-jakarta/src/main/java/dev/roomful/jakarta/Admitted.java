package dev.roomful.jakarta;

import dev.roomful.Entry;
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
class Admitted extends ServerEndpointConfig.Configurator {
  private final JakartaChat mount;
  private final @Nullable Entry entry;
  private final Wiring wiring;

  /** Without an entry, the session's user properties have it. */
  Admitted(JakartaChat mount, @Nullable Entry entry) {
    this(mount, entry, mount.wiring());
  }

  Admitted(JakartaChat mount, @Nullable Entry entry, Wiring wiring) {
    this.mount = mount;
    this.entry = entry;
    this.wiring = wiring;
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
    return endpointClass.cast(new ChatEndpoint(mount, entry, wiring));
  }
}
