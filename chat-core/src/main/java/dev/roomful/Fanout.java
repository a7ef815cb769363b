package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.transport.Frame;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way into the outboxes, those that it has made ready, and the connections that
 * turned out to be too slow for it.
 */
final class Fanout {
  private final Lanes lanes;
  private final Frame frame; // in plain text
  private final @Nullable Overflow overflow;

  /** For each lane what has become ready, linked from the latest to the first. */
  private final @Nullable Outbox[] latest;

  private final @Nullable Outbox[] first;
  private List<Visit> tooSlow = List.of();

  /** In other dialects, as far as somebody has asked; null where it cannot be said. */
  private @Nullable Wording wording;

  private Map<Dialect, @Nullable Frame> worded = Map.of();
  private @Nullable Dialect lastDialect;
  private @Nullable Frame lastFrame;
  private List<Visit> unspoken = List.of();

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

  /** What those in the seats that come next hear, if they do not hear plain text. */
  void wording(Wording words) {
    wording = words;
    worded = Map.of();
    lastDialect = null;
    lastFrame = null;
  }

  /** Memory work only: called under the lock of a room. */
  void to(Seat seat) {
    Dialect dialect = seat.dialect;
    Frame heard = dialect == null ? frame : dialect == lastDialect ? lastFrame : in(dialect);
    if (heard != null) {
      offer(seat, heard);
    } else {
      unspoken = unspoken.isEmpty() ? new ArrayList<>() : unspoken;
      unspoken.add(seat.visit);
    }
  }

  private void offer(Seat seat, Frame heard) {
    if (overflow == null) {
      seat.outbox.offerFleeting(heard, this);
    } else if (!seat.outbox.offer(heard, overflow, this)) {
      if (tooSlow.isEmpty()) {
        tooSlow = new ArrayList<>();
      }
      tooSlow.add(seat.visit);
    }
  }

  private @Nullable Frame in(Dialect dialect) {
    if (worded.isEmpty()) {
      worded = new HashMap<>(2);
    }
    if (!worded.containsKey(dialect)) {
      Frame words = ask(dialect);
      worded.put(
          dialect, words != null && overflow != Overflow.DISCONNECT ? words.asExpendable() : words);
    }
    lastDialect = dialect;
    lastFrame = worded.get(dialect);
    return lastFrame;
  }

  private @Nullable Frame ask(Dialect dialect) {
    try {
      return wording == null ? null : wording.in(dialect);
    } catch (RuntimeException failure) {
      // Not to the caller: it has a lock, and others are waiting for the event.
      Core.LOG.log(Level.ERROR, "a dialect has no words for an event", failure);
      return null;
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
    return tooSlow.isEmpty() && unspoken.isEmpty();
  }

  /** What is left to do when the locks are released. */
  void finish() {
    tooSlow.forEach(Visit::tooSlow);
    unspoken.forEach(Visit::notTold);
  }
}
