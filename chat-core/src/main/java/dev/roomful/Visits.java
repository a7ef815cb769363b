package dev.roomful;

import static java.util.Comparator.comparingLong;

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
final class Visits {
  private static final Duration LONGEST_BEAT = Duration.ofMillis(500);
  private static final Duration GLANCE = Duration.ofMillis(5);

  private final Core core;
  private final Set<Visit> present = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();

  /** The lost ones, whose leaving is told in the order in which they came. */
  private final Set<Visit> away = new ConcurrentSkipListSet<>(comparingLong(visit -> visit.number));

  private volatile boolean closing;

  Visits(Core core) {
    this.core = core;
  }

  /** Starts the one beat that looks at all deadlines. */
  void start() {
    Duration shortest = LONGEST_BEAT;
    for (Duration limit :
        List.of(
            core.limits.writeTimeout(),
            core.limits.pingEvery(),
            core.limits.closeTimeout(),
            keepsPlaces() ? core.limits.grace() : LONGEST_BEAT)) {
      Duration fine = limit.dividedBy(8).plusMillis(1);
      shortest = fine.compareTo(shortest) < 0 ? fine : shortest;
    }
    core.engine.every(
        shortest,
        () -> {
          long now = core.engine.nanoTime();
          present.forEach(visit -> visit.sweep(now));
          away.forEach(visit -> visit.sweepAway(now));
          core.rooms.trim(now);
          core.bans.trim(now);
          core.mutes.trim(now);
        });
  }

  Optional<Refusal> obstacle() {
    if (closing) {
      return Optional.of(new Refusal(503, Refusal.CLOSING, "the chat is shutting down"));
    }
    return count.get() < core.limits.connections()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                503,
                Refusal.CHAT_FULL,
                "the chat is at its limit of " + core.limits.connections() + " connections"));
  }

  /** Connections are told apart by when they came. */
  long nextNumber() {
    return numbers.getAndIncrement();
  }

  /** Whether a client that is lost has a grace time. */
  boolean keepsPlaces() {
    return !core.limits.grace().isZero();
  }

  /** A lost client is away, until it is dismissed. */
  void addAway(Visit visit) {
    away.add(visit);
  }

  void removeAway(Visit visit) {
    away.remove(visit);
  }

  boolean isClosing() {
    return closing;
  }

  /** Registers a connection; one that cannot stay is registered too, until it has been closed. */
  @Nullable CloseStatus add(Visit visit) {
    present.add(visit);
    boolean full = count.incrementAndGet() > core.limits.connections();
    if (closing) {
      return CloseStatus.RESTART;
    }
    return full ? CloseStatus.FULL.because(Refusal.CHAT_FULL) : null;
  }

  void remove(Visit visit) {
    if (present.remove(visit)) {
      count.decrementAndGet();
    }
  }

  int size() {
    return count.get();
  }

  /** Ends all visits politely, and the rest of them when the time is up. */
  void close() {
    closing = true;
    long deadline = core.engine.nanoTime() + core.limits.shutdownTimeout().toNanos();
    // First everybody out of the rooms: "left" notices then reach nobody, instead of all the
    // others.
    core.rooms.all().forEach(room -> room.members.evacuate());
    Stream.concat(away.stream(), present.stream())
        .sorted(comparingLong(visit -> visit.number))
        .forEach(
            visit -> {
              visit.dismiss(CloseStatus.RESTART);
              visit.end(CloseStatus.RESTART, Visit.Farewell.AFTER_FLUSH);
              visit.runTurns();
            });
    awaitNobody(deadline);
    present.forEach(visit -> visit.cut(CloseStatus.RESTART));
    awaitNobody(core.engine.nanoTime() + LONGEST_BEAT.toNanos());
  }

  private void awaitNobody(long deadline) {
    while (!present.isEmpty() && core.engine.nanoTime() - deadline < 0) {
      core.engine.pause(GLANCE);
    }
  }
}
