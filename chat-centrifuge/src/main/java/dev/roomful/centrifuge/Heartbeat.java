package dev.roomful.centrifuge;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The pings of one connection, and the pongs that it owes. */
final class Heartbeat {
  static final Duration INTERVAL = Duration.ofSeconds(25);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Duration next;
  private @Nullable Duration asked;

  /** The first ping comes at some time in the second half of an interval: not all at once. */
  Heartbeat(Duration now) {
    long half = INTERVAL.toNanos() / 2;
    next = now.plusNanos(half + ThreadLocalRandom.current().nextLong(half));
  }

  /** Whether a ping is due, which is then taken to be sent. */
  synchronized boolean isDue(Duration now) {
    if (now.compareTo(next) < 0) {
      return false;
    }
    next = now.plus(INTERVAL);
    asked = now;
    return true;
  }

  /** A pong came; false if nobody had asked. */
  synchronized boolean answered() {
    boolean owed = asked != null;
    asked = null;
    return owed;
  }

  synchronized boolean isMissed(Duration now) {
    return asked != null && now.minus(asked).compareTo(PATIENCE) > 0;
  }
}
