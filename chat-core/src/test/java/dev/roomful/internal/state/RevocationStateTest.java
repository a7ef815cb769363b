package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Revocation;
import dev.roomful.admission.Credential;
import dev.roomful.internal.state.RevocationState.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevocationStateTest {
  private static final long NOW = 1_800_000_000_000L;

  private final RevocationState state = new RevocationState();

  private static Entry token(String id, Duration lifetime) {
    return RevocationState.entryOf(Revocation.ofToken(id).withLifetime(lifetime), NOW);
  }

  private boolean isRevoked(String token) {
    return state.isRevoked("ann", Credential.unlimited().withTokenId(token));
  }

  @Test
  void aRevocationIsForgottenWhenItsLifetimeIsOver() {
    state.add(token("one", Duration.ofMinutes(1)), NOW);
    state.add(token("two", Duration.ofMinutes(3)), NOW + 59_999);
    assertTrue(isRevoked("one"));
    state.add(token("three", Duration.ofMinutes(5)), NOW + 60_000);
    assertFalse(isRevoked("one"));
    assertTrue(isRevoked("two"));
  }

  @Test
  void theLaterTimeOfTwoRevocationsCounts() {
    Instant now = Instant.ofEpochMilli(NOW);
    Revocation later = Revocation.ofParticipant("ann").withIssuedBefore(now);
    state.add(RevocationState.entryOf(later, NOW), NOW);
    state.add(
        RevocationState.entryOf(
            later.withIssuedBefore(now.minusSeconds(100)).withLifetime(Duration.ofDays(9)), NOW),
        NOW);
    Credential between = Credential.unlimited().withIssuedAt(now.minusSeconds(50));
    assertTrue(state.isRevoked("ann", between));
    assertFalse(state.isRevoked("bob", between));
  }

  @Test
  void aSnapshotHasAllRevocationsAndTheNumbersOfTheNodes() {
    NodeSequences nodes = new NodeSequences();
    nodes.accept("node", 1, NOW);
    state.add(token("one", Duration.ofMinutes(1)), NOW);
    Entry all = RevocationState.entryOf(Revocation.ofAll(), NOW);
    state.add(all, NOW);
    RevocationState copy = new RevocationState();
    NodeSequences copiedNodes = new NodeSequences();
    assertTrue(copy.restore(state.encode(nodes), copiedNodes));
    assertEquals(Set.copyOf(state.entries()), Set.copyOf(copy.entries()));
    assertEquals(1, copiedNodes.last("node"));
    assertEquals(all, Entry.decode(all.encode()));
  }

  @Test
  void aKindOfALaterVersionIsNoEntry() {
    assertNull(Entry.decode(new FieldWriter().int64(1, 99).string(2, "x").toByteArray()));
  }
}
