package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyedRateLimiterTest {
  private final KeyedRateLimiter limiter = new KeyedRateLimiter(2, Duration.ofSeconds(10));
  private Duration now = Duration.ofDays(1);

  private int takeAll(String key) {
    int taken = 0;
    while (limiter.take(key, now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void eachKeyHasItsOwnTokensAndTheyComeBackWithTime() {
    assertEquals(2, takeAll("a"));
    assertTrue(limiter.take("b", now));
    assertEquals(Duration.ofSeconds(5), limiter.timeToToken("a", now));
    assertEquals(Duration.ZERO, limiter.timeToToken("unknown", now));
    now = now.plusSeconds(5);
    assertEquals(Duration.ZERO, limiter.timeToToken("a", now));
    assertEquals(1, takeAll("a"));
    now = now.plusDays(1);
    assertEquals(2, takeAll("a"));
  }

  @Test
  void theLeastRecentlyUsedKeysAreForgottenWhenThereAreTooMany() {
    assertEquals(4, takeAll("old") + takeAll("used"));
    for (int i = 0; i < KeyedRateLimiter.MAX_KEYS - 1; i++) {
      takeAll("key " + i);
      assertFalse(limiter.take("used", now));
    }
    assertEquals(KeyedRateLimiter.MAX_KEYS, limiter.size());
    assertTrue(limiter.take("old", now));
    assertEquals(KeyedRateLimiter.MAX_KEYS, limiter.size());
  }
}
