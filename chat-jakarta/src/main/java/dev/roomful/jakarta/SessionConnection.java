package dev.roomful.jakarta;

import dev.roomful.Limits;
import dev.roomful.internal.validation.FailureLog;
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
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes with nothing but the Jakarta API, in any container: one message at a time, the next one
 * when the previous one has been sent.
 *
 * <p>{@code ping} and {@code close} may block on Tomcat while a client does not read, for a second
 * at most. {@code abort} does not.
 */
final class SessionConnection implements Connection {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jakarta");

  private static final long SEND_TIMEOUT_MILLIS = 1000;

  /** Not zero, which Tomcat takes for "not set". */
  private static final long ABORT_TIMEOUT_MILLIS = 1;

  // Properties of a session that Tomcat reads at each use; other containers ignore them.
  static final String TOMCAT_SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
  static final String TOMCAT_CLOSE_FRAME_TIMEOUT =
      "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";
  static final String TOMCAT_SESSION_CLOSE_TIMEOUT =
      "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

  private final Session session;
  private final Map<String, Object> properties;
  private final RemoteEndpoint.Async remote;

  /** Runs a task behind the messages that the container has read; null once the input has ended. */
  private @Nullable Consumer<Runnable> input; // guarded by this

  private @Nullable Runnable heldFailure; // guarded by this

  private SessionConnection(Session session) {
    this.session = session;
    this.properties = session.getUserProperties(); // A closed session does not return them.
    this.remote = session.getAsyncRemote();
  }

  static SessionConnection of(Session session, Limits limits) {
    SessionConnection connection = new SessionConnection(session);
    // The Jakarta API cannot abort a connection. The container's timeout can; it is longer than the
    // chat's, which closes the connection with a code first.
    connection.remote.setSendTimeout(limits.writeTimeout().plus(limits.closeTimeout()).toMillis());
    connection.properties.put(TOMCAT_SEND_TIMEOUT, SEND_TIMEOUT_MILLIS);
    // By default Tomcat waits 30 s for the client's close frame, also after an abort.
    connection.properties.put(TOMCAT_SESSION_CLOSE_TIMEOUT, limits.closeTimeout().toMillis());
    return connection;
  }

  /**
   * From now on a failed write or ping is reported behind the messages that the container has read,
   * or at an abort. The chat takes a failure for the end, and would drop these messages.
   *
   * @param input runs a task behind these messages
   */
  synchronized void holdFailures(Consumer<Runnable> input) {
    this.input = input;
  }

  /** Called when every message was handled and the end of the input was reported. */
  void inputEnded() {
    synchronized (this) {
      input = null;
    }
    reportFailure();
  }

  private void fail(Completion completion, Throwable cause) {
    Consumer<Runnable> messages;
    synchronized (this) {
      messages = input;
      heldFailure = () -> completion.failed(cause);
    }
    if (messages == null) {
      reportFailure();
    } else if (!(cause instanceof IllegalStateException)) {
      messages.accept(this::reportFailure);
    }
    // Else the session is closed, and the container reports that: Tomcat answers the client's close
    // frame first.
  }

  private void reportFailure() {
    Runnable failure;
    synchronized (this) {
      failure = heldFailure;
      heldFailure = null;
    }
    if (failure != null) {
      failure.run();
    }
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
      fail(completion, failure);
      return;
    }
    completion.succeeded();
  }

  @Override
  public void close(int code, String reason) {
    closeSession(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason));
  }

  /**
   * Closes the session without waiting for the client. On Tomcat a close frame that cannot be sent
   * at once closes the socket; a close frame that can be sent leaves it open for the client's
   * answer, for the chat's close timeout.
   */
  @Override
  public void abort() {
    properties.put(TOMCAT_SEND_TIMEOUT, ABORT_TIMEOUT_MILLIS);
    properties.put(TOMCAT_CLOSE_FRAME_TIMEOUT, ABORT_TIMEOUT_MILLIS);
    closeSession(new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, ""));
    inputEnded();
  }

  private void closeSession(CloseReason reason) {
    try {
      session.close(reason);
    } catch (IOException | RuntimeException failure) {
      LOG.debug(() -> "closing a session failed; it was closed before", failure);
    }
  }

  /** One batch in flight. Containers complete a send within the call or later, or twice. */
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
     * Sends the next frame or completes the batch. If another call is in progress, that one does it
     * instead: a send that completes within the call would otherwise recurse once for each frame.
     */
    void proceed() {
      if (steps.getAndIncrement() != 0) {
        return;
      }
      do {
        Throwable cause = failure;
        if (cause != null) {
          fail(completion, cause);
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
        // Some containers throw for a closed session, others complete the send with a failure.
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
