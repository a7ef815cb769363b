package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a chat: {@code roomful-write-N}, {@code roomful-network-N}, {@code
 * roomful-abort-N}, {@code roomful-callback-N}, {@code roomful-log-N} and {@code roomful-timer-1}.
 * All are daemons, each starts when there is first something to do, and their number is bounded.
 * {@link #stop} ends them.
 *
 * <p>A task for which no thread can be started waits for the threads of its pool. If the pool has
 * none, the timer starts one as soon as that is possible; a callback is then refused, since its
 * caller may be able to run it.
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

  private final List<Pool> writeExecutors;
  private final Pool callbackPool;
  private final Executor callbackExecutor;
  private final Pool networkExecutor;
  private final Pool abortExecutor;
  private final Pool logExecutor;
  private final List<Pool> pools;
  private final ThreadFactory timerThreadFactory;
  private @Nullable Thread timer;
  private volatile boolean stopped;

  /**
   * Creates the scheduler; no thread starts yet.
   *
   * @param ownCallbackExecutor the application's executor, or null for threads of the chat
   */
  public DefaultScheduler(int writeExecutorCount, @Nullable Executor ownCallbackExecutor) {
    this(writeExecutorCount, ownCallbackExecutor, DefaultScheduler::named);
  }

  /**
   * Creates the scheduler with threads of its caller.
   *
   * @param threadFactories creates a factory of threads whose names begin with a prefix
   */
  DefaultScheduler(
      int writeExecutorCount,
      @Nullable Executor ownCallbackExecutor,
      Function<String, ThreadFactory> threadFactories) {
    ThreadFactory writeThreadFactory = threadFactories.apply("roomful-write-");
    writeExecutors =
        IntStream.range(0, writeExecutorCount)
            .mapToObj(i -> new Pool(1, new LinkedBlockingQueue<>(), writeThreadFactory))
            .toList();
    callbackPool =
        new ElasticPool(MAX_CALLBACK_THREADS, threadFactories.apply("roomful-callback-")) {
          @Override
          boolean waitsForThread() {
            return false;
          }
        };
    callbackExecutor = ownCallbackExecutor == null ? callbackPool : ownCallbackExecutor;
    networkExecutor =
        new ElasticPool(MAX_NETWORK_THREADS, threadFactories.apply("roomful-network-"));
    abortExecutor = new ElasticPool(MAX_ABORT_THREADS, threadFactories.apply("roomful-abort-"));
    logExecutor =
        new ElasticPool(Math.max(2, writeExecutorCount), threadFactories.apply("roomful-log-"));
    timerThreadFactory = threadFactories.apply("roomful-timer-");
    pools =
        Stream.concat(
                Stream.of(logExecutor, networkExecutor, abortExecutor, callbackPool),
                writeExecutors.stream())
            .toList();
  }

  /**
   * A pool that queues tasks until it has a thread. After the stop it runs them on their submitter:
   * a connection that was admitted before the chat closed, and opened after it, still has to be
   * closed.
   */
  private static class Pool extends ThreadPoolExecutor {
    Pool(int coreThreads, BlockingQueue<Runnable> queue, ThreadFactory threadFactory) {
      this(coreThreads, coreThreads, queue, threadFactory);
      allowCoreThreadTimeOut(true);
    }

    Pool(
        int coreThreads,
        int maxThreads,
        BlockingQueue<Runnable> queue,
        ThreadFactory threadFactory) {
      super(
          coreThreads,
          maxThreads,
          THREAD_IDLE_TIMEOUT.toMillis(),
          TimeUnit.MILLISECONDS,
          queue,
          threadFactory,
          (task, pool) -> ((Pool) pool).rejected(task));
    }

    @Override
    public void execute(Runnable task) {
      try {
        executeNow(task);
      } catch (OutOfMemoryError noThread) {
        if (getPoolSize() == 0 && !waitsForThread()) {
          throw noThread;
        }
        LogEvent.THREAD_REFUSED.logFailure(
            () -> "A thread could not be started; its task waits for another one", noThread);
        if (!getQueue().contains(task)) {
          rejected(task);
        }
      }
    }

    /** Whether a task waits if there is no thread at all. */
    boolean waitsForThread() {
      return true;
    }

    void rejected(Runnable task) {
      if (isShutdown()) {
        task.run();
        return;
      }
      enqueue(task);
      if (isShutdown() && getQueue().remove(task)) {
        task.run(); // The pool stopped before the task was queued.
      }
    }

    void enqueue(Runnable task) {
      getQueue().add(task);
    }

    /** Starts a thread for tasks that wait although there may be one more; called by the timer. */
    void startMissingThread() {
      if (!getQueue().isEmpty() && getPoolSize() < getMaximumPoolSize() && !isShutdown()) {
        startThread();
      }
    }

    void startThread() {
      prestartCoreThread();
    }

    /** Stops the pool; its threads run the tasks that wait, or this one if there is no thread. */
    void stopAfterTasks() {
      shutdown();
      if (getPoolSize() == 0) {
        for (Runnable task : List.copyOf(getQueue())) {
          if (remove(task)) {
            task.run();
          }
        }
      }
    }

    /** Runs a task, or throws if no thread can be started for it. */
    final void executeNow(Runnable task) {
      super.execute(task);
    }
  }

  /**
   * A pool that starts a thread only if no idle one takes the task, and queues tasks only when it
   * has its maximum of threads.
   */
  private static class ElasticPool extends Pool {
    ElasticPool(int maxThreads, ThreadFactory threadFactory) {
      super(0, maxThreads, new HandOverQueue(), threadFactory);
    }

    @Override
    void enqueue(Runnable task) {
      ((HandOverQueue) getQueue()).put(task);
    }

    /** The new thread runs the tasks that wait when it has run this one. */
    @Override
    void startThread() {
      executeNow(() -> {});
    }
  }

  /** Takes a task from a pool only if a thread is waiting for one. */
  private static final class HandOverQueue extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
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

  /**
   * Starts the timer, which is a thread that needs no memory to go on: one of the JDK's would end
   * for want of it, and no deadline would be checked any more.
   */
  @Override
  public void every(Duration period, Runnable task) {
    Thread thread = timerThreadFactory.newThread(() -> runTimer(period.toNanos(), task));
    thread.start();
    timer = thread;
  }

  private void runTimer(long period, Runnable task) {
    long next = System.nanoTime() + period;
    while (!stopped) {
      long wait = next - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
        var unused = Thread.interrupted(); // an interrupt would make each further wait end at once
      } else {
        runSafely(task);
        next = System.nanoTime() + period;
      }
    }
  }

  private void runSafely(Runnable task) {
    try {
      try {
        task.run();
      } catch (Throwable failure) {
        LogEvent.TIMER_FAILED.logFailure(
            () -> "A run of the deadline timer failed; the next one runs as planned", failure);
      }
      for (Pool pool : pools) {
        pool.startMissingThread();
      }
    } catch (Throwable exhausted) {
      // There is no memory to call the log with, or to start a thread. The next run tries again.
    }
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
    stopped = true;
    Thread ticking = timer;
    LockSupport.unpark(ticking);
    pools.forEach(Pool::stopAfterTasks);
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    try {
      if (ticking != null && ticking != Thread.currentThread()) {
        TimeUnit.NANOSECONDS.timedJoin(ticking, deadline - System.nanoTime());
      }
      for (ExecutorService pool : pools) {
        if (!pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          pool.shutdownNow();
        }
      }
    } catch (InterruptedException interrupted) {
      pools.forEach(ExecutorService::shutdownNow);
      Thread.currentThread().interrupt();
    }
  }
}
