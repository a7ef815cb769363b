package dev.roomful.benchmarks;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The usual way to write a chat: a loop that sends to each session of a room. */
@ServerEndpoint(value = LoopEndpoint.PATH, configurator = EndpointConfigurator.class)
@SuppressWarnings("FutureReturnValueIgnored") // as usual in such a chat
public class LoopEndpoint {
  static final String PATH = "/ws/{id}";

  private static final ConcurrentMap<String, Set<Session>> ROOMS = new ConcurrentHashMap<>();

  private String id = "";
  private Set<Session> room = Set.of();

  /** Called by the container. */
  public LoopEndpoint() {}

  /** Adds the session to its room. */
  @OnOpen
  public void onOpen(Session session, @PathParam("id") String id) {
    this.id = id;
    String name = session.getRequestParameterMap().getOrDefault("room", List.of("lobby")).get(0);
    room = ROOMS.computeIfAbsent(name, ignored -> ConcurrentHashMap.newKeySet());
    room.add(session);
  }

  /** Replies, and sends the message to the others. */
  @OnMessage
  public void onMessage(Session session, String text) {
    send(session, "You wrote: " + text);
    String line = "Client #" + id + " says: " + text;
    for (Session other : room) {
      if (!other.equals(session) && other.isOpen()) {
        try {
          send(other, line);
        } catch (RuntimeException closed) {
          // closed after the check
        }
      }
    }
  }

  /** Sends without waiting for the client; most containers queue what is sent meanwhile. */
  void send(Session session, String text) {
    session.getAsyncRemote().sendText(text);
  }

  /** Removes the session from its room. */
  @OnClose
  public void onClose(Session session) {
    room.remove(session);
  }

  /** Does nothing: the container calls the method for the close afterwards. */
  @OnError
  public void onError(Throwable cause) {}
}
