package dev.roomful.internal.delivery;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ready outboxes that wait for a thread to write them, linked by {@link Outbox#next}. Adding some
 * is one compare-and-set, and is allowed under a room's lock. Whoever takes them is the only one
 * that calls {@link Outbox#step}.
 */
final class OutboxStack {
  private final AtomicReference<@Nullable Outbox> top = new AtomicReference<>();

  /** Adds outboxes that are linked from the latest to the first, and are in no other list. */
  void add(Outbox latest, Outbox first) {
    Outbox below;
    do {
      below = top.get();
      first.next = below;
    } while (!top.compareAndSet(below, latest));
  }

  boolean isEmpty() {
    return top.get() == null;
  }

  /** {@return all outboxes, linked from the first to the latest; null if there is none} */
  @Nullable Outbox takeAll() {
    Outbox taken = isEmpty() ? null : top.getAndSet(null);
    Outbox reversed = null;
    while (taken != null) {
      Outbox below = taken.next;
      taken.next = reversed;
      reversed = taken;
      taken = below;
    }
    return reversed;
  }
}
