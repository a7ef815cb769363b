package dev.roomful.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressCountsTest {
  private static final Optional<String> ANN = Optional.of("192.0.2.1");
  private static final Optional<String> BOB = Optional.of("192.0.2.2");

  @Test
  void anAddressIsFullUntilOneOfItsConnectionsIsRemoved() {
    AddressCounts counts = new AddressCounts(2);
    assertFalse(counts.add(ANN));
    assertFalse(counts.isFull(ANN));
    assertFalse(counts.add(ANN));
    assertTrue(counts.isFull(ANN));
    assertFalse(counts.isFull(BOB));
    assertTrue(counts.add(ANN), "two handshakes at once");
    counts.remove(ANN);
    assertTrue(counts.isFull(ANN));
    counts.remove(ANN);
    assertFalse(counts.isFull(ANN));
  }

  @Test
  void connectionsWithoutAnAddressAreNotCounted() {
    AddressCounts counts = new AddressCounts(1);
    assertFalse(counts.add(Optional.empty()));
    assertFalse(counts.add(Optional.empty()));
    assertFalse(counts.isFull(Optional.empty()));
    counts.remove(Optional.empty());
  }

  @Test
  void addressesOfAnIpv6NetworkAreOne() {
    assertEquals(AddressCounts.network("2001:db8::1"), AddressCounts.network("2001:DB8:0:0:f::2"));
    assertNotEquals(AddressCounts.network("2001:db8::1"), AddressCounts.network("2001:db8:0:1::1"));
    assertEquals("192.0.2.1", AddressCounts.network("::ffff:192.0.2.1"));
    assertEquals("not:an:address", AddressCounts.network("not:an:address"));
    assertEquals("unix", AddressCounts.network("unix"));
  }
}
