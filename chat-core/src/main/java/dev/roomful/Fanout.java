package dev.roomful;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One frame on its way into the outboxes, those that it has made ready, and the connections that
 * turned out to be too slow.
 */
final class Fanout {
  private final Lanes lanes;
  private final Frame frame;
  private final @Nullable Overflow overflow;

  /** For each lane what has become ready, linked from the latest to the first. */
  private final @Nullable Outbox[] latest;

  private final @Nullable Outbox[] first;
  private List<Visit> tooSlow = List.of();

  private Fanout(Lanes lanes, Frame frame, @Nullable Overflow overflow) {
    this.lanes = lanes;
    this.frame = frame;
    this.overflow = overflow;
    this.latest = new Outbox[lanes.count()];
    this.first = new Outbox[lanes.count()];
  }

  static Fanout of(Lanes lanes, Frame frame, Overflow overflow) {
    return new Fanout(lanes, frame, overflow);
  }

  /** Of a frame that slow connections do without. */
  static Fanout fleeting(Lanes lanes, Frame frame) {
    return new Fanout(lanes, frame.asExpendable(), null);
  }

  /** Memory work only: called under the lock of a room. */
  void to(Seat seat) {
    if (overflow == null) {
      seat.outbox.offerFleeting(frame, this);
    } else if (!seat.outbox.offer(frame, overflow, this)) {
      if (tooSlow.isEmpty()) {
        tooSlow = new ArrayList<>();
      }
      tooSlow.add(seat.visit);
    }
  }

  /** Called with the outbox's monitor held. */
  void ready(Outbox outbox, int lane) {
    outbox.next = latest[lane];
    latest[lane] = outbox;
    if (first[lane] == null) {
      first[lane] = outbox;
    }
  }

  /**
   * Gives the lanes what has become ready: all at once, because lanes that are at work compete for
   * each compare-and-set.
   */
  void handOver() {
    for (int lane = 0; lane < latest.length; lane++) {
      Outbox top = latest[lane];
      Outbox bottom = first[lane];
      if (top != null && bottom != null) {
        lanes.lane(lane).add(top, bottom);
        latest[lane] = null;
        first[lane] = null;
      }
    }
  }

  boolean isDone() {
    return tooSlow.isEmpty();
  }

  /** What is left to do when the locks are released. */
  void finish() {
    tooSlow.forEach(Visit::tooSlow);
  }
}
