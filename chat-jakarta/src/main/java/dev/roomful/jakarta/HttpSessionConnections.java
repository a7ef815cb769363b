package dev.roomful.jakarta;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The open connections of one HTTP session, stored as an attribute of the session: the container
 * tells an attribute when its session is invalidated or expires. The connections are closed then,
 * as Jakarta WebSocket 2.1 section 7.2 demands; of Jetty, Undertow and Tomcat only Tomcat does it,
 * and only for sessions with a principal.
 *
 * <p>Serializable, since a container may store or replicate sessions. Connections belong to one
 * process, so a copy starts without any.
 */
final class HttpSessionConnections
    implements HttpSessionRegistry, HttpSessionBindingListener, Serializable {
  static final String ATTRIBUTE = HttpSessionConnections.class.getName();

  private static final long serialVersionUID = 1;

  /** Containers have no atomic "get or set" for attributes. */
  private static final Object CREATION = new Object();

  private final transient Set<Runnable> connections = new LinkedHashSet<>(); // guarded by this
  private transient boolean ended; // guarded by this

  private HttpSessionConnections() {}

  /** {@return the connections of a session, which has ended if the session is invalid} */
  static HttpSessionConnections of(HttpSession session) {
    synchronized (CREATION) {
      HttpSessionConnections created = new HttpSessionConnections();
      try {
        if (session.getAttribute(ATTRIBUTE) instanceof HttpSessionConnections existing) {
          return existing;
        }
        session.setAttribute(ATTRIBUTE, created);
      } catch (IllegalStateException invalidated) {
        created.ended = true;
      }
      return created;
    }
  }

  @Override
  public synchronized boolean add(Runnable close) {
    return !ended && connections.add(close);
  }

  @Override
  public synchronized void remove(Runnable close) {
    connections.remove(close);
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    List<Runnable> closing;
    synchronized (this) {
      ended = true;
      closing = List.copyOf(connections);
      connections.clear();
    }
    closing.forEach(Runnable::run);
  }

  private Object readResolve() {
    return new HttpSessionConnections();
  }
}
