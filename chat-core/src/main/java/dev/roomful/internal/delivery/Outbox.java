package dev.roomful.internal.delivery;

import dev.roomful.CloseStatus;
import dev.roomful.Overflow;
import dev.roomful.internal.delivery.FrameRing.Mark;
import dev.roomful.internal.observation.FlightRecording;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Scheduler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue in front of one connection, and the only caller of the connection's operations
 * except {@code abort}. One operation is in flight at a time, and the first completion of it
 * counts. The connection is never called with this object's monitor held.
 *
 * <p>The monitor guards the state:
 *
 * <ul>
 *   <li><b>idle</b>: there is nothing to do; the outbox is not in the list of its write loop
 *   <li><b>ready</b>: in the list of the write loop, or in a {@link ReadyList} that will put it
 *       there
 *   <li><b>waiting</b>: a ping waits for a network thread; frames are still queued
 *   <li><b>busy</b>: an operation is in flight; frames are still queued
 *   <li><b>shut</b>: the close was scheduled, or the connection is lost; no operation starts any
 *       more
 * </ul>
 *
 * <p>One class has both the queue and the calls of the connection, because one monitor guards them.
 * An outbox is its queue instead of having one: a second object for each recipient makes the
 * fan-out to many recipients slower, and so does a larger one.
 */
public final class Outbox extends FrameRing {
  // Numbers, because a write to a reference field of an old object costs a barrier.
  private static final int IDLE = 0;
  private static final int READY = 1;
  private static final int WAITING = 2;
  private static final int BUSY = 3;
  private static final int SHUT = 4;

  /** Whose connection this is. */
  final Recipient recipient;

  private final Connection connection;
  private final WriteLoop writeLoop;
  private final Scheduler scheduler;
  private final int maxBytes;

  /** What is needed from the request to close on, apart from the outbox to keep that small. */
  private static final class Closing {
    final CloseStatus status;

    /** The close of any outbox that has lost a frame: there may be no memory for one more. */
    static final Closing FRAME_LOST = new Closing(CloseStatus.TOO_SLOW);

    /** The frames for this client alone that were dropped with all others. */
    List<Frame> unsent = List.of();

    Closing(CloseStatus status) {
      this.status = status;
    }
  }

  /** The link to the outbox behind this one in the list of the write loop. */
  @Nullable Outbox next;

  private int state = IDLE;
  private boolean merging;
  private boolean pingDue;
  private @Nullable Closing closing;
  private @Nullable OutboxOperation inFlight;
  private long inFlightBytes;
  private boolean timed; // whether startedAt belongs to the operation in flight
  private long startedAt;
  private OutboxOperation nextOperation = new OutboxOperation(this); // used by the write loop only

  /**
   * Creates an empty outbox.
   *
   * @param maxBytes the bound of what is queued and in flight
   * @param recipient learns of an operation that failed
   */
  public Outbox(
      Connection connection,
      WriteLoop writeLoop,
      Scheduler scheduler,
      int maxBytes,
      Recipient recipient) {
    this.connection = connection;
    this.writeLoop = writeLoop;
    this.scheduler = scheduler;
    this.maxBytes = maxBytes;
    this.recipient = recipient;
  }

  /** From now on, frames that are written at once are merged. */
  public synchronized void mergeFrames() {
    merging = true;
  }

  /**
   * Queues a frame; {@link #wake} must follow, outside of locks. At the bound, expendable frames
   * are dropped, or this frame is, or the outbox is closed. The frame itself is expendable unless
   * the policy is to disconnect.
   *
   * @return false if the outbox was full and is now closed with {@link CloseStatus#TOO_SLOW}
   */
  public boolean offer(Frame frame, Overflow overflow) {
    return offer(frame, overflow, null);
  }

  /**
   * Queues a frame, as {@link #offer(Frame, Overflow)} does.
   *
   * @param ready collects the outbox if it has become ready, or null to add it to its write loop
   */
  synchronized boolean offer(Frame frame, Overflow overflow, @Nullable ReadyList ready) {
    Mark mark = overflow == Overflow.DISCONNECT ? Mark.ESSENTIAL : Mark.EXPENDABLE;
    return offer(frame, overflow, mark, ready);
  }

  /**
   * Queues a frame for this client alone, as {@link #offer(Frame, Overflow)} does with the policy
   * to disconnect. {@link #takeUnsent} returns the frame if it is dropped with the others.
   */
  public synchronized boolean offerPersonal(Frame frame) {
    return offer(frame, Overflow.DISCONNECT, Mark.PERSONAL, null);
  }

  /**
   * Queues a signal, if three quarters of the outbox are free; {@link #wake} must follow, outside
   * of locks.
   */
  synchronized void offerSignal(Frame frame, ReadyList ready) {
    if (bytes() + inFlightBytes + FrameRing.cost(frame) <= maxBytes / 4) {
      offer(frame, Overflow.DROP_NEWEST, ready);
    } else if (closing == null) {
      ready.droppedSignals++;
    }
  }

  private boolean offer(Frame frame, Overflow overflow, Mark mark, @Nullable ReadyList ready) {
    if (closing != null) {
      return true;
    }
    long cost = FrameRing.cost(frame);
    if (bytes() + inFlightBytes + cost > maxBytes && !makeRoom(cost, overflow, ready)) {
      return overflow == Overflow.DISCONNECT ? closeTooSlow() : dropNewest(ready);
    }
    add(frame, mark, cost);
    if (ready == null) {
      becomeReady();
    } else if (state == IDLE) {
      state = READY;
      ready.add(this, writeLoop.number);
    }
    return true;
  }

  /**
   * Takes note that a frame could not be queued for want of memory: what is queued before it is
   * written, then the outbox is closed. Needs no memory. The deadline timer closes the session.
   */
  synchronized void frameLost() {
    if (closing == null) {
      closing = Closing.FRAME_LOST;
      pingDue = false;
      becomeReady();
    }
  }

  /** {@return the status with which this outbox has closed itself or was closed, or null} */
  public synchronized @Nullable CloseStatus closeStatus() {
    return closing == null ? null : closing.status;
  }

  private boolean makeRoom(long cost, Overflow overflow, @Nullable ReadyList ready) {
    if (overflow == Overflow.DROP_NEWEST) {
      return false;
    }
    long free = maxBytes - inFlightBytes - cost;
    int dropped = shrinkTo(free);
    if (ready != null) {
      ready.droppedOldest += dropped;
    }
    return bytes() <= free;
  }

  private static boolean dropNewest(@Nullable ReadyList ready) {
    if (ready != null) {
      ready.droppedNewest++;
    }
    return true;
  }

  private boolean closeTooSlow() {
    finish(CloseStatus.TOO_SLOW, false);
    return false;
  }

  /**
   * Reserves a place in the queue for a frame that is not encoded yet. Frames that are queued later
   * wait behind it. {@link #fillReservation} must follow.
   *
   * @return the reservation, or null if the outbox was full and is now closed with {@link
   *     CloseStatus#TOO_SLOW}
   */
  public synchronized @Nullable Frame reserve() {
    Frame reservation = Frame.text("");
    return offer(reservation, Overflow.DISCONNECT, Mark.RESERVED, null) ? reservation : null;
  }

  /**
   * Puts a frame into a reserved place, or gives the place up; {@link #wake} must follow, outside
   * of locks.
   *
   * @return false if the frame made the outbox too full, which is now closed with {@link
   *     CloseStatus#TOO_SLOW}
   */
  public synchronized boolean fillReservation(Frame reservation, @Nullable Frame frame) {
    if (!fill(reservation, frame)) {
      return true; // The outbox was closed meanwhile, and dropped the reservation.
    }
    if (bytes() + inFlightBytes > maxBytes && closing == null) {
      return closeTooSlow();
    }
    becomeReady();
    return true;
  }

  /**
   * Requests a ping, which goes before the queued frames; {@link #wake} must follow, outside of
   * locks.
   */
  public synchronized void ping() {
    if (closing == null) {
      pingDue = true;
      becomeReady();
    }
  }

  /**
   * Requests the close of the connection, behind the frames in flight, and behind the queued frames
   * if they are to be flushed. From now on no frame is queued. The first status counts. {@link
   * #wake} must follow, outside of locks.
   */
  public synchronized void finish(CloseStatus status, boolean flush) {
    if (closing == null || closing == Closing.FRAME_LOST) {
      closing = new Closing(status);
      pingDue = false;
      if (!flush) {
        dropAll();
      }
      becomeReady();
    }
  }

  /** {@return whether frames are still to be written before the close that was requested} */
  public synchronized boolean isFlushing() {
    return closing != null && state != SHUT;
  }

  /** Drops everything, because the connection is lost. No operation is started any more. */
  public synchronized void abandon() {
    state = SHUT;
    if (closing == null) {
      closing = Closing.FRAME_LOST; // if there is no memory for the next one
    }
    if (closing == Closing.FRAME_LOST) {
      closing = new Closing(CloseStatus.LOST);
    }
    dropAll();
    if (inFlight != null && inFlight.batch != null) {
      // The transport may read the batch until it has aborted the write, but may never complete it.
      inFlight.batch.discard();
      inFlight.batch = null;
    }
  }

  private void dropAll() {
    if (!isEmpty() && closing != null) {
      closing.unsent = clear();
    }
  }

  /** {@return the frames for this client alone that were dropped with all others, each once} */
  public synchronized List<Frame> takeUnsent() {
    if (closing == null) {
      return List.of();
    }
    List<Frame> taken = closing.unsent;
    closing.unsent = List.of();
    return taken;
  }

  /** Schedules the write loop, if it has something to do. Called under no lock. */
  public void wake() {
    writeLoop.wake();
  }

  /** {@return whether the caller is inside a write on this outbox's write loop} */
  public boolean isOnWriteLoop() {
    return writeLoop.isCurrentThread();
  }

  /**
   * Returns for how many nanoseconds the operation in flight has been in flight; 0 if there is
   * none. A ping is in flight from the call of the connection, not while it waits for a thread. A
   * write whose call has not returned yet is timed from the first call of this method: nearly all
   * writes end within their call, and none of them reads the clock.
   */
  public synchronized long stuckFor(long now) {
    if (state != BUSY) {
      return 0;
    }
    startClock(now);
    return now - startedAt;
  }

  /** {@return the bytes that are queued and in flight, with the cost of each frame} */
  public synchronized long queuedBytes() {
    return bytes() + inFlightBytes;
  }

  private void startClock(long now) {
    if (!timed) {
      timed = true;
      startedAt = now;
    }
  }

  /** Releases the memory of a queue that a burst has made large. */
  @Override
  public synchronized void trim() {
    super.trim();
  }

  /**
   * Starts at most one operation; called by the write loop.
   *
   * @param spare an empty batch
   * @return an empty batch: the same one, unless it is in flight
   */
  FrameBatch step(FrameBatch spare) {
    OutboxOperation operation = nextOperation;
    CloseStatus status = null;
    boolean writing = false;
    synchronized (this) {
      if (state != READY) {
        return spare;
      }
      if (pingDue) { // before the frames: in a busy room there are some at each step
        state = WAITING;
        pingDue = false;
        inFlight = operation;
      } else if (hasNext()) {
        writing = true;
        state = BUSY;
        timed = false;
        inFlight = operation;
        inFlightBytes = moveTo(spare);
        if (merging) {
          spare.mergeFrames();
        }
      } else if (closing != null && isEmpty()) {
        state = SHUT;
        status = closing.status;
      } else {
        state = IDLE;
        return spare;
      }
    }
    if (writing) {
      return write(spare, operation);
    }
    nextOperation = new OutboxOperation(this);
    CloseStatus closeWith = status;
    callOnNetworkThread(
        operation,
        closeWith == null
            ? () -> ping(operation)
            : () -> connection.close(closeWith.code(), closeWith.reason()));
    return spare;
  }

  private FrameBatch write(FrameBatch batch, OutboxOperation operation) {
    writeLoop.writes(batch);
    Object recorded = FlightRecording.beginWrite();
    operation.callStarts();
    try {
      connection.write(batch, operation);
    } catch (Throwable failure) {
      // Errors too: one that left this method would stop the write loop.
      callFailed(operation, failure);
      batch.discard(); // The transport may still read it.
      return writeLoop.batch();
    } finally {
      operation.callEnds();
      if (recorded != null) {
        FlightRecording.endWrite(recorded, batch.frames(), batch.bytes());
      }
    }
    synchronized (this) {
      if (operation.succeededInCall() && complete(operation)) {
        proceed();
      } else if (inFlight == operation) {
        if (state == SHUT) {
          batch.discard(); // Abandoned within the call; the transport may still read the batch.
        } else {
          startClock(scheduler.nanoTime());
          operation.batch = batch;
        }
        nextOperation = new OutboxOperation(this);
        return writeLoop.batch();
      }
      if (operation.endedByOtherThread()) {
        nextOperation = new OutboxOperation(this);
      }
    }
    batch.clear();
    return batch;
  }

  /** Calls the connection for something other than a write: servers may block for a moment. */
  private void callOnNetworkThread(OutboxOperation operation, Runnable call) {
    try {
      scheduler
          .networkExecutor()
          .execute(
              () -> {
                try {
                  call.run();
                } catch (Throwable failure) {
                  callFailed(operation, failure);
                }
              });
    } catch (Throwable failure) {
      callFailed(operation, failure);
    }
  }

  private void ping(OutboxOperation operation) {
    synchronized (this) {
      if (state != WAITING) {
        return; // The connection was lost meanwhile.
      }
      // Not earlier: calls that block for other connections may have kept this one waiting.
      state = BUSY;
      timed = false;
      startClock(scheduler.nanoTime());
    }
    connection.ping(operation);
  }

  /** Ends an outbox that the write loop could not run, and reports the failure. */
  void fail(Throwable failure) {
    abandon();
    recipient.connectionFailed(failure);
  }

  /** Ends an operation whose call threw, also if it has ended before. */
  private void callFailed(OutboxOperation operation, Throwable failure) {
    complete(operation);
    recipient.connectionFailed(failure);
  }

  /** Ends an operation as failed, unless it has ended before. */
  void operationFailed(OutboxOperation operation, Throwable failure) {
    if (complete(operation)) {
      recipient.connectionFailed(failure);
    }
  }

  /**
   * Ends an operation as succeeded, and schedules the next one, unless the operation has ended
   * before.
   */
  void operationSucceeded(OutboxOperation operation) {
    synchronized (this) {
      if (!complete(operation)) {
        return;
      }
      proceed();
    }
    writeLoop.wake();
  }

  private synchronized boolean complete(OutboxOperation operation) {
    if (inFlight != operation) {
      return false;
    }
    inFlight = null;
    inFlightBytes = 0;
    if (operation.batch != null) {
      writeLoop.recycle(operation.batch);
      operation.batch = null;
    }
    operation.ended();
    return true;
  }

  private void proceed() {
    if (state == BUSY) {
      state = IDLE;
      if (!isEmpty() || pingDue || closing != null) {
        becomeReady();
      }
    }
  }

  private void becomeReady() {
    if (state == IDLE) {
      state = READY;
      writeLoop.add(this);
    }
  }
}
