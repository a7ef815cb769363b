package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.internal.room.Subscription;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a session into its suspension and out of it: rooms change with no monitor held, so
 * that both take a while. All fields are guarded by the monitor of the session.
 */
final class Suspension {
  private static final long MAX_SETTLING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Session session;
  private final Sessions sessions;

  /** Ends the suspension as soon as it is complete. */
  private @Nullable CloseStatus pendingEndStatus;

  /** The thread that is moving the session into or out of its suspension. */
  private @Nullable Thread settling;

  Suspension(Session session, Sessions sessions) {
    this.session = session;
    this.sessions = sessions;
  }

  /** The calling thread begins to suspend the session; called with its monitor held. */
  void begin() {
    settling = Thread.currentThread();
  }

  /** Sets the subscriptions aside. */
  void complete(List<Subscription> subscriptions) {
    subscriptions.forEach(subscription -> subscription.room.membership.suspend(subscription));
    sessions.addSuspended(session);
    CloseStatus pending;
    synchronized (session) {
      session.suspended();
      pending = pendingEndStatus;
    }
    if (pending != null) {
      end(pending);
    } else if (sessions.isClosing()) {
      end(CloseStatus.RESTART); // the shutdown may have missed it
    }
  }

  /** The calling thread has moved the session. */
  void settled() {
    synchronized (session) {
      settling = null;
      session.notifyAll();
    }
  }

  /**
   * Waits until no other thread is moving the session into or out of its suspension.
   *
   * @return false if the calling thread itself is doing that, or if it takes longer than a second
   */
  boolean awaitSettled() {
    synchronized (session) {
      long deadline = System.nanoTime() + MAX_SETTLING_NANOS;
      while (settling != null) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (settling == Thread.currentThread() || millis <= 0) {
          return false;
        }
        try {
          session.wait(millis);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  /** Ends the suspension, now or as soon as it is complete; does nothing to another session. */
  void end(CloseStatus status) {
    List<Subscription> left;
    synchronized (session) {
      if (session.isSuspending()) {
        pendingEndStatus = status;
      }
      left = session.takeSuspended();
      if (left == null) {
        return;
      }
      settling = Thread.currentThread();
    }
    sessions.removeSuspended(session);
    session.leave(left, status);
    settled();
  }
}
