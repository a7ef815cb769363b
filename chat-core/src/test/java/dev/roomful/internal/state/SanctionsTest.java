package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Rejection;
import dev.roomful.internal.state.Sanctions.Sanction;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SanctionsTest {
  private static final long SINCE = 1000;
  private final Sanctions bans = new Sanctions("banned", 2);

  private boolean impose(String id, long since, long millis) {
    return bans.impose(id, new Sanction("spam", since, millis));
  }

  @Test
  void aSanctionIsActiveUntilItExpires() {
    impose("bob", SINCE, 10);
    assertEquals(
        Optional.of(new Rejection(403, "banned", "spam", Duration.ofMillis(1))),
        bans.rejectionFor("bob", 1009));
    assertEquals(Optional.empty(), bans.rejectionFor("ann", 1009));
    assertEquals(Optional.empty(), bans.rejectionFor("bob", 1010));
    assertFalse(bans.lift("bob", 1010));
  }

  @Test
  void anActiveSanctionIsNotEvicted() {
    impose("bob", SINCE, 10);
    impose("ann", SINCE, 100_000);
    assertFalse(impose("cem", 1009, Long.MAX_VALUE));
    bans.trim(2000);
    assertTrue(bans.lift("ann", 2000));
    assertFalse(bans.lift("ann", 2000));
  }

  @Test
  void oneThatIsOverTakesNoPlace() {
    impose("bob", SINCE, 10);
    impose("ann", SINCE, 20);
    assertTrue(impose("cem", 1010, Long.MAX_VALUE));
    assertFalse(impose("dan", 1010, Long.MAX_VALUE));
    assertTrue(bans.lift("ann", 1010));
    assertFalse(bans.lift("bob", 1010));
  }

  @Test
  void aLaterSanctionReplacesAnEarlierOne() {
    impose("bob", SINCE, 10);
    impose("bob", 1005, 10);
    assertTrue(bans.rejectionFor("bob", 1012).isPresent());
    assertEquals(1, bans.size());
  }

  @Test
  void aSanctionCanLastForEver() {
    impose("bob", SINCE, Long.MAX_VALUE);
    assertTrue(bans.rejectionFor("bob", Long.MAX_VALUE).isPresent());
  }
}
