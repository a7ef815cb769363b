package dev.roomful.tomcat;

import dev.roomful.internal.validation.FailureLog;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that reads sockets, in place of Tomcat's, whose poller hands each read to another
 * thread. It also aborts connections whose end takes too long. The thread runs while it has
 * something to wait for.
 */
final class ReadLoop {
  private static final FailureLog LOG = new FailureLog("dev.roomful.tomcat");

  /** Channels that others have closed are released in this time. */
  private static final long MAX_WAIT_MILLIS = 1000;

  private final String threadName;
  private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by this, as the next
  private @Nullable Selector selector; // null if no thread runs

  // Used by the thread only.
  private final PriorityQueue<Deadline> deadlines =
      new PriorityQueue<>(Comparator.comparingLong(deadline -> deadline.nanos));

  /** The end of the time that a connection has for its end. */
  static final class Deadline {
    private final long nanos;
    private volatile @Nullable Runnable abort;

    private Deadline(long nanos, Runnable abort) {
      this.nanos = nanos;
      this.abort = abort;
    }

    /** Releases the connection, which has ended. */
    void cancel() {
      abort = null;
    }

    private void pass() {
      Runnable pending = abort;
      if (pending != null) {
        pending.run();
      }
    }
  }

  ReadLoop(String threadName) {
    this.threadName = threadName;
  }

  /**
   * Runs a task on the thread.
   *
   * @throws IOException if no thread runs, and none can be started
   */
  void execute(Runnable task) throws IOException {
    synchronized (this) {
      if (selector == null) {
        start();
      }
      tasks.add(task);
    }
    wake();
  }

  /** Calls an action after a time. */
  Deadline abortAfter(long nanos, Runnable abort) throws IOException {
    Deadline deadline = new Deadline(System.nanoTime() + nanos, abort);
    execute(() -> deadlines.add(deadline));
    return deadline;
  }

  /** Releases the channels that were closed meanwhile. */
  synchronized void wake() {
    if (selector != null) {
      selector.wakeup();
    }
  }

  /**
   * Begins to watch a channel; called by the thread.
   *
   * @param onReadable called whenever there is something to read, while the key has that interest
   */
  SelectionKey register(SocketChannel channel, Runnable onReadable) throws ClosedChannelException {
    Selector running;
    synchronized (this) {
      running = selector;
    }
    if (running == null) {
      throw new IllegalStateException("not called by the thread " + threadName);
    }
    return channel.register(running, 0, onReadable);
  }

  private void start() throws IOException {
    Selector opened = Selector.open();
    try {
      Thread thread = new Thread(() -> run(opened), threadName);
      thread.setDaemon(true);
      thread.setContextClassLoader(ReadLoop.class.getClassLoader()); // not one of an application
      thread.start();
      selector = opened;
    } finally {
      if (selector == null) {
        opened.close(); // There is no memory for a thread.
      }
    }
  }

  private void run(Selector running) {
    while (!ends(running)) {
      try {
        running.select(key -> call((Runnable) key.attachment()), waitMillis());
      } catch (Throwable failure) { // Others are to be read all the same.
        LOG.error(() -> "Waiting for input failed", failure);
      }
      runTasks();
      for (Deadline next = deadlines.peek();
          next != null && next.nanos - System.nanoTime() <= 0;
          next = deadlines.peek()) {
        deadlines.remove();
        call(next::pass);
      }
    }
  }

  private long waitMillis() {
    Deadline next = deadlines.peek();
    if (next == null) {
      return MAX_WAIT_MILLIS;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(next.nanos - System.nanoTime());
    return Math.max(1, Math.min(MAX_WAIT_MILLIS, millis));
  }

  private void runTasks() {
    for (Runnable task = nextTask(); task != null; task = nextTask()) {
      call(task);
    }
  }

  private synchronized @Nullable Runnable nextTask() {
    return tasks.poll();
  }

  private static void call(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) { // Others are to be read all the same.
      LOG.error(() -> "Reading a connection failed", failure);
    }
  }

  private synchronized boolean ends(Selector running) {
    if (!tasks.isEmpty() || !running.keys().isEmpty()) {
      return false;
    }
    deadlines.removeIf(deadline -> deadline.abort == null);
    if (!deadlines.isEmpty()) {
      return false;
    }
    selector = null;
    try {
      running.close();
    } catch (IOException failure) {
      LOG.debug(() -> "Closing a selector failed", failure);
    }
    return true;
  }
}
