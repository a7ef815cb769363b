package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.BroadcastPolicy;
import dev.roomful.History;
import dev.roomful.RoomOptions;
import dev.roomful.cluster.LogEntry;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applies random entries of a log to the states of several nodes. */
class RoomStateSnapshotTest {
  /** {@code -Droomful.seeds=N} runs so many scenarios of each kind. */
  private static final int RUNS = Integer.getInteger("roomful.seeds", 25);

  private static final int ENTRIES = 200;

  static List<RoomOptions> options() {
    RoomOptions bounded =
        RoomOptions.defaults()
            .withCapacity(4)
            .withHistory(History.of(10).withBytes(2_000).withAge(Duration.ofSeconds(20)));
    return List.of(
        bounded,
        bounded.withPermanent(),
        bounded
            .withKeepEmptyFor(Duration.ofSeconds(2))
            .withPolicy(BroadcastPolicy.rule((message, recipient) -> true)),
        RoomOptions.defaults().withPermanent());
  }

  @ParameterizedTest
  @MethodSource("options")
  void allNodesHaveTheSameStateAfterTheSameEntries(RoomOptions options) {
    for (int seed = 0; seed < RUNS; seed++) {
      Log log = new Log(seed, options);
      RoomState origin = log.fixture.state();
      RoomState other = log.fixture.state();
      for (int i = 0; i < ENTRIES; i++) {
        Entry entry = log.next(origin);
        Applied atOrigin = origin.apply(entry.event(), entry.entry(), entry.epoch());
        Applied atOther = log.apply(other, entry);
        assertEquals(outcome(atOrigin), outcome(atOther), log.at(i));
        log.assertEqualStates(origin, other, i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void aSnapshotAndTheLaterEntriesLeadToTheSameStateAsAllEntries(RoomOptions options) {
    for (int seed = 0; seed < RUNS; seed++) {
      Log log = new Log(seed, options);
      RoomState all = log.fixture.state();
      RoomState restored = log.fixture.state();
      for (int i = 0; i < ENTRIES; i++) {
        Entry entry = log.next(all);
        assertEquals(
            outcome(log.apply(all, entry)), outcome(log.apply(restored, entry)), log.at(i));
        log.assertEqualStates(all, restored, i);
        if (log.random.nextInt(20) == 0) {
          RoomState source = log.random.nextBoolean() ? all : restored;
          log.fixture.codec.restore(restored, log.fixture.codec.snapshot(source));
          log.assertEqualStates(all, restored, i);
        }
      }
    }
  }

  private static String outcome(@Nullable Applied applied) {
    if (applied == null) {
      return "ignored";
    }
    StringBuilder outcome = new StringBuilder();
    outcome.append(applied.rejection()).append(applied.memberJoined()).append(applied.known());
    outcome.append(applied.message() == null ? null : RoomFixture.content(applied.message()));
    outcome.append(applied.member() == null ? null : applied.member().id());
    outcome.append(
        applied.connection() == null
            ? null
            : applied.connection().id() + applied.connection().presenceId());
    for (Applied.Departure departure : applied.departures()) {
      outcome.append(departure.member().id()).append(departure.last()).append(departure.status());
      departure.connections().forEach(connection -> outcome.append(connection.id()));
    }
    return outcome.toString();
  }

  /** One entry, with its content. */
  private record Entry(RoomEvent event, LogEntry entry, String epoch) {}

  /** A log to which three nodes append. */
  private static final class Log {
    private final int seed;
    private final Random random;
    private final RoomFixture fixture;
    private final RandomEvents events;
    private long sequence;
    private String epoch = RoomState.NO_EPOCH;
    private int generation;

    Log(int seed, RoomOptions options) {
      this.seed = seed;
      this.random = new Random(seed);
      this.fixture = new RoomFixture(options);
      this.events = new RandomEvents(random, fixture);
    }

    Entry next(RoomState state) {
      sequence++;
      fixture.millis += time();
      epoch = random.nextInt(10) == 0 ? epoch : state.position().epoch();
      generation += random.nextInt(50) == 0 ? 1 : 0;
      String node = events.node(state);
      long last = state.nodes().last(node);
      long number = random.nextInt(20) == 0 ? last + random.nextInt(3) : last + 1;
      RoomEvent event = events.next(state);
      String previous = sequence == 1 ? "" : "t" + (sequence - 1);
      byte[] data = fixture.codec.encode(event, epoch);
      long millis = fixture.millis - random.nextInt(100);
      return new Entry(
          event,
          new LogEntry(
              sequence, previous, "t" + sequence, "g" + generation, millis, node, number, data),
          epoch);
    }

    /** How much time passes: mostly little, now and then more than nodes are remembered for. */
    private long time() {
      return switch (random.nextInt(40)) {
        case 0 -> 5_000_000;
        case 1, 2, 3 -> 3_000;
        default -> random.nextInt(300);
      };
    }

    @Nullable Applied apply(RoomState state, Entry entry) {
      DecodedEvent decoded = fixture.codec.decode(entry.entry().data());
      return state.apply(decoded.event(), entry.entry(), decoded.epoch());
    }

    void assertEqualStates(RoomState expected, RoomState actual, int step) {
      assertEquals(RoomCodec.digest(expected), RoomCodec.digest(actual), at(step));
      long evicted =
          Math.max(expected.history().lastEvictedOffset(), actual.history().lastEvictedOffset());
      assertEquals(
          fixture.codec.historyDigest(expected, evicted),
          fixture.codec.historyDigest(actual, evicted),
          at(step));
      assertEquals(expected.presenceCount(), actual.presenceCount(), at(step));
      assertEquals(expected.presence(), actual.presence(), at(step));
      assertEquals(expected.size(), actual.size(), at(step));
      for (String name : List.of("0", "hello1", "hello2")) {
        assertEquals(expected.isNameTaken(name, "x"), actual.isNameTaken(name, "x"), at(step));
      }
    }

    String at(int step) {
      return "seed " + seed + ", entry " + step;
    }
  }
}
