package dev.roomful.internal.delivery;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The write loops of a chat. Connections are assigned to them in turn. */
public final class WriteLoops {
  /** What has more recipients is not written by a thread that reads. */
  static final int MAX_RECIPIENTS_ON_CALLER = 64;

  /** After this many operations of a thread that reads, executors go on. */
  static final int MAX_OPERATIONS_ON_CALLER = 512;

  private final WriteLoop[] loops;
  private final AtomicInteger nextIndex = new AtomicInteger();
  private final ReadingThreads readingThreads = new ReadingThreads();

  /**
   * Creates a write loop for each executor.
   *
   * @param executors executors that run one task at a time
   */
  public WriteLoops(List<Executor> executors) {
    loops = new WriteLoop[executors.size()];
    for (int i = 0; i < loops.length; i++) {
      loops[i] = new WriteLoop(executors.get(i), i, new DirectMemory(), readingThreads);
    }
  }

  /** {@return the write loop of the next connection} */
  public WriteLoop next() {
    return loops[Math.floorMod(nextIndex.getAndIncrement(), loops.length)];
  }

  /** {@return the number of write loops} */
  int count() {
    return loops.length;
  }

  WriteLoop loop(int number) {
    return loops[number];
  }

  /** {@return how many batches were given to connections} */
  public long batches() {
    return Stream.of(loops).mapToLong(WriteLoop::batches).sum();
  }

  /** {@return how many frames were given to connections} */
  public long frames() {
    return Stream.of(loops).mapToLong(WriteLoop::frames).sum();
  }

  /** {@return how many bytes were given to connections} */
  public long bytes() {
    return Stream.of(loops).mapToLong(WriteLoop::bytes).sum();
  }

  /**
   * Schedules each write loop that has a ready outbox. Called under no lock: an executor may run
   * the write loop on the caller.
   */
  public void wake() {
    for (WriteLoop writeLoop : loops) {
      writeLoop.wake();
    }
  }

  /**
   * Schedules each write loop that has a ready outbox, as {@link #wake} does. A thread that reads
   * does not write to many recipients itself: others wait for it.
   *
   * @param recipients the number of recipients of what was published
   */
  public void wakeFor(int recipients) {
    if (recipients <= MAX_RECIPIENTS_ON_CALLER) {
      wake();
      return;
    }
    for (WriteLoop writeLoop : loops) {
      writeLoop.wakeNow();
    }
  }

  /** The caller begins to read input: what that makes ready is written by {@link #endRead}. */
  public void beginRead() {
    readingThreads.begin();
  }

  /** Writes what is ready on the caller, as far as that is little. */
  public void endRead() {
    readingThreads.end();
    long left = MAX_OPERATIONS_ON_CALLER;
    for (WriteLoop writeLoop : loops) {
      left = writeLoop.runOnCaller(left);
    }
  }
}
