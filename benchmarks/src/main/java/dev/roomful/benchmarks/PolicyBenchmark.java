package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the choice of an audience costs: the same broadcast under each kind of policy. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class PolicyBenchmark {
  /** The kinds of policy. */
  public enum Kind {
    /** No choice at all. */
    EVERYONE,
    /** Everyone but the one who spoke. */
    EXCLUDING_SENDER,
    /** Everyone but the connection that spoke. */
    EXCLUDING_ORIGIN,
    /** Ten by name. */
    ONLY_10,
    /** All but ten by name. */
    EXCEPT_10,
    /** Asked for each listener, and always yes. */
    RULE;

    private BroadcastPolicy policy() {
      return switch (this) {
        case EVERYONE -> BroadcastPolicy.everyone();
        case EXCLUDING_SENDER -> BroadcastPolicy.excludingSender();
        case EXCLUDING_ORIGIN -> BroadcastPolicy.excludingOrigin();
        case ONLY_10 -> BroadcastPolicy.onlyIds(tenIds());
        case EXCEPT_10 -> BroadcastPolicy.exceptIds(tenIds());
        case RULE -> BroadcastPolicy.rule((message, listener) -> true);
      };
    }

    private static Set<String> tenIds() {
      return IntStream.range(1, 11).mapToObj(Integer::toString).collect(Collectors.toSet());
    }
  }

  /** Who hears it. */
  @Param public Kind policy = Kind.EVERYONE;

  /** How many are in the room. */
  @Param({"1000"})
  public int members;

  private BenchmarkRoom benchmarkRoom;

  /** Fills the room. */
  @Setup
  public void fill() {
    benchmarkRoom = new BenchmarkRoom(members, policy.policy(), InlineScheduler.immediate());
  }

  /** Closes the chat. */
  @TearDown
  public void close() {
    benchmarkRoom.close();
  }

  /** One message of a member. */
  @Benchmark
  public void broadcast() {
    benchmarkRoom.room.publish(benchmarkRoom.recordedMessage().withPayload(BenchmarkRoom.TEXT));
  }
}
