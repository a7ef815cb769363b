package dev.roomful;

import dev.roomful.transport.Batch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes what waits in the outboxes that belong to it, one pass at a time. Adding an outbox is one
 * compare-and-set and may happen under a room's lock; waking the lane must not.
 */
final class Lane implements Runnable {
  private final Executor executor;
  private final AtomicReference<@Nullable Outbox> arrivals = new AtomicReference<>();
  private final AtomicBoolean running = new AtomicBoolean();

  // Only the pass touches these; `running` hands them from one thread to the next.
  private @Nullable Outbox first;
  private @Nullable Outbox last;
  private Batch spare = new Batch();

  Lane(Executor executor) {
    this.executor = executor;
  }

  /**
   * Takes an outbox that has just become ready: its state says so, therefore it is not here yet.
   */
  void add(Outbox outbox) {
    Outbox top;
    do {
      top = arrivals.get();
      outbox.next = top;
    } while (!arrivals.compareAndSet(top, outbox));
  }

  void wake() {
    if (arrivals.get() != null && running.compareAndSet(false, true)) {
      executor.execute(this);
    }
  }

  /** One pass after the other, until nothing has arrived. */
  @Override
  public void run() {
    do {
      for (Outbox ready = poll(); ready != null; ready = poll()) {
        spare = ready.step(spare);
      }
      running.set(false);
      // An outbox that arrived after the last poll found `running` still true and woke nobody.
    } while (arrivals.get() != null && running.compareAndSet(false, true));
  }

  private @Nullable Outbox poll() {
    takeArrivals();
    Outbox ready = first;
    if (ready != null) {
      first = ready.next;
      if (first == null) {
        last = null;
      }
      ready.next = null;
    }
    return ready;
  }

  /**
   * The arrivals come as a stack, the latest on top: turned round behind those that wait already.
   */
  private void takeArrivals() {
    if (arrivals.get() == null) {
      return;
    }
    Outbox top = arrivals.getAndSet(null);
    Outbox tail = top;
    Outbox turned = null;
    while (top != null) {
      Outbox below = top.next;
      top.next = turned;
      turned = top;
      top = below;
    }
    if (last == null) {
      first = turned;
    } else {
      last.next = turned;
    }
    last = tail;
  }
}
