package dev.roomful.redis;

import dev.roomful.CloseStatus;
import dev.roomful.admission.Position;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes on one real Redis, and what happened to them in a schedule: the steps are those of
 * {@link FaultSteps}, what has to hold afterwards is in {@link FaultCheck}.
 */
final class FaultStory implements AutoCloseable {
  /** What Redis has after it was killed. */
  enum Persistence {
    ALL("yes"),
    WHEN_SAVED("no"),
    NOTHING("no");

    private final String appendOnly;

    Persistence(String appendOnly) {
      this.appendOnly = appendOnly;
    }
  }

  static final int NODES = 3;
  static final List<String> ROOMS = List.of(FaultChat.KEPT, FaultChat.OTHERS, FaultChat.BRIEF);
  private static final int PARTICIPANTS = 4;

  final long seed;
  final Random random;
  final Persistence persistence;

  /** Whether each node is a process of its own. */
  final boolean processes;

  final RedisServer server;
  final List<FaultNode> nodes = new ArrayList<>();
  final List<FaultClient> clients = new CopyOnWriteArrayList<>();

  /** Certain kicks and bans: which clients they closed for good. */
  final List<Sanction> removals = new ArrayList<>();

  final Map<String, Sanction> bans = new LinkedHashMap<>();
  final Map<String, Sanction> mutes = new LinkedHashMap<>();
  final Set<Integer> killedNodes = new HashSet<>();

  /** Participants whose names may differ from room to room, because a change may be incomplete. */
  final Set<String> uncertainNames = new HashSet<>();

  /** Whether Redis was killed: rooms may have another epoch since then. */
  boolean serverKilled;

  /** Whether Redis has lost data. */
  boolean rewound;

  int step;

  private final Map<String, FaultMessage> messages = new LinkedHashMap<>();
  private final List<String> handledTwice = new ArrayList<>();
  private final List<FaultNode> old = new ArrayList<>();
  private final Path folder;
  private final List<String> notes = new ArrayList<>();
  private final long begin = System.nanoTime();

  /** A sanction that took effect in a step, and the clients that were in the room before. */
  record Sanction(int step, String room, String id, Set<FaultClient> joined) {
    String key() {
      return room + "/" + id;
    }

    boolean concerns(String otherRoom, String otherId) {
      return room.equals(otherRoom) && id.equals(otherId);
    }

    @Override
    public String toString() {
      return "the sanction of " + id + " in " + room + " in step " + step;
    }
  }

  FaultStory(long seed, Path folder) throws IOException {
    this.seed = seed;
    this.folder = folder;
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    persistence = Persistence.values()[Math.floorMod(seed, 3)];
    processes = seed % 4 == 0;
    server = startServer();
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(newNode(i));
      }
    } catch (IOException | RuntimeException notStarted) {
      close();
      throw notStarted;
    }
  }

  /**
   * Starts Redis on a port that the system gives to no connection, so that it is still free when
   * Redis restarts.
   */
  private RedisServer startServer() throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try {
        return RedisServer.startOn(
            port, folder, "--appendonly", persistence.appendOnly, "--appendfsync", "no");
      } catch (IOException portInUse) {
        if (attempt == 5) {
          throw portInUse;
        }
      }
    }
  }

  /** Connects a node; Redis has to run. */
  private FaultNode newNode(int index) throws IOException {
    FaultChat.Reports reports = reports(index);
    return processes
        ? ProcessNode.start(
            server.uri(), folder.resolve("node-" + index + "-" + old.size() + ".log"), reports)
        : LocalNode.start(server.uri(), reports);
  }

  void restartNode(int index) throws IOException {
    old.add(nodes.get(index));
    nodes.set(index, newNode(index));
  }

  /** Writes down what happens on a node. */
  private FaultChat.Reports reports(int node) {
    return new FaultChat.Reports() {
      @Override
      public void received(int client, String text) {
        clients.get(client).receive(text);
      }

      @Override
      public void closed(int client, int code, String reason) {
        clients.get(client).closed(new CloseStatus(code, reason));
      }

      @Override
      public void publishing(String room, String sender, String text) {
        int sentInStep = Integer.parseInt(text.substring(1));
        FaultMessage message =
            new FaultMessage(sentInStep, text, room, node, sender, new CompletableFuture<>());
        synchronized (messages) {
          if (messages.put(text, message) != null) {
            handledTwice.add(text);
          }
        }
      }

      @Override
      public void published(String text, FaultMessage.Outcome outcome) {
        synchronized (messages) {
          messages.get(text).result().complete(outcome);
        }
      }
    };
  }

  /**
   * Connects a client.
   *
   * @param since after which position it wants messages, or null
   * @param secret that of the client whose session it resumes, or empty
   */
  FaultClient open(String id, String room, int node, @Nullable Position since, String secret) {
    FaultClient client =
        new FaultClient(clients.size(), step, id, room, node, nodes.get(node), since);
    clients.add(client);
    client.open(secret);
    return client;
  }

  /** {@return what was published, by texts} */
  Map<String, FaultMessage> messages() {
    synchronized (messages) {
      return new LinkedHashMap<>(messages);
    }
  }

  List<String> handledTwice() {
    synchronized (messages) {
      return List.copyOf(handledTwice);
    }
  }

  void note(String text) {
    notes.add(
        String.format("%6d ms, step %d: %s", (System.nanoTime() - begin) / 1_000_000, step, text));
  }

  List<String> notes() {
    return notes;
  }

  /** Lets real time pass, in which the nodes and Redis work. */
  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Await.until("time passes", time.plusSeconds(10), () -> System.nanoTime() - end >= 0);
  }

  List<FaultClient> openClients(int node) {
    return clients.stream().filter(client -> client.node == node && client.isOpen()).toList();
  }

  List<Integer> liveNodes() {
    return IntStream.range(0, NODES).filter(node -> !nodes.get(node).isKilled()).boxed().toList();
  }

  /** {@return what a node knows of a room, empty if the room is not open there} */
  Optional<RoomState> room(int node, String name) {
    return Optional.ofNullable(nodes.get(node).ask(chat -> chat.room(name)));
  }

  /** {@return a node that runs or is paused} */
  Optional<Integer> anyNode() {
    return anyOf(liveNodes());
  }

  /** {@return a node that answers questions} */
  Optional<Integer> anyRunningNode() {
    return anyOf(liveNodes().stream().filter(node -> !nodes.get(node).isPaused()).toList());
  }

  private Optional<Integer> anyOf(List<Integer> candidates) {
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }

  Optional<FaultClient> anyClient(Predicate<FaultClient> which) {
    List<FaultClient> candidates = clients.stream().filter(which).toList();
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }

  String anyId() {
    return "p" + random.nextInt(PARTICIPANTS);
  }

  String anyRoom() {
    return ROOMS.get(random.nextInt(ROOMS.size()));
  }

  @Override
  public void close() throws IOException {
    for (FaultNode node : old) {
      node.close();
    }
    for (FaultNode node : nodes) {
      node.close();
    }
    server.close();
  }
}
