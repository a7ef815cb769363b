package dev.roomful;

import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One frame on its way into the outboxes, and the connections that turned out to be too slow. */
final class Fanout {
  private final Frame frame;
  private final @Nullable Overflow overflow;
  private List<Visit> tooSlow = List.of();

  Fanout(Frame frame, Overflow overflow) {
    this.frame = frame;
    this.overflow = overflow;
  }

  /** Of a frame that slow connections do without. */
  Fanout(Frame fleeting) {
    this.frame = fleeting.asExpendable();
    this.overflow = null;
  }

  /** Memory work only: called under the lock of a room. */
  void to(Seat seat) {
    if (overflow == null) {
      seat.outbox.offerFleeting(frame);
    } else if (!seat.outbox.offer(frame, overflow)) {
      if (tooSlow.isEmpty()) {
        tooSlow = new ArrayList<>();
      }
      tooSlow.add(seat.visit);
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
