package dev.roomful.jetty;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * Handles control frames before Jetty's Jakarta layer does.
 *
 * <ul>
 *   <li>A ping is reported to the chat as a pong is, so that the chat can limit the rate of both.
 *   <li>A ping never stops reading. One pong at most is unwritten; of the pings that come meanwhile
 *       the latest is answered (RFC 6455 section 5.5.3), so a client that does not read cannot fill
 *       the memory with pongs.
 *   <li>A close frame is reported to the chat at once, and answered after the messages before it
 *       were handled. Until then the sender can still be written to, and none of its messages is
 *       lost.
 *   <li>Empty fragments of a binary message are reported to the chat; Jetty does not pass them on.
 * </ul>
 */
final class ControlFrameHandler implements FrameHandler {
  private final FrameHandler jakarta;
  private final Executor executor;
  private volatile @Nullable CoreSession session;
  private volatile @Nullable Receiver receiver;
  private volatile @Nullable QueuedReceiver queue;
  private volatile @Nullable BatchConnection connection;
  private boolean pongInFlight; // guarded by this, as is the next
  private @Nullable ByteBuffer latestPing; // one that came while a pong was in flight
  private boolean binary; // the current message; used by the reading thread only

  /**
   * @param jakarta Jetty's handler for the Jakarta endpoint
   * @param executor runs callbacks that may block, within the scope of the application's context
   */
  ControlFrameHandler(FrameHandler jakarta, Executor executor) {
    this.jakarta = jakarta;
    this.executor = executor;
  }

  /** {@return a queue in front of a receiver that may block} */
  QueuedReceiver queueFor(Receiver receiver, BatchConnection batchConnection) {
    return new QueuedReceiver(receiver, executor, batchConnection::abort);
  }

  /**
   * Sets where input is reported from now on, and who learns that it has ended.
   *
   * @param opened a {@link QueuedReceiver} if the chat's handlers may block
   */
  void open(Receiver opened, BatchConnection batchConnection) {
    receiver = opened;
    queue = opened instanceof QueuedReceiver queued ? queued : null;
    connection = batchConnection;
  }

  @Override
  public void onOpen(CoreSession coreSession, Callback callback) {
    session = coreSession;
    jakarta.onOpen(coreSession, callback);
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    CoreSession core = session;
    QueuedReceiver queued = queue;
    if (frame.getOpCode() == OpCode.PING && core != null) {
      ByteBuffer payload = ByteBuffer.wrap(BufferUtil.toArray(frame.getPayload()));
      callback.succeeded();
      Receiver opened = receiver;
      if (opened != null) {
        opened.pong(); // A ping is a sign of life as a pong is, and costs as much.
      }
      answerPing(core, payload);
      core.demand();
    } else if (frame.getOpCode() == OpCode.CLOSE
        && queued != null
        && core != null
        && core.isOutputOpen()) {
      CloseStatus status = new CloseStatus(frame.getPayload().slice());
      queued.closing(status.getCode(), Objects.requireNonNullElse(status.getReason(), ""));
      queued.afterMessages(() -> onCloseFrame(frame, callback));
    } else {
      reportIfDropped(frame);
      jakarta.onFrame(frame, callback);
    }
  }

  private void reportIfDropped(Frame frame) {
    if (frame.getOpCode() == OpCode.BINARY || frame.getOpCode() == OpCode.TEXT) {
      binary = frame.getOpCode() == OpCode.BINARY;
    }
    Receiver opened = receiver;
    if (binary && frame.isDataFrame() && !frame.isFin() && !frame.hasPayload() && opened != null) {
      opened.fragment();
    }
  }

  private void onCloseFrame(Frame frame, Callback callback) {
    try {
      jakarta.onFrame(frame, callback);
    } catch (RuntimeException failure) {
      callback.failed(failure);
    }
  }

  private void answerPing(CoreSession core, ByteBuffer payload) {
    synchronized (this) {
      if (pongInFlight) {
        latestPing = payload;
        return;
      }
      pongInFlight = true;
    }
    sendPong(core, payload);
  }

  private void sendPong(CoreSession core, ByteBuffer payload) {
    Callback pongEnded = Callback.from(() -> pongEnded(core), failure -> pongFailed());
    core.sendFrame(new Frame(OpCode.PONG, payload), pongEnded, false);
  }

  private void pongEnded(CoreSession core) {
    ByteBuffer next;
    synchronized (this) {
      next = latestPing;
      latestPing = null;
      pongInFlight = next != null;
    }
    if (next != null) {
      sendPong(core, next);
    }
  }

  /** Leaves the pong in flight: a connection on which one failed can send no other. */
  private synchronized void pongFailed() {
    latestPing = null;
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    jakarta.onError(cause, callback);
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    QueuedReceiver queued = queue;
    if (queued == null) {
      reportClosed(status, callback);
    } else {
      // A close frame may wait for its turn. Its code counts, not that of a reset after it.
      queued.afterMessages(() -> reportClosed(status, callback));
    }
  }

  private void reportClosed(CloseStatus status, Callback callback) {
    jakarta.onClosed(status, callback);
    QueuedReceiver queued = queue;
    BatchConnection ended = connection;
    if (ended == null) {
      return;
    }
    if (queued == null) {
      ended.inputEnded();
    } else {
      queued.afterMessages(ended::inputEnded); // after the receiver's own closed, which is queued
    }
  }
}
