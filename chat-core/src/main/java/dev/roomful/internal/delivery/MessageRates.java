package dev.roomful.internal.delivery;

import static java.util.Comparator.comparingLong;

import dev.roomful.Limits;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * The message rates of one participant: one bucket for all its connections, and one for each
 * connection. A closed connection leaves its bucket to the participant's next one, so that
 * reconnecting does not start a new burst.
 */
public final class MessageRates {
  private final Limits limits;
  private final TokenBucket all;
  private final Deque<ConnectionRate> unused = new ArrayDeque<>(1); // guarded by this

  /** The rate of one connection, and how often it may be exceeded before the connection closes. */
  public record ConnectionRate(TokenBucket messages, TokenBucket violations) {
    private long untilFull(long now) {
      return Math.max(messages.untilFull(now), violations.untilFull(now));
    }
  }

  public MessageRates(Limits limits, long now) {
    this.limits = limits;
    this.all =
        new TokenBucket(
            limits.participantMessagesPerSecond(), limits.participantMessageBurst(), now);
  }

  /** {@return the bucket that all connections of the participant share} */
  public TokenBucket all() {
    return all;
  }

  /** Takes the rate of a connection that was closed before, the most used one first. */
  public synchronized ConnectionRate acquire(long now) {
    forgetFull(now);
    ConnectionRate mostUsed =
        unused.isEmpty()
            ? null
            : Collections.max(unused, comparingLong(rate -> rate.messages().untilFull(now)));
    if (mostUsed == null) {
      return new ConnectionRate(
          new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), now),
          new TokenBucket(1, limits.rateViolations(), now));
    }
    unused.remove(mostUsed);
    return mostUsed;
  }

  /** Gives back the rate of a connection that has closed. */
  public synchronized void release(ConnectionRate rate, long now) {
    forgetFull(now);
    if (rate.untilFull(now) > 0) {
      unused.add(rate);
      if (unused.size() > limits.connectionsPerParticipant()) {
        unused.remove();
      }
    }
  }

  /** {@return whether nothing has to be remembered: a new object would allow the same} */
  public synchronized boolean isFull(long now) {
    forgetFull(now);
    return unused.isEmpty() && all.untilFull(now) == 0;
  }

  private void forgetFull(long now) {
    if (!unused.isEmpty()) {
      unused.removeIf(rate -> rate.untilFull(now) == 0);
    }
  }
}
