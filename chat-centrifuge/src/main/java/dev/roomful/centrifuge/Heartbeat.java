package dev.roomful.centrifuge;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The pings of one connection and the pongs that it owes. */
final class Heartbeat {
  static final Duration INTERVAL = Duration.ofSeconds(25);
  private static final Duration PONG_TIMEOUT = Duration.ofSeconds(10);

  private Duration nextPingAt;
  private @Nullable Duration pingSentAt;

  /**
   * Schedules the first ping at a random time in the second half of an interval, so that not all
   * clients are pinged at once.
   */
  Heartbeat(Duration now) {
    long half = INTERVAL.toNanos() / 2;
    nextPingAt = now.plusNanos(half + ThreadLocalRandom.current().nextLong(half));
  }

  /** {@return whether a ping is due, which then counts as sent} */
  synchronized boolean takeDuePing(Duration now) {
    if (now.compareTo(nextPingAt) < 0) {
      return false;
    }
    nextPingAt = now.plus(INTERVAL);
    pingSentAt = now;
    return true;
  }

  /** Records a pong; returns false if no ping was sent. */
  synchronized boolean pongReceived() {
    boolean expected = pingSentAt != null;
    pingSentAt = null;
    return expected;
  }

  synchronized boolean isPongOverdue(Duration now) {
    return pingSentAt != null && now.minus(pingSentAt).compareTo(PONG_TIMEOUT) > 0;
  }
}
