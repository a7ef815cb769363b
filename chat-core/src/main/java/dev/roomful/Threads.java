package dev.roomful;

import dev.roomful.transport.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The threads of a chat: {@code roomful-lane-N}, {@code roomful-network-N}, {@code
 * roomful-callback-N} and {@code roomful-beat-1}, all daemons, each started when there is first
 * something for it to do.
 */
final class Threads implements Engine {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);
  private static final int CALLBACK_THREADS = 8;
  private static final int NETWORK_THREADS = 4;

  private final List<ExecutorService> lanes;
  private final ExecutorService callbacks;
  private final ExecutorService network;
  private final ScheduledThreadPoolExecutor beat;

  Threads(int laneCount) {
    ThreadFactory laneNames = named("roomful-lane-");
    lanes = IntStream.range(0, laneCount).mapToObj(i -> pool(1, laneNames)).toList();
    callbacks = pool(CALLBACK_THREADS, named("roomful-callback-"));
    network = pool(NETWORK_THREADS, named("roomful-network-"));
    beat = new ScheduledThreadPoolExecutor(1, named("roomful-beat-"));
    beat.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    beat.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  /**
   * What is given to it after the stop runs on the one who gives it: a connection that was admitted
   * before the chat closed, and opened after, has yet to be told so.
   */
  private static ExecutorService pool(int size, ThreadFactory names) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size,
            size,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            names,
            (task, stopped) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public List<Executor> lanes() {
    return List.copyOf(lanes);
  }

  @Override
  public Executor callbacks() {
    return callbacks;
  }

  @Override
  public Executor network() {
    return network;
  }

  @Override
  public void every(Duration period, Runnable task) {
    Runnable safe =
        () -> {
          try {
            task.run();
          } catch (RuntimeException failure) {
            // A scheduled task that throws is never run again, and with it all deadlines were gone.
            Core.LOG.log(System.Logger.Level.ERROR, "a beat of the chat failed", failure);
          }
        };
    var unused =
        beat.scheduleAtFixedRate(safe, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    List<ExecutorService> all =
        Stream.concat(Stream.of(beat, network, callbacks), lanes.stream()).toList();
    all.forEach(ExecutorService::shutdown);
    long deadline = System.nanoTime() + LONGEST_STOP.toNanos();
    try {
      for (ExecutorService pool : all) {
        if (!pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          pool.shutdownNow();
        }
      }
    } catch (InterruptedException interrupted) {
      all.forEach(ExecutorService::shutdownNow);
      Thread.currentThread().interrupt();
    }
  }
}
