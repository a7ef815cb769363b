package dev.roomful.jetty;

import dev.roomful.transport.Completion;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's WebSocket connection, with a way past its frames for whole batches. Either frames of
 * Jetty's (pings, pongs, the close) are on their way, or one batch is; what comes meanwhile waits.
 * So neither cuts the other, and no batch follows a close frame.
 */
final class BatchConnection extends WebSocketConnection {
  /** So many frames of one connection are read by Jetty's selector in one go. */
  private static final int MAX_FRAMES_ON_SELECTOR = 64;

  private final WebSocketCoreSession session;
  private final @Nullable Callback fillableCallback;
  private int framesRead;

  private final Object lock = new Object();
  private final Callback batchCallback = new BatchCallback();
  private @Nullable Completion completion; // guarded by the lock, as are all below
  private boolean batchInFlight;
  private @Nullable ByteBuffer waitingBatch;
  private int framesInFlight;
  private @Nullable Queue<OutgoingEntry> waitingFrames;

  /**
   * A connection for an upgrade that has not been opened.
   *
   * @param mayBlock whether handling what is read may block the thread that reads
   */
  BatchConnection(
      EndPoint endPoint,
      Executor executor,
      @Nullable Scheduler scheduler,
      ByteBufferPool buffers,
      WebSocketCoreSession session,
      boolean mayBlock) {
    super(endPoint, executor, scheduler, buffers, session);
    this.session = session;
    this.fillableCallback = mayBlock ? null : new FillableCallback();
  }

  /** Where nothing blocks, Jetty's selector reads by itself, in place of waking a thread for it. */
  @Override
  public void fillInterested() {
    if (fillableCallback == null) {
      super.fillInterested();
    } else {
      fillInterested(fillableCallback);
    }
  }

  @Override
  public void onFillable() {
    framesRead = 0;
    super.onFillable();
  }

  /**
   * Reading goes on until nothing is left, and a client that never stops would keep the selector
   * from all others: it is read by a thread of the pool from some point on.
   */
  @Override
  public void demand() {
    if (fillableCallback != null && ++framesRead == MAX_FRAMES_ON_SELECTOR) {
      getExecutor().execute(super::demand);
    } else {
      super.demand();
    }
  }

  /**
   * Writes whole frames, unmasked and unfragmented. One batch at a time: the next one may come when
   * this one's completion has been told.
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
    // Asked after the gate was taken: a close frame that is sent from now on comes behind the
    // batch.
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
      whenWritten.failed(failure);
    }
  }

  /** Jetty's own frames come here, by whatever way they were sent. */
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

  /** One for all batches: a write is over before the next one starts, and Jetty ends it once. */
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

  /** Tells the gate that a frame is written, or never will be, after its sender was told. */
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
