package dev.roomful;

import dev.roomful.transport.Batch;
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
final class Lane implements Runnable {
  private static final int SPARES = 16;

  /** Its place among the lanes. */
  final int number;

  private final Executor executor;
  private final AtomicReference<@Nullable Outbox> arrivals = new AtomicReference<>();
  private final AtomicBoolean running = new AtomicBoolean();

  // Only the pass touches these; `running` hands them from one thread to the next.
  private @Nullable Outbox first;
  private Batch spare = new Batch();
  private @Nullable Thread thread;

  /** Batches that were in flight for longer than their call, to be used again. */
  private final BlockingQueue<Batch> landed = new ArrayBlockingQueue<>(SPARES);

  Lane(Executor executor, int number) {
    this.executor = executor;
    this.number = number;
  }

  /**
   * Takes an outbox that has just become ready: its state says so, therefore it is not here yet.
   */
  void add(Outbox outbox) {
    add(outbox, outbox);
  }

  /** Takes several, which are linked from the latest to the first. */
  void add(Outbox latest, Outbox first) {
    Outbox top;
    do {
      top = arrivals.get();
      first.next = top;
    } while (!arrivals.compareAndSet(top, latest));
  }

  /** An empty batch. */
  Batch batch() {
    Batch batch = landed.poll();
    return batch == null ? new Batch() : batch;
  }

  /** Takes a batch that nobody uses any more; more of them than are worth keeping are let go. */
  void giveBack(Batch batch) {
    batch.clear();
    landed.offer(batch);
  }

  void wake() {
    if (arrivals.get() != null && running.compareAndSet(false, true)) {
      executor.execute(this);
    }
  }

  /**
   * Whether the caller is called from within a pass: a read by another thread sees that it isn't.
   */
  boolean isHere() {
    return thread == Thread.currentThread();
  }

  /** One pass after the other, until nothing has arrived. */
  @Override
  public void run() {
    do {
      thread = Thread.currentThread();
      for (Outbox ready = poll(); ready != null; ready = poll()) {
        spare = ready.step(spare);
      }
      thread = null;
      running.set(false);
      // An outbox that arrived after the last poll found `running` still true and woke nobody.
    } while (arrivals.get() != null && running.compareAndSet(false, true));
  }

  /** The arrivals only when those before them are through: their list is every speaker's, too. */
  private @Nullable Outbox poll() {
    if (first == null) {
      first = takeArrivals();
    }
    Outbox ready = first;
    if (ready != null) {
      first = ready.next;
      ready.next = null;
    }
    return ready;
  }

  /** They come as a stack, the latest on top: turned round. */
  private @Nullable Outbox takeArrivals() {
    Outbox top = arrivals.get() == null ? null : arrivals.getAndSet(null);
    Outbox turned = null;
    while (top != null) {
      Outbox below = top.next;
      top.next = turned;
      turned = top;
      top = below;
    }
    return turned;
  }
}
