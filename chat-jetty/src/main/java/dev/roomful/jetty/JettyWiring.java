package dev.roomful.jetty;

import dev.roomful.Limits;
import dev.roomful.jakarta.Wiring;
import dev.roomful.transport.Connection;
import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/** Writes below the Jakarta API, to Jetty's core session. */
final class JettyWiring implements Wiring {
  private static final System.Logger LOG = System.getLogger("dev.roomful.jetty");

  private final boolean batches;

  JettyWiring() {
    batches = BatchCheck.passes();
    if (!batches) {
      LOG.log(
          Level.WARNING,
          "this version of Jetty does not write batches as expected; frames are written one by one");
    }
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    CoreSession core = ((JakartaWebSocketSession) session).getCoreSession();
    boolean extended =
        !(core instanceof WebSocketCoreSession known)
            || known.getExtensionStack().hasNegotiatedExtensions();
    return new JettyConnection(core, batches && !extended);
  }
}
