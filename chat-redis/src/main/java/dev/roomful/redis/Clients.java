package dev.roomful.redis;

import io.lettuce.core.AbstractRedisClient;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Ends clients that belong to an engine. */
final class Clients {
  private static final int TIMEOUT_SECONDS = 2;

  private Clients() {}

  /** Waits for a bounded time, also if the thread was interrupted, as it is by a second close. */
  static void shutDown(AbstractRedisClient client) {
    try {
      client
          .shutdownAsync(0, TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .completeOnTimeout(null, 2 * TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException failure) {
      System.getLogger("dev.roomful.redis")
          .log(Level.WARNING, "Cannot shut down the client of Redis", failure.getCause());
    }
  }
}
