package dev.roomful.jakarta;

import dev.roomful.CloseStatus;
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
  private @Nullable Receiver receiver; // guarded by this, as is the next
  private @Nullable CloseStatus closedEarly;

  ChatEndpoint(JakartaChat mount, @Nullable Entry decided) {
    this.mount = mount;
    this.decided = decided;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    Entry entry =
        decided != null ? decided : (Entry) session.getUserProperties().get(Decision.ENTRY);
    if (entry == null) {
      throw new IllegalStateException(
          "the container lost the user properties between the handshake and the session");
    }
    Gateway gateway = mount.chat().gateway();
    Limits limits = gateway.limits();
    // The chat looks after dead and stalled clients itself: containers' idle timeouts disagree on
    // both.
    session.setMaxIdleTimeout(0);
    Receiver opened =
        mount
            .wiring()
            .receiver(
                session, gateway.open(entry, mount.wiring().connection(session, limits)), limits);
    CloseStatus early;
    synchronized (this) {
      receiver = opened;
      early = closedEarly;
    }
    if (early != null) {
      opened.closed(early.code(), early.reason());
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
    String words = reason.getReasonPhrase() == null ? "" : reason.getReasonPhrase();
    CloseStatus status = status(reason.getCloseCode().getCode(), words);
    Receiver told;
    synchronized (this) {
      closedEarly = status;
      told = receiver;
    }
    if (told != null) {
      told.closed(status.code(), status.reason());
    }
  }

  /** What the client or the network did; the container closes the session for it. */
  @Override
  public void onError(Session session, Throwable cause) {
    LOG.log(Level.DEBUG, () -> "error on session " + session.getId(), cause);
  }

  private static CloseStatus status(int code, String reason) {
    return code < 1000 || code > 4999 ? CloseStatus.LOST : new CloseStatus(code, reason);
  }
}
