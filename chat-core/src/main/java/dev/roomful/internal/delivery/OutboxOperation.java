package dev.roomful.internal.delivery;

import dev.roomful.transport.Completion;
import org.jspecify.annotations.Nullable;

/**
 * One operation of an {@link Outbox} and its completion. A write that completes within its call is
 * noted without a lock, and its object is used again, so that the steady state allocates nothing.
 * An operation that outlives its call, or is completed by another thread, keeps its object: a
 * second completion of it must not end the next operation.
 */
final class OutboxOperation implements Completion {
  private final Outbox outbox;

  // Used by the thread that calls the connection; any other thread finds that it is not the caller.
  private @Nullable Thread caller;
  private boolean calling;
  private boolean succeeded;

  /** Guarded by the outbox. */
  private boolean endedByOtherThread;

  /** The batch of a write that has outlived its call; guarded by the outbox. */
  @Nullable FrameBatch batch;

  OutboxOperation(Outbox outbox) {
    this.outbox = outbox;
  }

  void callStarts() {
    caller = Thread.currentThread();
    calling = true;
    succeeded = false;
  }

  void callEnds() {
    calling = false;
  }

  /** {@return whether the operation succeeded within its call; asked by the caller after it} */
  boolean succeededInCall() {
    return succeeded;
  }

  /** Notes which thread has ended the operation; called with the outbox's monitor held. */
  void ended() {
    endedByOtherThread = caller != Thread.currentThread();
  }

  /** {@return whether another thread may still refer to this object} */
  boolean endedByOtherThread() {
    return endedByOtherThread;
  }

  @Override
  public void succeeded() {
    if (isInCall()) {
      succeeded = true;
    } else {
      outbox.operationSucceeded(this);
    }
  }

  @Override
  public void failed(Throwable cause) {
    boolean second = isInCall() && succeeded;
    if (!second) {
      outbox.operationFailed(this, cause);
    }
  }

  private boolean isInCall() {
    return caller == Thread.currentThread() && calling;
  }
}
