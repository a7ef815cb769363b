package dev.roomful.internal.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Rejection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sanctions without the timer that removes expired ones. */
class SanctionsTest {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private long now = 1000;
  private final Sanctions bans = new Sanctions("banned", () -> now, 2);

  @Test
  void aSanctionIsActiveUntilItExpires() {
    bans.impose("lobby", "bob", Duration.ofNanos(10), "spam");
    now = 1009;
    assertEquals(
        Optional.of(new Rejection(403, "banned", "spam", Duration.ofNanos(1))),
        bans.rejectionFor("lobby", "bob"));
    assertEquals(Optional.empty(), bans.rejectionFor("lobby", "ann"));
    assertEquals(Optional.empty(), bans.rejectionFor("attic", "bob"));
    now = 1010;
    assertEquals(Optional.empty(), bans.rejectionFor("lobby", "bob"));
    assertFalse(bans.lift("lobby", "bob"));
  }

  @Test
  void anActiveSanctionIsNotEvicted() {
    bans.impose("lobby", "bob", Duration.ofNanos(10), "spam");
    bans.trim(1009);
    assertTrue(bans.lift("lobby", "bob"));
    assertFalse(bans.lift("lobby", "bob"));
  }

  @Test
  void durationsOfAnyLengthAreSupported() {
    for (Duration time : new Duration[] {LONGEST, LONGEST.plusNanos(1)}) {
      bans.impose("lobby", "bob", time, "for ever");
      now += Long.MAX_VALUE - 1;
      assertTrue(bans.rejectionFor("lobby", "bob").isPresent(), time.toString());
    }
  }
}
