package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.junit.jupiter.api.Test;

/** The check at start-up. */
class TomcatInternalsTest {
  /** As a later version of Tomcat might have it. */
  interface ExtendedUpgradeHandler extends InternalHttpUpgradeHandler {
    void unknown();
  }

  @Test
  void thisVersionOfTomcatPassesTheCheck() {
    assertTrue(TomcatInternals.areAsExpected());
    assertInstanceOf(TomcatBinding.class, TomcatBinding.choose(true));
  }

  @Test
  void aHandlerThatLacksAMethodOfTheRunningVersionFailsTheCheck() {
    assertFalse(
        TomcatInternals.implementsAll(ExtendedUpgradeHandler.class, TomcatUpgradeHandler.class));
  }
}
