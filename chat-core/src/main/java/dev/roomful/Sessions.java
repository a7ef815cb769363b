package dev.roomful;

import static java.util.Comparator.comparingLong;

import dev.roomful.admission.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a chat, from open until the transport says that they are closed, or is made
 * to.
 */
final class Sessions {
  private static final Duration MAX_TICK = Duration.ofMillis(500);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private final ChatRuntime runtime;
  private final Set<Session> connected = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();

  /** The lost ones, whose leaving is told in the order in which they came. */
  private final Set<Session> suspended =
      new ConcurrentSkipListSet<>(comparingLong(session -> session.number));

  private volatile boolean closing;

  Sessions(ChatRuntime runtime) {
    this.runtime = runtime;
  }

  /** Starts the one beat that looks at all deadlines. */
  void start() {
    Duration shortest = MAX_TICK;
    for (Duration limit :
        List.of(
            runtime.limits.writeTimeout(),
            runtime.limits.pingInterval(),
            runtime.limits.closeTimeout(),
            isResumeEnabled() ? runtime.limits.resumeWindow() : MAX_TICK)) {
      Duration tick = limit.dividedBy(8).plusMillis(1);
      shortest = tick.compareTo(shortest) < 0 ? tick : shortest;
    }
    runtime.scheduler.every(
        shortest,
        () -> {
          long now = runtime.scheduler.nanoTime();
          connected.forEach(session -> session.checkDeadlines(now));
          suspended.forEach(session -> session.checkResumeWindow(now));
          runtime.rooms.trim(now);
          runtime.bans.trim(now);
          runtime.mutes.trim(now);
        });
  }

  Optional<Rejection> checkAdmission() {
    if (closing) {
      return Optional.of(new Rejection(503, Rejection.CLOSING, "the chat is shutting down"));
    }
    return count.get() < runtime.limits.connections()
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                503,
                Rejection.CHAT_FULL,
                "the chat is at its limit of " + runtime.limits.connections() + " connections"));
  }

  /** Connections are told apart by when they came. */
  long nextNumber() {
    return numbers.getAndIncrement();
  }

  /** Whether a client that is lost has a grace time. */
  boolean isResumeEnabled() {
    return !runtime.limits.resumeWindow().isZero();
  }

  /** A lost client is away, until it is dismissed. */
  void addSuspended(Session session) {
    suspended.add(session);
  }

  void removeSuspended(Session session) {
    suspended.remove(session);
  }

  boolean isClosing() {
    return closing;
  }

  /** Registers a connection; one that cannot stay is registered too, until it has been closed. */
  @Nullable CloseStatus add(Session session) {
    connected.add(session);
    boolean full = count.incrementAndGet() > runtime.limits.connections();
    if (closing) {
      return CloseStatus.RESTART;
    }
    return full ? CloseStatus.FULL.withReason(Rejection.CHAT_FULL) : null;
  }

  void remove(Session session) {
    if (connected.remove(session)) {
      count.decrementAndGet();
    }
  }

  int size() {
    return count.get();
  }

  /** Ends all visits politely, and the rest of them when the time is up. */
  void close() {
    closing = true;
    long deadline = runtime.scheduler.nanoTime() + runtime.limits.shutdownTimeout().toNanos();
    // First everybody out of the rooms: "left" notices then reach nobody, instead of all the
    // others.
    runtime.rooms.all().forEach(room -> room.membership.clearForShutdown());
    Stream.concat(suspended.stream(), connected.stream())
        .sorted(comparingLong(session -> session.number))
        .forEach(
            session -> {
              session.endSuspension(CloseStatus.RESTART);
              session.close(CloseStatus.RESTART, Session.CloseMode.AFTER_FLUSH);
              session.runCallbacks();
            });
    awaitDisconnected(deadline);
    connected.forEach(session -> session.abort(CloseStatus.RESTART));
    awaitDisconnected(runtime.scheduler.nanoTime() + MAX_TICK.toNanos());
  }

  private void awaitDisconnected(long deadline) {
    while (!connected.isEmpty() && runtime.scheduler.nanoTime() - deadline < 0) {
      runtime.scheduler.pause(POLL_INTERVAL);
    }
  }
}
