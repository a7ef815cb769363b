package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a chat: {@code roomful-write-N}, {@code roomful-network-N}, {@code
 * roomful-abort-N}, {@code roomful-callback-N}, {@code roomful-log-N} and {@code roomful-timer-1}.
 * All are daemons, each starts when there is first something to do, and their number is bounded.
 * {@link #stop} ends them.
 */
public final class DefaultScheduler implements Scheduler {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  /** Each participant occupies at most one of these, and each handshake one. */
  private static final int MAX_CALLBACK_THREADS = 256;

  private static final Duration THREAD_IDLE_TIMEOUT = Duration.ofSeconds(30);

  /** A ping or a close of a stalled client blocks one of these, on Tomcat for about a second. */
  static final int MAX_NETWORK_THREADS = 32;

  /** Aborts have threads of their own, because they end calls that block network threads. */
  static final int MAX_ABORT_THREADS = 16;

  private final List<ExecutorService> writeExecutors;
  private final ExecutorService callbackPool;
  private final Executor callbackExecutor;
  private final ExecutorService networkExecutor;
  private final ExecutorService abortExecutor;
  private final ExecutorService logExecutor;
  private final ScheduledThreadPoolExecutor tickExecutor;

  /**
   * Creates the scheduler; no thread starts yet.
   *
   * @param ownCallbackExecutor the application's executor, or null for threads of the chat
   */
  public DefaultScheduler(int writeExecutorCount, @Nullable Executor ownCallbackExecutor) {
    ThreadFactory writeThreadFactory = named("roomful-write-");
    writeExecutors =
        IntStream.range(0, writeExecutorCount)
            .mapToObj(i -> singleThread(writeThreadFactory))
            .toList();
    callbackPool = elasticPool(MAX_CALLBACK_THREADS, named("roomful-callback-"));
    callbackExecutor = ownCallbackExecutor == null ? callbackPool : ownCallbackExecutor;
    networkExecutor = elasticPool(MAX_NETWORK_THREADS, named("roomful-network-"));
    abortExecutor = elasticPool(MAX_ABORT_THREADS, named("roomful-abort-"));
    logExecutor = elasticPool(Math.max(2, writeExecutorCount), named("roomful-log-"));
    tickExecutor = new ScheduledThreadPoolExecutor(1, named("roomful-timer-"));
    tickExecutor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    tickExecutor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  /**
   * Creates a pool of one thread. After the stop it runs tasks on their submitter: a connection
   * that was admitted before the chat closed, and opened after it, still has to be closed.
   */
  private static ExecutorService singleThread(ThreadFactory threadFactory) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1,
            1,
            THREAD_IDLE_TIMEOUT.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            threadFactory,
            (task, stopped) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Creates a pool that starts a thread only if no idle one takes the task, and queues tasks only
   * when it has its maximum of threads. After the stop it runs tasks on their submitter.
   */
  private static ExecutorService elasticPool(int maxThreads, ThreadFactory threadFactory) {
    LinkedTransferQueue<Runnable> queue =
        new LinkedTransferQueue<>() {
          private static final long serialVersionUID = 1;

          @Override
          public boolean offer(Runnable task) {
            return tryTransfer(task);
          }
        };
    return new ThreadPoolExecutor(
        0,
        maxThreads,
        THREAD_IDLE_TIMEOUT.toMillis(),
        TimeUnit.MILLISECONDS,
        queue,
        threadFactory,
        (task, pool) -> {
          if (pool.isShutdown()) {
            task.run();
            return;
          }
          queue.put(task);
          if (pool.isShutdown() && queue.remove(task)) {
            task.run(); // The pool stopped before the task was queued.
          }
        });
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
  public List<Executor> writeExecutors() {
    return List.copyOf(writeExecutors);
  }

  @Override
  public Executor callbackExecutor() {
    return callbackExecutor;
  }

  @Override
  public Executor networkExecutor() {
    return networkExecutor;
  }

  @Override
  public Executor abortExecutor() {
    return abortExecutor;
  }

  @Override
  public Executor logExecutor() {
    return logExecutor;
  }

  @Override
  public void every(Duration period, Runnable task) {
    Runnable safe =
        () -> {
          try {
            task.run();
          } catch (Throwable failure) {
            // A scheduled task that throws is never run again, and no deadline would be checked.
            LogEvent.TIMER_FAILED.logFailure(
                () -> "A run of the deadline timer failed; the next one runs as planned", failure);
          }
        };
    var unused =
        tickExecutor.scheduleWithFixedDelay(
            safe, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
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
        Stream.concat(
                Stream.of(tickExecutor, logExecutor, networkExecutor, abortExecutor, callbackPool),
                writeExecutors.stream())
            .toList();
    all.forEach(ExecutorService::shutdown);
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
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
