package dev.roomful.centrifuge;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token buckets by key, in bounded memory. A key that is not known has a full bucket; beyond {@link
 * #MAX_KEYS} keys the least recently used one is forgotten. Safe for use by many threads.
 */
final class KeyedRateLimiter {
  static final int MAX_KEYS = 10_000;

  private final int capacity;
  private final Duration refillTime;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_KEYS;
        }
      };

  private record Bucket(double tokens, Duration updatedAt) {}

  /**
   * Creates a limiter without keys.
   *
   * @param capacity the tokens of a full bucket
   * @param refillTime how long an empty bucket takes to become full
   */
  KeyedRateLimiter(int capacity, Duration refillTime) {
    this.capacity = capacity;
    this.refillTime = refillTime;
  }

  /** Takes a token; false if there is none. */
  synchronized boolean take(String key, Duration now) {
    double tokens = tokens(key, now);
    boolean available = tokens >= 1;
    buckets.put(key, new Bucket(available ? tokens - 1 : tokens, now));
    return available;
  }

  /** {@return how long it takes until there is a token, zero if there is one} */
  synchronized Duration timeToToken(String key, Duration now) {
    double missing = 1 - tokens(key, now);
    return missing <= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil(missing / capacity * refillTime.toNanos()));
  }

  private double tokens(String key, Duration now) {
    Bucket bucket = buckets.get(key);
    if (bucket == null) {
      return capacity;
    }
    double refilled =
        (double) now.minus(bucket.updatedAt).toNanos() / refillTime.toNanos() * capacity;
    return Math.min(capacity, bucket.tokens + Math.max(0, refilled));
  }

  synchronized int size() {
    return buckets.size();
  }
}
