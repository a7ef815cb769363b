package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Leases of nodes. */
abstract class EngineLeaseCases extends EngineSnapshotCases {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(200);

  private void awaitLiveNodes(EngineNode node, Set<String> expected) {
    until(
        "the live nodes are " + expected, () -> await(node.engine().liveNodes()).equals(expected));
  }

  @Test
  void aNodeIsLiveFromItsFirstLeaseOn() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    assertEquals(Set.of(), await(ann.engine().liveNodes()));
    assertTrue(await(ann.engine().renewLease("ann", LONG)));
    assertTrue(await(bob.engine().renewLease("bob {}\n", LONG)));
    assertEquals(Set.of("ann", "bob {}\n"), await(ann.engine().liveNodes()));
    assertEquals(Set.of("ann", "bob {}\n"), await(bob.engine().liveNodes()));
  }

  @Test
  void aLeaseExpiresUnlessItIsRenewed() throws Exception {
    EngineNode ann = node("ann");
    assertTrue(await(ann.engine().renewLease("ann", SHORT)));
    assertTrue(await(ann.engine().renewLease("bob", SHORT)));
    assertTrue(await(ann.engine().renewLease("bob", LONG)));
    awaitLiveNodes(ann, Set.of("bob"));
  }

  @Test
  void aNodeThatRenewsAnExpiredLeaseLearnsThatItHadExpired() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    assertTrue(await(ann.engine().renewLease("ann", SHORT)));
    awaitLiveNodes(bob, Set.of());
    assertFalse(await(ann.engine().renewLease("ann", LONG)));
    assertEquals(Set.of("ann"), await(bob.engine().liveNodes()));
    assertTrue(await(ann.engine().renewLease("ann", LONG)));
  }

  @Test
  void aReleasedLeaseEndsAtOnce() throws Exception {
    EngineNode ann = node("ann");
    assertTrue(await(ann.engine().renewLease("ann", LONG)));
    assertTrue(await(ann.engine().renewLease("bob", LONG)));
    await(ann.engine().releaseLease("ann"));
    await(ann.engine().releaseLease("nobody"));
    assertEquals(Set.of("bob"), await(ann.engine().liveNodes()));
  }

  @Test
  void closingAnEngineDoesNotReleaseItsLease() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    assertTrue(await(ann.engine().renewLease("ann", LONG)));
    ann.engine().close();
    assertEquals(Set.of("ann"), await(bob.engine().liveNodes()));
  }
}
