package dev.roomful.jakarta;

import dev.roomful.Entry;
import dev.roomful.Limits;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection: brings what its session tells to the chat. Public only because containers insist
 * on it; made by {@link JakartaChat}, and of no use to applications.
 */
public final class ChatEndpoint extends Endpoint {
  private static final System.Logger LOG = System.getLogger("dev.roomful.jakarta");

  private final JakartaChat mount;
  private final @Nullable Entry decided;
  private final Wiring wiring;
  private @Nullable Receiver receiver; // guarded by this, as is the next
  private @Nullable CloseReason closed;

  ChatEndpoint(JakartaChat mount, @Nullable Entry decided) {
    this(mount, decided, mount.wiring());
  }

  ChatEndpoint(JakartaChat mount, @Nullable Entry decided, Wiring wiring) {
    this.mount = mount;
    this.decided = decided;
    this.wiring = wiring;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    Entry entry = decided != null ? decided : Decision.take(session.getUserProperties());
    if (entry == null) {
      throw new IllegalStateException(
          "the container lost the user properties between the handshake and the session, or opens"
              + " a session twice");
    }
    Gateway gateway = mount.gateway();
    Limits limits = gateway.limits();
    // The chat looks after dead and stalled clients itself: containers' idle timeouts disagree on
    // both.
    session.setMaxIdleTimeout(0);
    Receiver opened =
        wiring.receiver(session, gateway.open(entry, wiring.connection(session, limits)), gateway);
    CloseReason early;
    synchronized (this) {
      receiver = opened;
      early = closed;
    }
    if (early != null) {
      tell(opened, early);
      return;
    }
    Pieces pieces = new Pieces(opened, limits.messageBytes());
    session.addMessageHandler(String.class, (MessageHandler.Partial<String>) pieces::text);
    session.addMessageHandler(
        ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>) pieces::binary);
    session.addMessageHandler(
        PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> opened.pong());
  }

  /** May come on any thread, also while a message is handled or while the opening still runs. */
  @Override
  public void onClose(Session session, CloseReason reason) {
    Receiver told;
    synchronized (this) {
      closed = closed == null ? reason : closed;
      told = receiver;
    }
    if (told != null) {
      tell(told, reason);
    }
  }

  /** What the client or the network did; the container closes the session for it. */
  @Override
  public void onError(Session session, Throwable cause) {
    LOG.log(Level.DEBUG, () -> "error on session " + session.getId(), cause);
  }

  private static void tell(Receiver receiver, CloseReason reason) {
    String words = reason.getReasonPhrase();
    receiver.closed(reason.getCloseCode().getCode(), words == null ? "" : words);
  }
}
