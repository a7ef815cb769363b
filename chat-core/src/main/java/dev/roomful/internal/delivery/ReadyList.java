package dev.roomful.internal.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Collects the outboxes that one event makes ready, and hands them to their write loops. Guarded by
 * the lock of the room, as the event is.
 */
final class ReadyList {
  private final WriteLoops writeLoops;

  // For each write loop the outboxes from the latest to the first, linked by Outbox.next.
  private final @Nullable Outbox[] latest;
  private final @Nullable Outbox[] first;

  /** Frames that were dropped to make room for the event. */
  int droppedOldest;

  /** Recipients whose full outbox did not take the event, and remains open. */
  int droppedNewest;

  /** Recipients whose outbox is too full for a signal. */
  int droppedSignals;

  ReadyList(WriteLoops writeLoops) {
    this.writeLoops = writeLoops;
    this.latest = new Outbox[writeLoops.count()];
    this.first = new Outbox[writeLoops.count()];
  }

  /** Adds an outbox that has just become ready; called with the outbox's monitor held. */
  void add(Outbox outbox, int loop) {
    outbox.next = latest[loop];
    latest[loop] = outbox;
    if (first[loop] == null) {
      first[loop] = outbox;
    }
  }

  /**
   * Gives each write loop its outboxes, all at once: each compare-and-set competes with the write
   * loop.
   */
  void handOver() {
    for (int loop = 0; loop < latest.length; loop++) {
      Outbox top = latest[loop];
      Outbox bottom = first[loop];
      if (top != null && bottom != null) {
        writeLoops.loop(loop).add(top, bottom);
        latest[loop] = null;
        first[loop] = null;
      }
    }
  }
}
