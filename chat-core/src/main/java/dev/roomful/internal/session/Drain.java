package dev.roomful.internal.session;

import static java.util.Comparator.comparingLong;

import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.internal.validation.LogEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The end of the sessions of a chat in batches, spread over a time: the oldest session first. One
 * that is to end takes no more input, and closes when what it has sent before was handled.
 */
final class Drain {
  /** When the connections that are left are aborted. */
  final long deadline;

  private final Sessions sessions;
  private final Collection<Session> connected;
  private final long start;
  private final long nanos;
  private final long patience;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean begun;
  private volatile boolean over;

  // Used by the deadline timer only, after they were filled.
  private final Queue<Session> waiting = new ArrayDeque<>();
  private final List<Session> ending = new ArrayList<>();
  private int total;

  /**
   * Creates a drain that has not begun.
   *
   * @param connected the sessions whose connections have not closed
   */
  Drain(Sessions sessions, Collection<Session> connected, Limits limits, long now) {
    this.sessions = sessions;
    this.connected = connected;
    this.start = now;
    this.nanos = limits.drainTime().toNanos();
    this.patience = limits.shutdownTimeout().toNanos() / 2;
    this.deadline = now + nanos + limits.shutdownTimeout().toNanos();
  }

  /** Looks which sessions there are; new ones find that they came too late. */
  void begin() {
    connected.stream().sorted(comparingLong(session -> session.number)).forEach(waiting::add);
    total = waiting.size();
    begun = true;
  }

  /** Ends the sessions whose turn it is; called by the deadline timer. */
  void step(long now) {
    if (!begun || over) {
      return;
    }
    long passed = now - start;
    long due = passed >= nanos ? total : (long) Math.ceil((double) total * passed / nanos);
    while (total - waiting.size() < due) {
      ending.add(waiting.remove());
    }
    ending.removeIf(session -> end(session, now));
    if (now - deadline >= 0) {
      connected.forEach(session -> session.abort(CloseStatus.RESTART));
      finish();
    } else if (waiting.isEmpty() && ending.isEmpty() && connected.isEmpty()) {
      finish();
    }
  }

  private boolean end(Session session, long now) {
    try {
      return session.drain(now, patience);
    } catch (Throwable failure) {
      LogEvent.DRAIN_FAILED.logFailure(
          () -> "Ending a session for a restart failed", failure, session.participant().id());
      return true; // it is aborted when the time is over
    }
  }

  private void finish() {
    over = true;
    // Not here: who waits for it may block.
    sessions.environment.callbacks().execute(() -> ended.complete(null));
  }

  /** {@return whether no connection is left, or the time is over} */
  boolean isOver() {
    return over;
  }

  CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  /** {@return the nanoseconds until the deadline} */
  long remaining(long now) {
    return Math.max(0, deadline - now);
  }
}
