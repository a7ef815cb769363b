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

/** Measures the same broadcast with each kind of broadcast policy. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class PolicyBenchmark {
  /** The kinds of policy. */
  public enum Kind {
    /** Every member. */
    EVERYONE,
    /** Every member except the sender. */
    EXCLUDING_SENDER,
    /** Every connection except that of the sender. */
    EXCLUDING_ORIGIN,
    /** Ten ids. */
    ONLY_10,
    /** Every member except ten ids. */
    EXCEPT_10,
    /** A rule that is evaluated for each member, and is always true. */
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

  /** The policy of the room. */
  @Param public Kind policy = Kind.EVERYONE;

  /** The number of members. */
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
