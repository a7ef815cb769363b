package dev.roomful.redis;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Three chats on one real Redis, and what happened to them in a schedule: the steps are those of
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
  static final List<String> ROOMS = List.of(FaultNode.KEPT, FaultNode.OTHERS, FaultNode.BRIEF);
  private static final int PARTICIPANTS = 4;

  final long seed;
  final Random random;
  final Persistence persistence;
  final RedisServer server;
  final List<FaultNode> nodes = new ArrayList<>();
  final List<FaultClient> clients = new ArrayList<>();

  /** Certain kicks and bans: which clients they closed for good. */
  final List<Sanction> removals = new ArrayList<>();

  final Map<String, Sanction> bans = new LinkedHashMap<>();
  final Map<String, Sanction> mutes = new LinkedHashMap<>();
  final Set<Integer> killedNodes = new HashSet<>();

  /** Whether Redis was killed: rooms may have another epoch since then. */
  boolean serverKilled;

  /** Whether Redis has lost data. */
  boolean rewound;

  int step;

  private final Map<String, FaultMessage> messages = new LinkedHashMap<>();
  private final List<String> handledTwice = new ArrayList<>();
  private final List<FaultNode> old = new ArrayList<>();
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
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    persistence = Persistence.values()[Math.floorMod(seed, 3)];
    server = startServer(folder);
    for (int i = 0; i < NODES; i++) {
      nodes.add(newNode(i));
    }
  }

  /**
   * Starts Redis on a port that the system gives to no connection, so that it is still free when
   * Redis restarts.
   */
  private RedisServer startServer(Path folder) throws IOException {
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
    return FaultNode.start(
        server.uri(),
        FaultNode.handler(
            (room, message) ->
                record(
                    index,
                    room.name(),
                    message.sender().id(),
                    message.text(),
                    room.publish(message))));
  }

  void restartNode(int index) throws IOException {
    old.add(nodes.get(index));
    nodes.set(index, newNode(index));
  }

  void record(
      int node, String room, String sender, String text, CompletionStage<Position> outcome) {
    int sentInStep = Integer.parseInt(text.substring(1));
    FaultMessage message =
        new FaultMessage(sentInStep, text, room, node, sender, outcome.toCompletableFuture());
    synchronized (messages) {
      if (messages.put(text, message) != null) {
        handledTwice.add(text);
      }
    }
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

  Chat chat(int node) {
    return nodes.get(node).chat();
  }

  Optional<Room> room(int node, String name) {
    return nodes.get(node).isKilled() ? Optional.empty() : chat(node).room(name);
  }

  Optional<Participant> participant(String id) {
    return anyNode().flatMap(node -> chat(node).participant(id));
  }

  Optional<Integer> anyNode() {
    List<Integer> live = liveNodes();
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(random.nextInt(live.size())));
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

  /** {@return the position and the text of a kept message} */
  static String describe(Message message) {
    return message.position().orElseThrow() + " " + message.text();
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
