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
 * Measures a broadcast: encoding, one enqueue for each member, and the drain. An operation is a
 * message; {@link JmhTable} divides by the number of members.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FanOutBenchmark {
  private static final int BATCH = 16;

  /** A room whose write loop runs after each message. */
  @State(Scope.Benchmark)
  public static class ImmediateWrites {
    /** The number of members. */
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
  }

  /** A room whose write loop runs after several messages, as in a busy server. */
  @State(Scope.Benchmark)
  public static class BatchedWrites {
    /** The number of members. */
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

  /** A room whose write loops have their own threads, as in a server. */
  @State(Scope.Benchmark)
  public static class ThreadedWrites {
    /** The number of members. */
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

  /** One publisher; each message is drained by itself. */
  @Benchmark
  public void oneByOne(ImmediateWrites state) {
    state.benchmarkRoom.room.announce(BenchmarkRoom.TEXT);
  }

  /** One publisher; messages are drained in batches of 16. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void batchesOfSixteen(BatchedWrites state) {
    for (int i = 0; i < BATCH; i++) {
      state.benchmarkRoom.room.announce(BenchmarkRoom.TEXT);
    }
    state.scheduler.drain();
  }

  /** One publisher, concurrent with the write loops. */
  @Benchmark
  public void withWriteLoopThreads(ThreadedWrites state) {
    state.benchmarkRoom.announceWithBackpressure();
  }

  /** Two concurrent publishers in one room, concurrent with the write loops. */
  @Benchmark
  @Threads(2)
  public void twoPublishers(ThreadedWrites state) {
    state.benchmarkRoom.announceWithBackpressure();
  }
}
