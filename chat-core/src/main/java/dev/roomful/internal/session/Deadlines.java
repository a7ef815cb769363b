package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.room.SessionCloseMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The deadlines of one session: a stuck write, a close that does not end, silence, pings. */
final class Deadlines {
  private final Session session;
  private final Outbox outbox;
  private final Limits limits;
  private final @Nullable TextHeartbeat heartbeat;
  private volatile long lastReceived;

  // Used by the deadline timer only.
  private long lastPing;
  private long lastHeartbeat;
  private long flushedAt;

  Deadlines(Session session, Limits limits, @Nullable TextHeartbeat heartbeat, long now) {
    this.session = session;
    this.outbox = session.outbox;
    this.limits = limits;
    this.heartbeat = session.endpoint == null ? heartbeat : null;
    this.lastReceived = now;
    this.lastPing = now;
    this.lastHeartbeat = now;
    this.flushedAt = now;
  }

  /** Takes note of a sign of life. */
  void received(long now) {
    lastReceived = now;
  }

  /**
   * Checks the deadlines; called a few times a second. A session that is over one leaves its rooms
   * on this thread: handlers that block may hold all threads for callbacks.
   *
   * @param running for how long the process has not stood still: longer times do not count
   */
  void check(long now, long running) {
    if (session.isUnfinished()) {
      session.finishClose();
      return;
    }
    if (session.inbound.hasPending()) {
      lastReceived = now; // the server may not read while a handler is busy: no sign of silence
    }
    CloseStatus announced = session.announcedClose();
    long stuck = Math.min(outbox.stuckFor(now), running);
    if (announced != null) {
      stuck = Math.min(stuck, now - lastReceived); // its messages may still be on their way here
    }
    if (hasElapsed(stuck, limits.writeTimeout())) {
      session.abort(announced == null ? CloseStatus.TOO_SLOW : announced);
      return;
    }
    long closedFor = session.closedFor(now);
    if (closedFor >= 0) {
      if (session.isFlushingForRestart()) {
        flushedAt = now; // a client that reads gets all of it; the drain has a limit of its own
      }
      if (hasElapsed(
          Math.min(Math.min(closedFor, now - flushedAt), running), limits.closeTimeout())) {
        session.abort(CloseStatus.LOST); // has no effect on the status that the session has
      }
      return;
    }
    CloseStatus outboxStatus = outbox.closeStatus();
    if (outboxStatus != null && announced == null) {
      session.outboxClosed(outboxStatus); // nobody else had the memory to close the session
      return;
    }
    outbox.trim();
    if (session.endpoint != null) {
      session.endpoint.tick();
    }
    if (session.access.isExpired(now)) {
      session.close(CloseStatus.EXPIRED, SessionCloseMode.AFTER_FLUSH);
      session.runCallbacks();
      return;
    }
    long idle = Math.min(now - lastReceived, running);
    if (hasElapsed(idle, limits.idleTimeout())) {
      session.close(CloseStatus.IDLE_TIMEOUT, SessionCloseMode.IMMEDIATELY);
      session.runCallbacks();
      return;
    }
    if (hasElapsed(idle, limits.pingInterval())
        && hasElapsed(now - lastPing, limits.pingInterval())) {
      lastPing = now;
      outbox.ping();
      outbox.wake();
    }
    if (heartbeat != null && hasElapsed(now - lastHeartbeat, heartbeat.interval())) {
      lastHeartbeat = now;
      session.send(heartbeat.frame());
    }
  }

  private static boolean hasElapsed(long nanos, Duration limit) {
    return nanos >= limit.toNanos();
  }
}
