package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames of the outboxes that are assigned to it. It is a task that runs on its executor
 * while outboxes are ready. Adding an outbox is one compare-and-set, and is allowed under a room's
 * lock. Waking the write loop is not, because an executor may run it on the caller.
 */
public final class WriteLoop implements Runnable {
  private static final int MAX_FREE_BATCHES = 16;

  private static final long UNFINISHED = Long.MIN_VALUE;

  /** The index of this write loop in {@link WriteLoops}. */
  final int number;

  private final Executor executor;
  private final ReadingThreads readingThreads;
  private final AtomicReference<@Nullable Outbox> incoming = new AtomicReference<>();
  private final AtomicBoolean running = new AtomicBoolean();

  // Used by the running loop only; `running` hands them from one thread to the next.
  private @Nullable Outbox first;
  private @Nullable FrameBatch spare; // null if a new one could not be created
  private @Nullable Thread thread;

  private final DirectMemory memory;

  // Changed by the running loop only, so that no atomic operation is needed; read by any thread.
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** Batches that were in flight longer than their call, to be used again. */
  private final BlockingQueue<FrameBatch> freeBatches = new ArrayBlockingQueue<>(MAX_FREE_BATCHES);

  /**
   * Creates a write loop.
   *
   * @param executor runs the write loop, one task at a time
   * @param number the index of this write loop
   */
  WriteLoop(Executor executor, int number) {
    this(executor, number, new DirectMemory(), new ReadingThreads());
  }

  WriteLoop(Executor executor, int number, DirectMemory memory, ReadingThreads readingThreads) {
    this.executor = executor;
    this.number = number;
    this.readingThreads = readingThreads;
    this.memory = memory;
    this.spare = new FrameBatch(memory);
  }

  /** Adds an outbox that has just become ready, and therefore is not in the list yet. */
  void add(Outbox outbox) {
    add(outbox, outbox);
  }

  /** Adds several such outboxes, which are linked from the latest to the first. */
  void add(Outbox latest, Outbox first) {
    Outbox top;
    do {
      top = incoming.get();
      first.next = top;
    } while (!incoming.compareAndSet(top, latest));
  }

  /** {@return an empty batch} */
  FrameBatch batch() {
    FrameBatch batch = freeBatches.poll();
    return batch == null ? new FrameBatch(memory) : batch;
  }

  /** Takes back a batch that nobody uses any more. */
  void recycle(FrameBatch batch) {
    batch.clear();
    batch.forget();
    if (!freeBatches.offer(batch)) {
      batch.discard();
    }
  }

  /** Counts a batch that is about to be written; called by the running loop. */
  void writes(FrameBatch batch) {
    batches.setRelease(batches.getPlain() + 1);
    frames.setRelease(frames.getPlain() + batch.frames());
    bytes.setRelease(bytes.getPlain() + batch.bytes());
  }

  /** {@return how many batches were written} */
  long batches() {
    return batches.getAcquire();
  }

  /** {@return how many frames were written} */
  long frames() {
    return frames.getAcquire();
  }

  /** {@return how many bytes were written} */
  long bytes() {
    return bytes.getAcquire();
  }

  /**
   * Schedules the write loop, if an outbox is ready and it does not run yet. A thread that reads
   * runs it at the end of its turn instead.
   */
  void wake() {
    if (!readingThreads.isCurrent()) {
      wakeNow();
    }
  }

  /** Schedules the write loop, if an outbox is ready and it does not run yet. */
  void wakeNow() {
    if (incoming.get() != null && running.compareAndSet(false, true) && !schedule()) {
      running.set(false); // The deadline timer wakes it again.
    }
  }

  /**
   * Runs the write loop on a caller that has read, if an outbox is ready and it does not run yet.
   * The executor goes on where the operations do not suffice.
   *
   * @param operations how many operations the caller may start
   * @return how many of them are left
   */
  long runOnCaller(long operations) {
    if (operations == 0) {
      wakeNow();
      return 0;
    }
    if (incoming.get() == null || !running.compareAndSet(false, true)) {
      return operations;
    }
    long left = runFor(operations, false);
    if (left == UNFINISHED && !schedule()) {
      run();
    }
    return Math.max(0, left);
  }

  private boolean schedule() {
    try {
      executor.execute(this);
      return true;
    } catch (Throwable failure) { // The executor could not start a thread, for example.
      LogEvent.WRITE_LOOP_REFUSED.logFailure(
          () -> "The executor of a write loop refused to run it", failure, number);
      return false;
    }
  }

  /** {@return whether the caller is called by the running loop} */
  boolean isCurrentThread() {
    // A racy read by another thread never finds that thread.
    return thread == Thread.currentThread();
  }

  /**
   * Lets each ready outbox start one operation, in turn, until none is ready. Threads that read go
   * on if there are any: under load the write loop would never return to them otherwise.
   */
  @Override
  public void run() {
    runFor(Long.MAX_VALUE, true);
  }

  /**
   * Runs until no outbox is ready, or a number of operations was started.
   *
   * @param yields whether to leave to threads that read what has become ready meanwhile
   * @return how many of the operations are left, or {@link #UNFINISHED} if the loop is still
   *     running, and another thread has to go on
   */
  private long runFor(long operations, boolean yields) {
    long left = operations;
    do {
      thread = Thread.currentThread();
      Outbox ready = poll();
      while (ready != null) {
        step(ready);
        left--;
        if (left <= 0 && (first != null || incoming.get() != null)) {
          thread = null;
          return UNFINISHED;
        }
        ready = first == null && yields && readingThreads.areAny() ? null : poll();
      }
      if (spare != null) {
        spare.forget();
      }
      thread = null;
      running.set(false);
      // An outbox that arrived after the last poll found `running` still true and woke nobody.
    } while (incoming.get() != null
        && !(yields && readingThreads.areAny())
        && running.compareAndSet(false, true));
    return left;
  }

  /** Lets an outbox start one operation; a failure ends only the connection of that outbox. */
  private void step(Outbox ready) {
    FrameBatch batch = spare;
    try {
      spare = ready.step(batch == null ? batch() : batch);
    } catch (Throwable failure) {
      spare = null;
      if (batch != null) {
        batch.discard(); // The transport may still read it.
      }
      fail(ready, failure);
    }
  }

  private static void fail(Outbox ready, Throwable failure) {
    try {
      try {
        ready.fail(failure);
      } catch (Throwable second) {
        LogEvent.CLOSE_FAILED.logFailure(
            () -> "Closing a connection after a failed write failed", second);
      }
    } catch (Throwable unlogged) {
      // There is no memory to call the log with. The deadline timer closes the connection.
    }
  }

  /**
   * Takes arrivals only when the ones before are done, because publishers compete for that list.
   */
  private @Nullable Outbox poll() {
    if (first == null) {
      first = takeIncoming();
    }
    Outbox ready = first;
    if (ready != null) {
      first = ready.next;
      ready.next = null;
    }
    return ready;
  }

  /** Takes the arrivals, which are a stack, and reverses them. */
  private @Nullable Outbox takeIncoming() {
    Outbox top = incoming.get() == null ? null : incoming.getAndSet(null);
    Outbox reversed = null;
    while (top != null) {
      Outbox below = top.next;
      top.next = reversed;
      reversed = top;
      top = below;
    }
    return reversed;
  }
}
