package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogText;
import dev.roomful.transport.Batch;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes what waits in the outboxes that belong to it, one pass at a time. Adding an outbox is one
 * compare-and-set and may happen under a room's lock; waking the lane must not.
 */
public final class WriteLoop implements Runnable {
  private static final System.Logger LOG = System.getLogger("dev.roomful");

  private static final int MAX_FREE_BATCHES = 16;

  /** Its place among the lanes. */
  final int number;

  private final Executor executor;
  private final AtomicReference<@Nullable Outbox> incoming = new AtomicReference<>();
  private final AtomicBoolean running = new AtomicBoolean();

  // Only the pass touches these; `running` hands them from one thread to the next.
  private @Nullable Outbox first;
  private Batch spare = new Batch();
  private @Nullable Thread thread;

  /** Batches that were in flight for longer than their call, to be used again. */
  private final BlockingQueue<Batch> freeBatches = new ArrayBlockingQueue<>(MAX_FREE_BATCHES);

  public WriteLoop(Executor executor, int number) {
    this.executor = executor;
    this.number = number;
  }

  /**
   * Takes an outbox that has just become ready: its state says so, therefore it is not here yet.
   */
  public void add(Outbox outbox) {
    add(outbox, outbox);
  }

  /** Takes several, which are linked from the latest to the first. */
  public void add(Outbox latest, Outbox first) {
    Outbox top;
    do {
      top = incoming.get();
      first.next = top;
    } while (!incoming.compareAndSet(top, latest));
  }

  /** An empty batch. */
  public Batch batch() {
    Batch batch = freeBatches.poll();
    return batch == null ? new Batch() : batch;
  }

  /** Takes a batch that nobody uses any more; more of them than are worth keeping are let go. */
  public void recycle(Batch batch) {
    batch.clear();
    freeBatches.offer(batch);
  }

  public void wake() {
    if (incoming.get() != null && running.compareAndSet(false, true)) {
      try {
        executor.execute(this);
      } catch (Throwable failure) {
        // The executor could not start a thread, for example. The deadline timer wakes it again.
        running.set(false);
        LOG.log(
            Level.ERROR,
            "The executor of write loop " + number + " refused to run it",
            LogText.escape(failure));
      }
    }
  }

  /**
   * Whether the caller is called from within a pass: a read by another thread sees that it isn't.
   */
  public boolean isCurrentThread() {
    return thread == Thread.currentThread();
  }

  /** One pass after the other, until nothing has arrived. */
  @Override
  public void run() {
    do {
      thread = Thread.currentThread();
      for (Outbox ready = poll(); ready != null; ready = poll()) {
        spare = step(ready);
      }
      thread = null;
      running.set(false);
      // An outbox that arrived after the last poll found `running` still true and woke nobody.
    } while (incoming.get() != null && running.compareAndSet(false, true));
  }

  /** Lets an outbox start one operation; a failure costs its connection alone. */
  private Batch step(Outbox ready) {
    try {
      return ready.step(spare);
    } catch (Throwable failure) {
      try {
        ready.fail(failure);
      } catch (Throwable second) {
        LOG.log(
            Level.ERROR,
            "Closing a connection after a failed write failed",
            LogText.escape(second));
      }
      return batch();
    }
  }

  /** The arrivals only when those before them are through: their list is every speaker's, too. */
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

  /** They come as a stack, the latest on top: turned round. */
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
