package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.BroadcastPolicy;
import dev.roomful.RoomOptions;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoomCodecTest {
  private static final BroadcastPolicy RULE =
      BroadcastPolicy.rule((message, recipient) -> !recipient.id().equals("id1"));

  private final RoomFixture fixture = new RoomFixture(RoomOptions.defaults().withPolicy(RULE));

  @Test
  void eachKindOfEventIsDecodedAsItWasEncoded() {
    RandomEvents random = new RandomEvents(new Random(1), fixture);
    RoomState state = fixture.state();
    Set<Class<?>> kinds = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      RoomEvent event = random.next(state);
      byte[] encoded = fixture.codec.encode(event, "epoch");
      DecodedEvent decoded = fixture.codec.decode(encoded);
      assertEquals(RoomFixture.content(event), RoomFixture.content(decoded.event()));
      assertEquals("epoch", decoded.epoch());
      assertArrayEquals(encoded, fixture.codec.encode(decoded.event(), "epoch"));
      kinds.add(event.getClass());
    }
    kinds.add(RoomEvent.Unknown.class);
    assertEquals(Set.of(RoomEvent.class.getPermittedSubclasses()), kinds);
  }

  @Test
  void anEventOfALaterVersionChangesNothing() {
    byte[] later =
        new FieldWriter().string(2, "epoch").string(99, "of a later version").toByteArray();
    DecodedEvent decoded = fixture.codec.decode(later);
    assertEquals(new DecodedEvent(new RoomEvent.Unknown(), "epoch"), decoded);
    RoomState state = fixture.state();
    String before = fixture.codec.digest(state);
    assertEquals(
        Applied.unchanged(), decoded.event().applyTo(state, new EventTime("node", "t", 1, 1)));
    assertEquals(before, fixture.codec.digest(state));
    assertThrows(
        IllegalArgumentException.class, () -> fixture.codec.encode(decoded.event(), "epoch"));
  }

  @Test
  void aRecordThatNeedsALaterVersionIsRejected() {
    byte[] later = new FieldWriter().int64(1, 2).string(2, "epoch").toByteArray();
    IllegalArgumentException rejected =
        assertThrows(IllegalArgumentException.class, () -> fixture.codec.decode(later));
    assertTrue(rejected.getMessage().contains("version 2"), rejected.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> fixture.codec.restore(fixture.state(), later));
  }
}
