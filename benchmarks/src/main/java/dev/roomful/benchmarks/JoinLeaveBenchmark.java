package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.CloseStatus;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures joins and leaves, both callbacks included. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class JoinLeaveBenchmark {
  /** The number of members that are in the room already. */
  @Param({"1", "10", "100", "1000", "10000"})
  public int members;

  private BenchmarkRoom benchmarkRoom;

  /** Fills the room. */
  @Setup
  public void fill() {
    benchmarkRoom =
        new BenchmarkRoom(members, BroadcastPolicy.everyone(), InlineScheduler.immediate());
  }

  /** Closes the chat. */
  @TearDown
  public void close() {
    benchmarkRoom.close();
  }

  /** A connection of a new participant opens and closes. */
  @Benchmark
  public void connectAndDisconnect() {
    benchmarkRoom.join("newcomer").closed(CloseStatus.NORMAL.code(), "");
  }

  /** A participant joins a second room, of which it is the only member, and leaves it. */
  @Benchmark
  public void joinAndLeave() {
    benchmarkRoom.publisher.join("second");
    benchmarkRoom.publisher.leave("second");
  }
}
