package dev.roomful.jetty;

import dev.roomful.transport.Completion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's WebSocket connection, extended to write whole batches without Jetty's frame queue. At any
 * time either Jetty's own frames (ping, pong, close) are in flight or one batch is; the other
 * waits. So neither is written inside the other, and no batch follows a close frame.
 *
 * <p>On a stream of HTTP/2, a batch is the content of DATA frames.
 *
 * <p>Jetty's selector thread reads, since nothing that is called from there blocks: messages go to
 * a {@link QueuedReceiver}, or to handlers that do not block.
 */
final class BatchConnection extends WebSocketConnection {
  /** The selector thread reads this many frames of one connection before a pool thread does. */
  private static final int MAX_FRAMES_ON_SELECTOR = 64;

  private final WebSocketCoreSession session;
  private final Runnable resetStream;
  private final Callback fillableCallback = new FillableCallback();
  private volatile @Nullable QueuedReceiver queue;
  private int framesRead;

  private final Object lock = new Object();
  private final Callback batchCallback = new BatchCallback();
  private @Nullable Completion completion; // guarded by lock, as are all below
  private boolean batchInFlight;
  private @Nullable ByteBuffer waitingBatch;
  private int framesInFlight;
  private @Nullable Queue<OutgoingEntry> waitingFrames;
  private boolean holdsFailures;
  private @Nullable Runnable heldFailure;

  /**
   * Creates a connection for an upgrade that has not been opened.
   *
   * @param resetStream ends a stream of HTTP/2 at once; has no effect for a socket
   */
  BatchConnection(
      EndPoint endPoint,
      Executor executor,
      @Nullable Scheduler scheduler,
      ByteBufferPool buffers,
      WebSocketCoreSession session,
      Runnable resetStream) {
    super(endPoint, executor, scheduler, buffers, session);
    this.session = session;
    this.resetStream = resetStream;
  }

  /**
   * From now on a failed write is reported when the input has ended, or at an abort.
   *
   * <p>A client that sends its last messages and closes its socket makes the write of its own copy
   * fail while those messages are unread. The chat would take that failure for the end.
   *
   * @param queue pauses reading when it is full; null if the chat's handlers do not block
   */
  void open(@Nullable QueuedReceiver queue) {
    this.queue = queue;
    synchronized (lock) {
      holdsFailures = true;
    }
  }

  /** Called when every message was handled and the end of the input was reported. */
  void inputEnded() {
    Runnable failure;
    synchronized (lock) {
      holdsFailures = false;
      failure = heldFailure;
      heldFailure = null;
    }
    if (failure != null) {
      failure.run();
    }
  }

  /** Reports that a write or a ping failed, now or when the input has ended. */
  void fail(Completion failed, Throwable cause) {
    synchronized (lock) {
      // An exception of another kind says nothing about the input, which may never end.
      if (holdsFailures && cause instanceof IOException) {
        heldFailure = () -> failed.failed(cause);
        return;
      }
    }
    failed.failed(cause);
  }

  /** Closes the socket or resets the stream, and fails what is in flight. */
  void abort() {
    inputEnded();
    resetStream.run();
    session.abort();
  }

  @Override
  public void fillInterested() {
    fillInterested(fillableCallback);
  }

  @Override
  public void onFillable() {
    framesRead = 0;
    super.onFillable();
  }

  /**
   * Drops frames behind the client's close frame (RFC 6455 section 1.4). While the answer to it
   * waits for the messages before it, Jetty would take them for a failure and send no answer.
   */
  @Override
  protected void onFrame(Frame.Parsed frame) {
    if (session.isInputOpen()) {
      super.onFrame(frame);
    } else {
      frame.close();
    }
  }

  @Override
  public void demand() {
    QueuedReceiver queued = queue;
    if (queued == null) {
      demandNow();
    } else {
      queued.demand(this::demandNow);
    }
  }

  /**
   * Demands the next frame. Reading goes on until the socket is empty, so a client that never stops
   * sending would keep the selector thread from all other connections.
   */
  private void demandNow() {
    if (++framesRead == MAX_FRAMES_ON_SELECTOR) {
      getExecutor().execute(super::demand);
    } else {
      super.demand();
    }
  }

  /**
   * Writes whole frames, unmasked and unfragmented. The next batch may follow the completion of
   * this one.
   */
  void write(ByteBuffer wire, Completion whenWritten) {
    synchronized (lock) {
      completion = whenWritten;
      if (framesInFlight > 0) {
        waitingBatch = wire;
        return;
      }
      batchInFlight = true;
    }
    startBatch(wire);
  }

  private void startBatch(ByteBuffer wire) {
    // Checked while the batch counts as in flight: a later close frame waits for the batch.
    if (!session.isOutputOpen()) {
      batchEnded(new ClosedChannelException());
      return;
    }
    try {
      getEndPoint().write(batchCallback, wire);
    } catch (RuntimeException failure) {
      batchEnded(failure);
    }
  }

  private void batchEnded(@Nullable Throwable failure) {
    Completion whenWritten;
    Queue<OutgoingEntry> frames;
    synchronized (lock) {
      whenWritten = completion;
      completion = null;
      batchInFlight = false;
      frames = waitingFrames;
      waitingFrames = null;
      framesInFlight += frames == null ? 0 : frames.size();
    }
    if (frames != null) {
      frames.forEach(super::enqueueFrame);
    }
    if (whenWritten == null) {
      return;
    }
    if (failure == null) {
      whenWritten.succeeded();
    } else {
      fail(whenWritten, failure);
    }
  }

  /** Receives every frame that Jetty sends by itself. */
  @Override
  public void enqueueFrame(OutgoingEntry entry) {
    OutgoingEntry tracked =
        new OutgoingEntry.Builder(entry).callback(new FrameCallback(entry.getCallback())).build();
    synchronized (lock) {
      if (batchInFlight) {
        if (waitingFrames == null) {
          waitingFrames = new ArrayDeque<>(2);
        }
        waitingFrames.add(tracked);
        return;
      }
      framesInFlight++;
    }
    super.enqueueFrame(tracked);
  }

  private void frameEnded() {
    ByteBuffer wire;
    synchronized (lock) {
      framesInFlight--;
      wire = framesInFlight == 0 ? waitingBatch : null;
      if (wire == null) {
        return;
      }
      waitingBatch = null;
      batchInFlight = true;
    }
    startBatch(wire);
  }

  /** Serves all batches: one write is in flight at a time, and Jetty completes it once. */
  private final class BatchCallback implements Callback {
    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void succeeded() {
      batchEnded(null);
    }

    @Override
    public void failed(Throwable cause) {
      batchEnded(cause);
    }
  }

  private final class FillableCallback implements Callback {
    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void succeeded() {
      onFillable();
    }

    @Override
    public void failed(Throwable cause) {
      onFillInterestedFailed(cause);
    }
  }

  /** Counts a frame as written or failed, after its sender's callback. */
  private final class FrameCallback extends Callback.Nested {
    FrameCallback(Callback sender) {
      super(sender);
    }

    @Override
    public void completed() {
      frameEnded();
    }
  }
}
