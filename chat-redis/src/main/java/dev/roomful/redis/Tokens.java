package dev.roomful.redis;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Makes tokens that no other node and no later process makes: a random number and a counter. */
final class Tokens {
  private final String random =
      Long.toString(new SecureRandom().nextLong() >>> 1, Character.MAX_RADIX);
  private final AtomicLong counter = new AtomicLong();

  String next() {
    return random + "." + Long.toString(counter.incrementAndGet(), Character.MAX_RADIX);
  }
}
