package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.admission.AcceptedAdmission;
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
  private final @Nullable AcceptedAdmission accepted;
  private final ServerBinding binding;
  private @Nullable Receiver receiver; // guarded by this, as is the next
  private @Nullable CloseReason closeReason;

  ChatEndpoint(JakartaChat mount, @Nullable AcceptedAdmission accepted) {
    this(mount, accepted, mount.binding());
  }

  ChatEndpoint(JakartaChat mount, @Nullable AcceptedAdmission accepted, ServerBinding binding) {
    this.mount = mount;
    this.accepted = accepted;
    this.binding = binding;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    AcceptedAdmission admission =
        accepted != null
            ? accepted
            : AdmittingConfigurator.takeAdmission(session.getUserProperties());
    if (admission == null) {
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
        binding.receiver(
            session, gateway.open(admission, binding.connection(session, limits)), gateway);
    CloseReason earlyClose;
    synchronized (this) {
      receiver = opened;
      earlyClose = closeReason;
    }
    if (earlyClose != null) {
      notifyClosed(opened, earlyClose);
      return;
    }
    MessageAssembler assembler = new MessageAssembler(opened, limits.messageBytes());
    session.addMessageHandler(String.class, (MessageHandler.Partial<String>) assembler::text);
    session.addMessageHandler(
        ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>) assembler::binary);
    session.addMessageHandler(
        PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> opened.pong());
  }

  /** May come on any thread, also while a message is handled or while the opening still runs. */
  @Override
  public void onClose(Session session, CloseReason reason) {
    Receiver opened;
    synchronized (this) {
      closeReason = closeReason == null ? reason : closeReason;
      opened = receiver;
    }
    if (opened != null) {
      notifyClosed(opened, reason);
    }
  }

  /** What the client or the network did; the container closes the session for it. */
  @Override
  public void onError(Session session, Throwable cause) {
    LOG.log(Level.DEBUG, () -> "error on session " + session.getId(), cause);
  }

  private static void notifyClosed(Receiver receiver, CloseReason reason) {
    String phrase = reason.getReasonPhrase();
    receiver.closed(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
  }
}
