package dev.roomful.redis;

import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEntry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the engine connected. One thread opens links, watches them until one is lost, and begins
 * again, until it is closed.
 */
final class Connector {
  private static final Logger LOGGER = System.getLogger("dev.roomful.redis");
  private static final Duration MAX_PING_INTERVAL = Duration.ofSeconds(5);
  private static final Duration MAX_TICK = Duration.ofMillis(500);
  private static final int FIRST_DELAY_MILLIS = 50;
  private static final int MAX_DELAY_MILLIS = 300;

  private final Settings settings;
  private final Servers servers;
  private final EngineListener listener;
  private final ServerCheck check;
  private final Subscriptions subscriptions = new Subscriptions(this::receive);
  private final CompletableFuture<Void> firstConnection = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "roomful-redis");
  // Entries are delivered under the read lock, so that no other call of the listener overlaps.
  private final ReadWriteLock calls = new ReentrantReadWriteLock();
  private volatile @Nullable Links current;
  private volatile boolean closed;

  Connector(Settings settings, Servers servers, EngineListener listener) {
    this.settings = settings;
    this.servers = servers;
    this.listener = listener;
    this.check = new ServerCheck(settings);
    thread.setDaemon(true);
  }

  /** Starts the thread; the stage completes with the first connection, or fails with it. */
  CompletableFuture<Void> start() {
    thread.start();
    return firstConnection;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** {@return the link to the server that stores a key} */
  Link link(String key) {
    Links links = current;
    if (links == null) {
      throw new EngineUnavailableException(
          servers.address() + (closed ? ": the engine is closed" : " is not connected"), null);
    }
    return links.of(key);
  }

  /** Ends the thread, and waits for it unless a callback of the engine is the caller. */
  void close() {
    closed = true;
    thread.interrupt();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(settings.commandTimeout().toMillis());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try {
      connectAndWatch();
    } catch (InterruptedException end) {
      LOGGER.log(Level.DEBUG, "Closing the connections to {0}", servers.address());
    } catch (RuntimeException | Error failure) {
      if (!firstConnection.completeExceptionally(failure)) {
        LOGGER.log(Level.ERROR, "The connection to " + servers.address() + " ended", failure);
      }
    } finally {
      closed = true;
      Links links = current;
      current = null;
      subscriptions.leave();
      if (links != null) {
        // Lettuce warns of a connection that is closed while its client is shut down.
        links.close().completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
      }
      servers.close();
      firstConnection.completeExceptionally(
          new IllegalStateException(servers.address() + ": the engine was closed"));
    }
  }

  private void connectAndWatch() throws InterruptedException {
    use(open(true));
    while (true) {
      reconnect();
    }
  }

  private void reconnect() throws InterruptedException {
    int delay = FIRST_DELAY_MILLIS;
    String reported = "";
    while (true) {
      Thread.sleep(ThreadLocalRandom.current().nextInt(delay / 2, delay + 1));
      try {
        use(open(false));
        return;
      } catch (RuntimeException failure) {
        if (closed) {
          throw new InterruptedException();
        }
        String reason = Failures.chain(failure);
        if (!reason.equals(reported)) {
          reported = reason;
          LOGGER.log(Level.WARNING, "Cannot connect to " + servers.address() + ": " + reason);
        }
        delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
      }
    }
  }

  /** Returns links that are ready, with all subscriptions in place. */
  private Links open(boolean first) throws InterruptedException {
    Links links = new Links(servers.topology(), settings.commandTimeout(), subscriptions);
    try {
      for (Link link : links.all()) {
        ServerInfo info = check.prepare(link, links.isCluster());
        if (first) {
          check.checkConfiguration(link, info, links.keyOf(link, check::newKey));
        }
      }
      subscriptions.moveTo(links, settings.commandTimeout());
      return links;
    } catch (InterruptedException | RuntimeException failure) {
      subscriptions.leave();
      links.close();
      throw failure;
    }
  }

  /** Serves operations with some links until one of them is lost. */
  private void use(Links links) throws InterruptedException {
    LOGGER.log(Level.INFO, "Connected to {0}", servers.address());
    call(
        () -> {
          current = links;
          listener.connected();
        });
    firstConnection.complete(null);
    watch(links);
    String message = servers.address() + " was lost: " + Failures.text(links.cause());
    LOGGER.log(Level.WARNING, message);
    subscriptions.leave();
    links.close();
    call(
        () -> {
          current = null;
          listener.disconnected(new EngineUnavailableException(message, links.cause()));
        });
  }

  private void watch(Links links) throws InterruptedException {
    Duration interval = least(settings.commandTimeout(), MAX_PING_INTERVAL);
    Duration tick = least(settings.commandTimeout().dividedBy(4), MAX_TICK);
    long pinged = System.nanoTime();
    while (!links.isLost()) {
      links.awaitLoss(tick);
      long now = System.nanoTime();
      if (now - pinged > interval.toNanos()) {
        pinged = now;
        links.all().forEach(Link::ping);
      }
      links.all().forEach(Link::checkDeadlines);
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void receive(Links links, String log, LogEntry entry) {
    calls.readLock().lock();
    try {
      if (links == current) {
        listener.entry(log, entry);
      }
    } catch (RuntimeException | Error failure) {
      LOGGER.log(Level.ERROR, "Listener failed at an entry of log " + log, failure);
    } finally {
      calls.readLock().unlock();
    }
  }

  private void call(Runnable callback) {
    calls.writeLock().lock();
    try {
      callback.run();
    } catch (RuntimeException | Error failure) {
      LOGGER.log(Level.ERROR, "Listener failed at a change of the connection", failure);
    } finally {
      calls.writeLock().unlock();
    }
  }
}
