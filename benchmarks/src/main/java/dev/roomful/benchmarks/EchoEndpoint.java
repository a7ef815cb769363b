package dev.roomful.benchmarks;

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** The least that answers a message. */
@ServerEndpoint(value = LoopEndpoint.PATH, configurator = EndpointConfigurator.class)
public final class EchoEndpoint {
  /** Called by the container. */
  public EchoEndpoint() {}

  /** Returns the reply. */
  @OnMessage
  public String onMessage(String text) {
    return "You wrote: " + text;
  }

  /** Does nothing: the container calls the method for a connection that was lost. */
  @OnError
  public void onError(Throwable cause) {}
}
