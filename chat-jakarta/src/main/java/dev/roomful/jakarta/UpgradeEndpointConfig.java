package dev.roomful.jakarta;

import jakarta.websocket.Decoder;
import jakarta.websocket.Encoder;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The configuration of one upgrade. A container keeps it as long as the connection lives; one from
 * the API's own builder consists of ten objects.
 */
final class UpgradeEndpointConfig implements ServerEndpointConfig {
  private final JakartaChat mount;
  private final Configurator configurator;
  private final Map<String, Object> userProperties = new ConcurrentHashMap<>();

  UpgradeEndpointConfig(JakartaChat mount, Configurator configurator) {
    this.mount = mount;
    this.configurator = configurator;
  }

  @Override
  public Class<?> getEndpointClass() {
    return ChatEndpoint.class;
  }

  @Override
  public String getPath() {
    return mount.path().toString();
  }

  @Override
  public List<String> getSubprotocols() {
    return mount.subprotocols();
  }

  @Override
  public List<Extension> getExtensions() {
    return List.of();
  }

  @Override
  public Configurator getConfigurator() {
    return configurator;
  }

  @Override
  public List<Class<? extends Encoder>> getEncoders() {
    return List.of();
  }

  @Override
  public List<Class<? extends Decoder>> getDecoders() {
    return List.of();
  }

  @Override
  public Map<String, Object> getUserProperties() {
    return userProperties;
  }
}
