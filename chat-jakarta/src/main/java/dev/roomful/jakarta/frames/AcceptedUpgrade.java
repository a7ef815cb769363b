package dev.roomful.jakarta.frames;

import dev.roomful.transport.Gateway;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * What an accepted handshake leaves for its connection.
 *
 * @param config the endpoint's settings, for this handshake alone
 * @param endpoint the endpoint that opens the session in the chat
 * @param gateway the chat
 * @param buffers the buffers of the threads that read
 */
public record AcceptedUpgrade(
    ServerEndpointConfig config, Endpoint endpoint, Gateway gateway, ReadBuffers buffers) {
  /**
   * {@return what a handshake leaves}
   *
   * @param config the endpoint's settings, for this handshake alone
   * @param gateway the chat
   * @param buffers the buffers of the threads that read, which all connections of a mount share
   */
  public static AcceptedUpgrade of(
      ServerEndpointConfig config, Gateway gateway, ReadBuffers buffers) {
    try {
      Object endpoint = config.getConfigurator().getEndpointInstance(config.getEndpointClass());
      return new AcceptedUpgrade(config, (Endpoint) endpoint, gateway, buffers);
    } catch (InstantiationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
