package dev.roomful.benchmarks;

import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The loop as Tomcat's own example of a chat has it: one send after the other for each session. An
 * asynchronous send throws there while the one before has not ended, and the message is lost.
 */
@ServerEndpoint(value = LoopEndpoint.PATH, configurator = EndpointConfigurator.class)
public final class BlockingLoopEndpoint extends LoopEndpoint {
  /** Called by the container. */
  public BlockingLoopEndpoint() {}

  @Override
  void send(Session session, String text) {
    synchronized (session) {
      try {
        session.getBasicRemote().sendText(text);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
