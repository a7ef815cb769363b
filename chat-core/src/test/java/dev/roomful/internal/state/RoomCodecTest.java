package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.BroadcastPolicy;
import dev.roomful.History;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.cluster.LogEntry;
import dev.roomful.protocol.PresenceOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    String before = RoomCodec.digest(state);
    assertEquals(
        Applied.unchanged(), decoded.event().applyTo(state, new EventTime("node", "t", 1, 1)));
    assertEquals(before, RoomCodec.digest(state));
    assertThrows(
        IllegalArgumentException.class, () -> fixture.codec.encode(decoded.event(), "epoch"));
  }

  @Test
  void anEventHasTheAttributesOfWhenItWasCreated() {
    Map<String, Object> changing = new ConcurrentHashMap<>(Map.of("away", false));
    Map<String, Object> view = Collections.unmodifiableMap(changing);
    RoomEvent.Joined joined =
        new RoomEvent.Joined(
            RoomFixture.participant("ann", "Ann", view),
            "ann",
            "Ann",
            null,
            view,
            Role.MEMBER,
            true,
            false,
            "connection",
            null,
            PresenceOptions.defaults(),
            null,
            null);
    RoomEvent.MemberUpdated updated =
        new RoomEvent.MemberUpdated("ann", null, null, view, null, null);
    changing.put("away", true);
    assertEquals(Map.of("away", false), joined.attributes());
    assertEquals(Map.of("away", false), updated.attributes());
  }

  @Test
  void aSnapshotThatIsRejectedChangesNothing() {
    RoomState state = new LogFormatExamples().state();
    String before = RoomCodec.digest(state);
    byte[] snapshot = fixture.codec.snapshot(state);
    byte[] cut = Arrays.copyOf(snapshot, snapshot.length - 1);
    byte[] twice = Arrays.copyOf(snapshot, snapshot.length * 2);
    System.arraycopy(snapshot, 0, twice, snapshot.length, snapshot.length);
    byte[] withoutConnections =
        new FieldWriter()
            .message(2, new Position("epoch", 1), CommonFields::writePosition)
            .message(9, "ann", (member, id) -> member.string(1, id).string(2, id).int64(4, 2))
            .toByteArray();
    for (byte[] malformed : List.of(cut, twice, withoutConnections)) {
      assertThrows(IllegalArgumentException.class, () -> fixture.codec.restore(state, malformed));
      assertEquals(before, RoomCodec.digest(state));
    }
  }

  @Test
  void aRestoredStateHasSanctionsInTheObjectsOfBefore() {
    RoomState state = fixture.state();
    Sanctions bans = state.bans();
    bans.impose("cem", new Sanctions.Sanction("earlier", 1, Long.MAX_VALUE));
    fixture.codec.restore(state, fixture.codec.snapshot(new LogFormatExamples().state()));
    assertSame(bans, state.bans());
    long now = state.logMillis();
    assertEquals("spam", bans.rejectionFor("eve", now).orElseThrow().reason());
    assertEquals(Optional.empty(), bans.rejectionFor("cem", now));
    assertEquals("loud", state.mutes().rejectionFor("bob", now).orElseThrow().reason());
  }

  @Test
  void sanctionsThatAreOverAreNotPartOfASnapshot() {
    RoomState state = new LogFormatExamples().state();
    state.bans().impose("dan", new Sanctions.Sanction("short", state.logMillis() - 10, 10));
    assertFalse(state.snapshot().bans().containsKey("dan"));
    assertTrue(state.snapshot().bans().containsKey("eve"));
  }

  @Test
  void aStateKeepsAtMost1000IdempotencyKeysAfterARestore() {
    FieldWriter writer =
        new FieldWriter().message(2, new Position("epoch", 2_000), CommonFields::writePosition);
    for (int i = 0; i < 2_000; i++) {
      writer.message(
          5,
          i,
          (key, number) ->
              key.string(2, "key" + number)
                  .message(3, new Position("epoch", number + 1), CommonFields::writePosition));
    }
    RoomState state = fixture.restored(writer.toByteArray());
    assertEquals(2_000, state.snapshot().keys().size());
    RoomMessage message =
        RoomMessage.announcement(
            fixture.room, Payload.text("hello"), BroadcastPolicy.everyone(), 1);
    state.publish((RoomMessage) message.withIdempotencyKey("another"), 1, 1);
    assertEquals(1_000, state.snapshot().keys().size());
  }

  @Test
  void aRestoredMessageIsAsOldAsItWas() {
    RoomFixture stored =
        new RoomFixture(
            RoomOptions.defaults()
                .withPermanent()
                .withHistory(History.of(10).withAge(Duration.ofSeconds(10))));
    RoomState state = stored.state();
    RoomMessage message =
        RoomMessage.announcement(stored.room, Payload.text("hello"), BroadcastPolicy.everyone(), 1);
    RoomEvent event = new RoomEvent.Published(message);
    for (int i = 1; i <= 2; i++) {
      stored.millis += 6_000;
      LogEntry entry = new LogEntry(i, "", "t" + i, "", stored.millis, "node", i, new byte[0]);
      state.apply(event, entry, state.position().epoch());
    }
    RoomState restored = stored.restored(stored.codec.snapshot(state));
    stored.millis += 5_000;
    restored.history().trim(stored.millis * 1_000_000);
    assertEquals(List.of(2L), restored.history().all().stream().map(RoomMessage::offset).toList());
    assertEquals(1, restored.history().lastEvictedOffset());
  }

  @Test
  void aRecordThatNeedsALaterVersionIsRejected() {
    RoomState state = fixture.state();
    byte[] snapshot = fixture.codec.snapshot(state);
    byte[] event = fixture.codec.encode(new RoomEvent.NodeLost("node"), "epoch");
    for (long later : new long[] {2, Long.MAX_VALUE, -1}) {
      IllegalArgumentException rejected =
          assertThrows(
              IllegalArgumentException.class,
              () -> fixture.codec.decode(withVersion(later, event)));
      assertTrue(
          rejected.getMessage().contains("version " + Long.toUnsignedString(later)),
          rejected.getMessage());
      assertThrows(
          IllegalArgumentException.class,
          () -> fixture.codec.restore(state, withVersion(later, snapshot)));
    }
    fixture.codec.restore(state, withVersion(1, snapshot));
    assertEquals(
        new RoomEvent.NodeLost("node"), fixture.codec.decode(withVersion(1, event)).event());
  }

  private static byte[] withVersion(long version, byte[] record) {
    byte[] field = new FieldWriter().int64(1, version).toByteArray();
    byte[] joined = Arrays.copyOf(record, record.length + field.length);
    System.arraycopy(field, 0, joined, record.length, field.length);
    return joined;
  }

  @Test
  void digestsOfDifferentStatesAreDifferent() {
    RoomState one = new LogFormatExamples().state();
    RoomState other = new LogFormatExamples().state();
    assertEquals(RoomCodec.digest(one), RoomCodec.digest(other));
    assertEquals(fixture.codec.historyDigest(one, 0), fixture.codec.historyDigest(other, 0));

    other.history().halve();
    long evicted = other.history().lastEvictedOffset();
    assertEquals(RoomCodec.digest(one), RoomCodec.digest(other));
    assertNotEquals(fixture.codec.historyDigest(one, 0), fixture.codec.historyDigest(other, 0));
    assertEquals(
        fixture.codec.historyDigest(one, evicted), fixture.codec.historyDigest(other, evicted));
    assertNotEquals(
        fixture.codec.historyDigest(one, evicted),
        fixture.codec.historyDigest(one, one.position().offset()));

    other.bans().lift("eve", 0);
    assertNotEquals(RoomCodec.digest(one), RoomCodec.digest(other));
  }
}
