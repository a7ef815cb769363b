package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes with nothing but the Jakarta API, to any container: a message at a time, the next one when
 * the one before has been sent.
 */
final class SessionConnection implements Connection {
  private static final System.Logger LOG = System.getLogger("dev.roomful.jakarta");

  private static final long CLOSE_SEND_TIMEOUT_MILLIS = 1000;

  private final Session session;
  private final RemoteEndpoint.Async remote;

  private SessionConnection(Session session) {
    this.session = session;
    this.remote = session.getAsyncRemote();
  }

  static SessionConnection of(Session session, Limits limits) {
    SessionConnection connection = new SessionConnection(session);
    // The Jakarta API cannot abort a connection; the container's own timeout can, once the chat's
    // has
    // passed and said why.
    connection.remote.setSendTimeout(limits.writeTimeout().plus(limits.closeTimeout()).toMillis());
    // Tomcat's name for how long a close frame may block; others ignore it.
    session
        .getUserProperties()
        .put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", CLOSE_SEND_TIMEOUT_MILLIS);
    return connection;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    new BatchWrite(batch, completion).proceed();
  }

  @Override
  public void ping(Completion completion) {
    try {
      remote.sendPing(ByteBuffer.allocate(0));
    } catch (IOException | RuntimeException failure) {
      completion.failed(failure);
      return;
    }
    completion.succeeded();
  }

  @Override
  public void close(int code, String reason) {
    closeSession(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
  }

  @Override
  public void abort() {
    closeSession(new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, ""));
  }

  private void closeSession(CloseReason reason) {
    try {
      session.close(reason);
    } catch (IOException | RuntimeException failure) {
      LOG.log(Level.DEBUG, "closing a session failed, it has gone", failure);
    }
  }

  /** One batch on its way. Containers may complete a send within the call or later, or twice. */
  private final class BatchWrite {
    private final Batch batch;
    private final Completion completion;
    private final AtomicInteger steps = new AtomicInteger();
    private int sent;
    private volatile @Nullable Throwable failure;

    BatchWrite(Batch batch, Completion completion) {
      this.batch = batch;
      this.completion = completion;
    }

    /**
     * Takes the next step, unless a thread is at it, which will then take it: a send that completes
     * within the call would otherwise recurse, once for each frame.
     */
    void proceed() {
      if (steps.getAndIncrement() != 0) {
        return;
      }
      do {
        Throwable cause = failure;
        if (cause != null) {
          completion.failed(cause);
          return;
        }
        if (sent == batch.size()) {
          completion.succeeded();
          return;
        }
        send(batch.frame(sent++));
      } while (steps.decrementAndGet() != 0);
    }

    private void send(Frame frame) {
      AtomicBoolean completed = new AtomicBoolean();
      SendHandler handler = result -> onSendResult(result, completed);
      try {
        if (frame.isText()) {
          remote.sendText(frame.text(), handler);
        } else {
          remote.sendBinary(frame.payload(), handler);
        }
      } catch (RuntimeException thrown) {
        // Closed between two frames: some containers throw where others complete with a failure.
        onSendResult(new SendResult(thrown), completed);
      }
    }

    private void onSendResult(SendResult result, AtomicBoolean completed) {
      if (completed.compareAndSet(false, true)) {
        if (!result.isOK()) {
          Throwable cause = result.getException();
          failure = cause == null ? new IOException("the container could not send") : cause;
        }
        proceed();
      }
    }
  }
}
