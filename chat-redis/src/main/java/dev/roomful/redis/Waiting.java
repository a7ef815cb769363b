package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for replies on the thread that connects. */
final class Waiting {
  private Waiting() {}

  /** {@return the reply; throws why there is none} */
  static <T> T await(Future<T> reply, Duration timeout) throws InterruptedException {
    try {
      return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new EngineUnavailableException(
          "no answer from Redis within " + timeout.toMillis() + " ms", late);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof EngineUnavailableException unavailable) {
        throw unavailable;
      }
      throw new EngineUnavailableException("Redis failed", failure.getCause());
    }
  }
}
