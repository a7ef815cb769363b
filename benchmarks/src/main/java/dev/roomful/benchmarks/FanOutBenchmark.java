package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One broadcast: encoding, an enqueue for each member, and its share of the drain. An operation is
 * a message; {@link JmhTable} divides by the members.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FanOutBenchmark {
  private static final int BATCH = 16;

  /** A room whose lane runs with each message. */
  @State(Scope.Benchmark)
  public static class ImmediateWrites {
    /** How many hear it. */
    @Param({"1", "10", "100", "1000", "10000"})
    public int members;

    private BenchmarkRoom benchmarkRoom;

    /** Fills the room. */
    @Setup
    public void fill() {
      benchmarkRoom = new BenchmarkRoom(members, BroadcastPolicy.everyone(), InlineScheduler.immediate());
    }

    /** Closes the chat. */
    @TearDown
    public void close() {
      benchmarkRoom.close();
    }
  }

  /** A room whose lane runs after a number of messages, as when a server is busy. */
  @State(Scope.Benchmark)
  public static class BatchedWrites {
    /** How many hear it. */
    @Param({"1", "10", "100", "1000", "10000"})
    public int members;

    private InlineScheduler scheduler;
    private BenchmarkRoom benchmarkRoom;

    /** Fills the room. */
    @Setup
    public void fill() {
      scheduler = InlineScheduler.manual();
      benchmarkRoom = new BenchmarkRoom(members, BroadcastPolicy.everyone(), scheduler);
    }

    /** Closes the chat. */
    @TearDown
    public void close() {
      scheduler.drain();
      benchmarkRoom.close();
    }
  }

  /** A room whose lanes are threads of their own, as in a server. */
  @State(Scope.Benchmark)
  public static class ThreadedWrites {
    /** How many hear it. */
    @Param({"1", "10", "100", "1000", "10000"})
    public int members;

    private BenchmarkRoom benchmarkRoom;

    /** Fills the room. */
    @Setup
    public void fill() {
      benchmarkRoom = new BenchmarkRoom(members, BroadcastPolicy.everyone(), null);
    }

    /** Closes the chat. */
    @TearDown
    public void close() {
      benchmarkRoom.close();
    }
  }

  /** One speaker, each message drained by itself. */
  @Benchmark
  public void oneByOne(ImmediateWrites state) {
    state.benchmarkRoom.room.announce(BenchmarkRoom.TEXT);
  }

  /** One speaker, messages drained in batches of 16. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void batchesOfSixteen(BatchedWrites state) {
    for (int i = 0; i < BATCH; i++) {
      state.benchmarkRoom.room.announce(BenchmarkRoom.TEXT);
    }
    state.scheduler.drain();
  }

  /** One speaker beside the lanes. */
  @Benchmark
  public void withWriteLoopThreads(ThreadedWrites state) {
    state.benchmarkRoom.announceWithBackpressure();
  }

  /** Two speakers in one room at the same time, beside the lanes. */
  @Benchmark
  @Threads(2)
  public void twoPublishers(ThreadedWrites state) {
    state.benchmarkRoom.announceWithBackpressure();
  }
}
