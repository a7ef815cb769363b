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
 * while outboxes are ready. Threads that read write themselves what they made ready, at the end of
 * their turns, beside the task and beside each other. Waking the task is not allowed under a lock,
 * because an executor may run it on the caller.
 */
public final class WriteLoop implements Runnable {
  private static final int MAX_FREE_BATCHES = 16;

  /** The index of this write loop in {@link WriteLoops}. */
  final int number;

  private final Executor executor;
  private final ReadingThreads readingThreads;
  private final OutboxStack forExecutor = new OutboxStack();

  /** What threads that read have made ready in their turns. */
  private final OutboxStack forReaders = new OutboxStack();

  private final AtomicBoolean running = new AtomicBoolean();

  // Used by the running task only; `running` hands them from one thread to the next.
  private final BatchWriter taskWriter = new BatchWriter(this);
  private @Nullable Thread thread;

  /** The writer of a thread that reads, while none of them uses it. */
  private final AtomicReference<@Nullable BatchWriter> readerWriter = new AtomicReference<>();

  private final DirectMemory memory;
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
  }

  /** Adds an outbox that has just become ready, and therefore is not in a list yet. */
  void add(Outbox outbox) {
    add(outbox, outbox, readingThreads.currentReads());
  }

  /**
   * Adds several such outboxes, which are linked from the latest to the first.
   *
   * @param forReader whether the caller reads, and writes them at the end of its turn
   */
  void add(Outbox latest, Outbox first, boolean forReader) {
    (forReader ? forReaders : forExecutor).add(latest, first);
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

  /** Counts what was written. */
  void written(long moreBatches, long moreFrames, long moreBytes) {
    batches.addAndGet(moreBatches);
    frames.addAndGet(moreFrames);
    bytes.addAndGet(moreBytes);
  }

  /** {@return how many batches were written} */
  long batches() {
    return batches.get();
  }

  /** {@return how many frames were written} */
  long frames() {
    return frames.get();
  }

  /** {@return how many bytes were written} */
  long bytes() {
    return bytes.get();
  }

  /**
   * Schedules the task, if an outbox is ready and it does not run yet. Does nothing on a thread
   * that reads, which writes at the end of its turn instead.
   */
  void wake() {
    if (!readingThreads.currentReads()) {
      wakeNow();
    }
  }

  /** Schedules the task, if an outbox is ready and it does not run yet. */
  void wakeNow() {
    if ((!forExecutor.isEmpty() || !forReaders.isEmpty())
        && running.compareAndSet(false, true)
        && !schedule()) {
      running.set(false); // The deadline timer wakes it again.
    }
  }

  /**
   * Writes what threads that read have made ready. The task goes on where the operations do not
   * suffice. Called at the end of a turn.
   *
   * @param operations how many operations the caller may start
   * @return how many of them are left
   */
  long endTurn(long operations) {
    long left = forReaders.isEmpty() ? operations : writeForReaders(operations);
    // What is left, or has become ready by a write.
    if (!forExecutor.isEmpty() && running.compareAndSet(false, true) && !schedule()) {
      run();
    }
    return left;
  }

  private long writeForReaders(long operations) {
    BatchWriter own = readerWriter.getAndSet(null);
    BatchWriter writer = own == null ? new BatchWriter(this) : own;
    long left = operations;
    readingThreads.beginWrite();
    try {
      // Nothing from here on fails for want of memory: nobody else has what was taken.
      Outbox ready = forReaders.takeAll();
      while (ready != null && left > 0) {
        ready = write(ready, writer);
        left--;
      }
      while (ready != null) {
        Outbox next = ready.next;
        forExecutor.add(ready, ready);
        ready = next;
      }
    } finally {
      readingThreads.endWrite();
    }
    writer.rest();
    if (!readerWriter.compareAndSet(null, writer)) {
      writer.discardBatch(); // Two threads have written at the same time.
    }
    return left;
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

  /** {@return whether the caller is inside a write} */
  boolean isCurrentThread() {
    // A racy read by another thread never finds that thread.
    return thread == Thread.currentThread() || readingThreads.currentWrites();
  }

  /**
   * Lets each ready outbox start one operation, in turn, until none is ready. Begins with what
   * waits for threads that read: the handlers of such a thread may block.
   */
  @Override
  public void run() {
    do {
      thread = Thread.currentThread();
      Outbox ready = forReaders.takeAll();
      do {
        while (ready != null) {
          ready = write(ready, taskWriter);
        }
        // Only when the ones before are done, because publishers compete for that list.
        ready = forExecutor.takeAll();
      } while (ready != null);
      taskWriter.rest();
      thread = null;
      running.set(false);
      // An outbox that arrived after the last look found `running` still true and woke nobody.
    } while (!forExecutor.isEmpty() && running.compareAndSet(false, true));
  }

  /**
   * Lets an outbox start one operation; a failure ends only the connection of that outbox.
   *
   * @return the next outbox of the list
   */
  private static @Nullable Outbox write(Outbox ready, BatchWriter writer) {
    Outbox next = ready.next;
    ready.next = null;
    try {
      ready.step(writer);
    } catch (Throwable failure) {
      writer.discardBatch(); // The transport may still read it.
      fail(ready, failure);
    }
    return next;
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
}
