package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Connects one WebSocket session to the chat. Public only because containers require it; {@link
 * JakartaChat} creates it, and applications have no use for it.
 */
public final class ChatEndpoint extends Endpoint {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jakarta");

  private final JakartaChat mount;
  private @Nullable AcceptedHandshake handshake; // until the session is opened
  private @Nullable Receiver receiver; // guarded by this
  private @Nullable CloseReason closeReason; // guarded by this
  private Runnable removeFromHttpSession = () -> {}; // guarded by this

  /**
   * @param handshake the accepted handshake; null if the session's user properties hold it
   */
  ChatEndpoint(JakartaChat mount, @Nullable AcceptedHandshake handshake) {
    this.mount = mount;
    this.handshake = handshake;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    AcceptedHandshake accepted =
        handshake == null
            ? AdmittingConfigurator.acceptedHandshake(session.getUserProperties())
            : handshake;
    handshake = null;
    AcceptedAdmission admission = accepted == null ? null : accepted.take();
    if (accepted == null || admission == null) {
      throw new IllegalStateException(
          "session "
              + session.getId()
              + " has no accepted handshake: the container lost the user properties of the"
              + " handshake, or opened the session twice");
    }
    ServerBinding binding = accepted.binding();
    Gateway gateway = mount.gateway();
    Limits limits = gateway.limits();
    // The chat detects dead and stalled clients itself; containers disagree on what is idle.
    session.setMaxIdleTimeout(0);
    boolean httpSessionEnded = !addToHttpSession(session, accepted.httpSession());
    Connection connection = binding.connection(session, limits);
    if (limits.connectionsPerAddress() < Integer.MAX_VALUE) { // else nobody asks for the address
      connection = new AddressedConnection(connection, accepted.remoteAddress());
    }
    Receiver opened = binding.receiver(session, gateway.open(admission, connection), gateway);
    CloseReason earlyClose;
    Runnable remove;
    synchronized (this) {
      receiver = opened;
      earlyClose = closeReason;
      remove = removeFromHttpSession;
    }
    if (earlyClose != null) {
      remove.run();
      notifyClosed(opened, earlyClose);
      return;
    }
    MessageAssembler assembler = new MessageAssembler(opened, limits.messageBytes());
    session.addMessageHandler(String.class, (MessageHandler.Partial<String>) assembler::text);
    session.addMessageHandler(
        ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>) assembler::binary);
    session.addMessageHandler(
        PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> opened.pong());
    if (httpSessionEnded) {
      closeWithHttpSession(session);
    }
  }

  /** {@return false if the HTTP session has ended since the handshake} */
  private boolean addToHttpSession(Session session, @Nullable HttpSessionRegistry httpSession) {
    if (httpSession == null) {
      return true;
    }
    Runnable close = () -> closeWithHttpSession(session);
    synchronized (this) {
      removeFromHttpSession = () -> httpSession.remove(close);
    }
    return httpSession.add(close);
  }

  private static void closeWithHttpSession(Session session) {
    try {
      session.close(
          new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "the HTTP session has ended"));
    } catch (IOException | IllegalStateException closed) {
      LOG.debug(() -> "closing a session with its HTTP session failed", closed);
    }
  }

  /** Called on any thread, possibly while a message is handled or {@link #onOpen} still runs. */
  @Override
  public void onClose(Session session, CloseReason reason) {
    Receiver opened;
    Runnable remove;
    synchronized (this) {
      closeReason = closeReason == null ? reason : closeReason;
      opened = receiver;
      remove = removeFromHttpSession;
    }
    remove.run();
    if (opened != null) {
      notifyClosed(opened, reason);
    }
  }

  /** Logs an error of the client or the network; the container closes the session. */
  @Override
  public void onError(Session session, Throwable cause) {
    LOG.debug(() -> "error on session " + session.getId(), cause);
  }

  private static void notifyClosed(Receiver receiver, CloseReason reason) {
    String phrase = reason.getReasonPhrase();
    receiver.closed(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
  }
}
