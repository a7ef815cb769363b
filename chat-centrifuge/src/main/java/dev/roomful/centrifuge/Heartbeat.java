package dev.roomful.centrifuge;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The pings of one connection, and the pongs that it owes. */
final class Heartbeat {
  static final Duration INTERVAL = Duration.ofSeconds(25);
  private static final Duration PONG_TIMEOUT = Duration.ofSeconds(10);

  private Duration nextPingAt;
  private @Nullable Duration pingSentAt;

  /** The first ping comes at some time in the second half of an interval: not all at once. */
  Heartbeat(Duration now) {
    long half = INTERVAL.toNanos() / 2;
    nextPingAt = now.plusNanos(half + ThreadLocalRandom.current().nextLong(half));
  }

  /** Whether a ping is due, which is then taken to be sent. */
  synchronized boolean takeDuePing(Duration now) {
    if (now.compareTo(nextPingAt) < 0) {
      return false;
    }
    nextPingAt = now.plus(INTERVAL);
    pingSentAt = now;
    return true;
  }

  /** A pong came; false if nobody had asked. */
  synchronized boolean pongReceived() {
    boolean expected = pingSentAt != null;
    pingSentAt = null;
    return expected;
  }

  synchronized boolean isPongOverdue(Duration now) {
    return pingSentAt != null && now.minus(pingSentAt).compareTo(PONG_TIMEOUT) > 0;
  }
}
