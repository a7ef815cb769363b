package dev.roomful.benchmarks;

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import org.glassfish.tyrus.core.TyrusSession;

/** Tyrus's broadcast reaches the sender as well; the client does not count that copy. */
@ServerEndpoint(value = LoopEndpoint.PATH, configurator = EndpointConfigurator.class)
@SuppressWarnings("FutureReturnValueIgnored") // as usual in such a chat
public final class TyrusEndpoint {
  /** Called by the container. */
  public TyrusEndpoint() {}

  /** Replies, and sends the message to all clients. */
  @OnMessage
  public void onMessage(Session session, String text, @PathParam("id") String id) {
    session.getAsyncRemote().sendText("You wrote: " + text);
    ((TyrusSession) session).broadcast("Client #" + id + " says: " + text);
  }

  /** Does nothing: the container calls the method for the close afterwards. */
  @OnError
  public void onError(Throwable cause) {}
}
