package dev.roomful.benchmarks;

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import org.glassfish.tyrus.core.TyrusSession;

/** Tyrus's broadcast reaches the sender as well; the client does not count that copy. */
@ServerEndpoint(value = LoopEndpoint.PATH, configurator = EndpointConfigurator.class)
@SuppressWarnings("FutureReturnValueIgnored") // as the usual chat does
public final class TyrusEndpoint {
  /** For the container. */
  public TyrusEndpoint() {}

  /** To itself, and to all. */
  @OnMessage
  public void onMessage(Session session, String text, @PathParam("id") String id) {
    session.getAsyncRemote().sendText("You wrote: " + text);
    ((TyrusSession) session).broadcast("Client #" + id + " says: " + text);
  }

  /** The close follows. */
  @OnError
  public void onError(Throwable cause) {}
}
