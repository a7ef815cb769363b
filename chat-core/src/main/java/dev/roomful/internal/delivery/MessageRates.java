package dev.roomful.internal.delivery;

import static java.util.Comparator.comparingLong;

import dev.roomful.Limits;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The message rates of one participant: one bucket for all its connections, and one for each
 * connection. A closed connection leaves its bucket to the participant's next one, so that
 * reconnecting does not start a new burst.
 */
public final class MessageRates {
  private final Bounds bounds;
  private final TokenBucket all;
  private @Nullable Deque<ConnectionRate> unused; // guarded by this; null until there is one

  /** The limits that all participants of a chat share. */
  public static final class Bounds {
    private final TokenBucket.Rate participant;
    private final TokenBucket.Rate connection;
    private final TokenBucket.Rate violations;
    private final int connectionsPerParticipant;

    public Bounds(Limits limits) {
      participant =
          new TokenBucket.Rate(
              limits.participantMessagesPerSecond(), limits.participantMessageBurst());
      connection = new TokenBucket.Rate(limits.messagesPerSecond(), limits.messageBurst());
      violations = new TokenBucket.Rate(1, limits.rateViolations());
      connectionsPerParticipant = limits.connectionsPerParticipant();
    }
  }

  /** The rate of one connection, and how often it may be exceeded before the connection closes. */
  public static final class ConnectionRate {
    private final Bounds bounds;
    private final TokenBucket messages;
    private @Nullable TokenBucket violations; // guarded by this; null until the first one

    private ConnectionRate(Bounds bounds, long now) {
      this.bounds = bounds;
      this.messages = new TokenBucket(bounds.connection, now);
    }

    public TokenBucket messages() {
      return messages;
    }

    /** Counts a violation. {@return whether there were too many} */
    public synchronized boolean violate(long now) {
      if (violations == null) {
        violations = new TokenBucket(bounds.violations, now);
      }
      return violations.take(now) > 0;
    }

    private synchronized long untilFull(long now) {
      long untilFull = messages.untilFull(now);
      return violations == null ? untilFull : Math.max(untilFull, violations.untilFull(now));
    }
  }

  public MessageRates(Bounds bounds, long now) {
    this.bounds = bounds;
    this.all = new TokenBucket(bounds.participant, now);
  }

  /** {@return the bucket that all connections of the participant share} */
  public TokenBucket all() {
    return all;
  }

  /** Takes the rate of a connection that was closed before, the most used one first. */
  public synchronized ConnectionRate acquire(long now) {
    forgetFull(now);
    if (unused == null) {
      return new ConnectionRate(bounds, now);
    }
    ConnectionRate mostUsed =
        Collections.max(unused, comparingLong(rate -> rate.messages.untilFull(now)));
    unused.remove(mostUsed);
    return mostUsed;
  }

  /** Gives back the rate of a connection that has closed. */
  public synchronized void release(ConnectionRate rate, long now) {
    forgetFull(now);
    if (rate.untilFull(now) > 0) {
      if (unused == null) {
        unused = new ArrayDeque<>(1);
      }
      unused.add(rate);
      if (unused.size() > bounds.connectionsPerParticipant) {
        unused.remove();
      }
    }
  }

  /** {@return whether nothing has to be remembered: a new object would allow the same} */
  public synchronized boolean isFull(long now) {
    forgetFull(now);
    return unused == null && all.untilFull(now) == 0;
  }

  private void forgetFull(long now) {
    if (unused != null) {
      unused.removeIf(rate -> rate.untilFull(now) == 0);
      unused = unused.isEmpty() ? null : unused;
    }
  }
}
