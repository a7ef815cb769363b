package dev.roomful.benchmarks;

import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;

/**
 * Creates endpoints. Several containers are on this class path, and each has a default configurator
 * that would be found.
 */
public final class EndpointConfigurator extends ServerEndpointConfig.Configurator {
  /** Called by the container. */
  public EndpointConfigurator() {}

  @Override
  public <T> T getEndpointInstance(Class<T> type) throws InstantiationException {
    try {
      return type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
    return "";
  }

  @Override
  public List<Extension> getNegotiatedExtensions(
      List<Extension> installed, List<Extension> requested) {
    return List.of();
  }

  @Override
  public boolean checkOrigin(String origin) {
    return true;
  }
}
