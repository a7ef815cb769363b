package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.ChatObserver;
import dev.roomful.micrometer.ChatMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
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

/** Measures the same broadcast without an observer, with an empty one, and with metrics. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ObserverBenchmark {
  private static final int BATCH = 16;

  /** What observes the chat. */
  public enum Kind {
    /** No observer. */
    NONE,
    /** An observer that does nothing. */
    EMPTY,
    /** Micrometer's metrics in a registry for Prometheus. */
    MICROMETER;

    private List<ChatObserver> observers() {
      return switch (this) {
        case NONE -> List.of();
        case EMPTY -> List.of(new ChatObserver() {});
        case MICROMETER ->
            List.of(ChatMetrics.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
      };
    }
  }

  /** What observes the chat. */
  @Param public Kind observer = Kind.NONE;

  /** The number of members. */
  @Param({"10", "1000"})
  public int members;

  private InlineScheduler scheduler;
  private BenchmarkRoom benchmarkRoom;

  /** Fills the room. */
  @Setup
  public void fill() {
    scheduler = InlineScheduler.manual();
    benchmarkRoom =
        new BenchmarkRoom(members, BroadcastPolicy.everyone(), scheduler, observer.observers());
  }

  /** Closes the chat. */
  @TearDown
  public void close() {
    scheduler.drain();
    benchmarkRoom.close();
  }

  /** Messages that are drained in batches of 16. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void observed() {
    for (int i = 0; i < BATCH; i++) {
      benchmarkRoom.room.announce(BenchmarkRoom.TEXT);
    }
    scheduler.drain();
  }
}
