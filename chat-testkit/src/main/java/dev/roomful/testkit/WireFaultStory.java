package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Participant;
import dev.roomful.Room;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Some clients of one room on links with faults, and one without faults. A seed chooses their steps
 * and faults; the threads run in real time, so that one seed has many outcomes.
 */
final class WireFaultStory implements AutoCloseable {
  /** What goes on. */
  enum Phase {
    FAULTS,
    HEALED,
    LEAVING,
    OVER
  }

  private static final int CLIENTS = 4;
  private static final int STEPS = 40;
  private static final Duration RUN = Duration.ofSeconds(60);

  /** Much longer than resuming takes, for a slow machine. */
  static final Duration SETTLED = Duration.ofSeconds(25);

  final long seed;
  final WireFaultRoom room;

  /** Whether messages are so large that links with faults stop the server. */
  final boolean heavy;

  /** Whether the server may end its output within a frame. */
  final boolean toleratesViolations;

  /** How long the clients may take to agree with the server after the faults. */
  private final Duration settled;

  final List<WireFaultClient> clients = new ArrayList<>();
  private final long begin = System.nanoTime();
  private final List<String> notes = new ArrayList<>(); // guarded by itself
  private volatile Phase phase = Phase.FAULTS;

  /** Creates a story that has not begun; its room has to be declared in the chat. */
  WireFaultStory(long seed, boolean toleratesViolations, Duration settled) {
    this.seed = seed;
    this.toleratesViolations = toleratesViolations;
    this.settled = settled;
    heavy = seed % 5 == 0;
    room = new WireFaultRoom("s" + seed, History.of(seed % 3 == 0 ? 10 : 2000));
  }

  /**
   * Runs the story.
   *
   * @param threads runs each client
   * @return what was wrong, or an empty text
   */
  String run(Chat chat, URI server, Executor threads, boolean losesInput) throws Exception {
    WireFaultCheck check = new WireFaultCheck(this, losesInput);
    try {
      clients.add(new WireFaultClient(this, room.name + "-observer", server, 0, 0));
      for (int i = 0; i < CLIENTS; i++) {
        String id = room.name + "-" + (char) ('a' + i);
        clients.add(new WireFaultClient(this, id, server, seed * 1000 + i, STEPS));
      }
      List<FutureTask<Boolean>> running = new ArrayList<>();
      try {
        for (WireFaultClient client : clients) {
          FutureTask<Boolean> run = new FutureTask<>(client::run);
          threads.execute(run);
          running.add(run);
          // The observer, which is the first, sees the others join.
          await(() -> client.id + " is connected", SETTLED, () -> isConnected(clients.get(0)));
        }
        await(() -> "the steps end", RUN, this::repairAndLookForTheEnd);
        for (WireFaultClient client : clients) {
          client.link.heal();
        }
        note("all faults have ended");
        phase = Phase.HEALED;
        await(() -> unsettled(chat), settled, () -> unsettled(chat).isEmpty());
        note("settled: " + room.accepted() + " messages");
        phase = Phase.LEAVING;
        await(() -> "ghosts: " + ghosts(chat), settled, () -> ghosts(chat).isEmpty());
        note("all have left");
      } finally {
        phase = Phase.OVER;
        for (FutureTask<Boolean> run : running) {
          awaitEnd(run);
        }
      }
      return report(check.firstWrongEvent().orElse(""));
    } catch (AssertionError failure) {
      return report(
          check.firstWrongEvent().map(first -> first + "; ").orElse("") + failure.getMessage());
    }
  }

  /** Looks less often than others do, because there are many stories. */
  private static void await(Supplier<String> what, Duration within, BooleanSupplier condition) {
    Await.until(
        what,
        within,
        () -> {
          pass(10);
          return condition.getAsBoolean();
        });
  }

  private static boolean isConnected(WireFaultClient client) {
    WireFaultConnection newest = client.newest();
    return newest != null && newest.isOpen();
  }

  private static void awaitEnd(FutureTask<Boolean> run) throws Exception {
    try {
      run.get(RUN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new AssertionError("a client failed", failure.getCause());
    } catch (TimeoutException stuck) {
      throw new AssertionError("a client does not end", stuck);
    }
  }

  private boolean repairAndLookForTheEnd() {
    for (WireFaultClient client : clients) {
      try {
        client.link.repair();
      } catch (IOException failure) {
        throw new AssertionError("a link cannot be repaired", failure);
      }
    }
    return clients.stream().allMatch(WireFaultClient::stepsDone);
  }

  /** {@return what a client misses, or empty if each knows the newest state of the room} */
  private String unsettled(Chat chat) {
    Room live = chat.room(room.name).orElse(null);
    if (live == null) {
      return "the room is gone";
    }
    Set<String> members = ids(live);
    for (WireFaultClient client : clients) {
      WireFaultConnection newest = client.newest();
      if (newest == null || !isConnected(client)) {
        return client.id + " is not connected";
      } else if (!client.hasHeard()) {
        return client.id + " does not receive its message";
      } else if (!Objects.equals(newest.position(), live.position())) {
        return newest + " is at " + newest.position() + ", the room at " + live.position();
      } else if (!newest.members().equals(members)) {
        return newest + " knows " + newest.members() + ", the room has " + members;
      }
    }
    return members.size() == clients.size() ? "" : "members are " + members;
  }

  private static Set<String> ids(Room live) {
    return live.participants().stream()
        .map(Participant::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** {@return who is still in the room, or in the view of the client that stays} */
  private Set<String> ghosts(Chat chat) {
    Set<String> left = new TreeSet<>();
    chat.room(room.name).ifPresent(live -> left.addAll(ids(live)));
    WireFaultClient observer = clients.get(0);
    Optional.ofNullable(observer.newest()).ifPresent(newest -> left.addAll(newest.members()));
    room.transitions()
        .forEach(
            (id, transitions) -> {
              if (transitions.get(transitions.size() - 1).equals("joined")) {
                left.add(id);
              }
            });
    left.remove(observer.id);
    return left;
  }

  Phase phase() {
    return phase;
  }

  void note(String text) {
    synchronized (notes) {
      notes.add(time(System.nanoTime()) + text);
    }
  }

  /** {@return a point in time as milliseconds since the beginning} */
  String time(long nanos) {
    return String.format("%6d ms: ", TimeUnit.NANOSECONDS.toMillis(nanos - begin));
  }

  private String report(String failure) {
    String result = failure.isEmpty() ? " passes" : " fails: " + failure;
    String trace;
    synchronized (notes) {
      trace = "\n\n-Droomful.seed=" + seed + result + "\n  " + String.join("\n  ", notes);
    }
    if (Boolean.getBoolean("roomful.trace")) {
      System.out.println(trace);
    }
    return failure.isEmpty() ? "" : trace;
  }

  /** Lets real time pass, in which the server works. */
  static void pass(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Override
  public void close() throws IOException {
    for (WireFaultClient client : clients) {
      client.close();
    }
  }
}
