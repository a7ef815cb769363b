package dev.roomful.testing;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Position;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs random steps on a cluster, those of {@link StoryCalls} and {@link StoryFaults}, and records
 * what {@link StoryCheck} needs.
 */
final class ClusterStory implements AutoCloseable {
  /** Which faults a story has; each kind has those of the kinds before it. */
  enum Faults {
    NONE,
    LINKS,
    CRASHES,
    REWINDS
  }

  /** Stores all messages of a story, so that it shows the order of all of them. */
  static final String KEPT = "kept";

  /** Like {@link #KEPT}, but senders do not receive their own messages. */
  static final String OTHERS = "others";

  /** Stores nothing, exists only while somebody is in it, and allows each name once. */
  static final String BRIEF = "brief";

  static final List<String> ROOMS = List.of(KEPT, OTHERS, BRIEF);

  static final int MAX_MESSAGES = 500;
  static final Duration RESUME_WINDOW = Duration.ofSeconds(20);

  static final List<String> IDS = List.of("p0", "p1", "p2", "p3");

  private static final RoomNotices NOTICES =
      new RoomNotices() {
        @Override
        public Payload participantJoined(Room room, Participant participant) {
          return Payload.text(StoryClient.JOINED + participant.id());
        }

        @Override
        public Payload participantLeft(Room room, Participant participant) {
          return Payload.text(StoryClient.LEFT + participant.id());
        }
      };

  final TestCluster cluster;
  final Faults faults;
  final List<StoryClient> clients = new ArrayList<>();
  final Map<String, StoryMessage> messages = new LinkedHashMap<>();

  /** Certain kicks and bans: which clients they closed for good. */
  final List<Sanction> removals = new ArrayList<>();

  final Map<String, Sanction> bans = new LinkedHashMap<>();
  final Map<String, Sanction> mutes = new LinkedHashMap<>();

  /** The keys of sanctions that a request of uncertain outcome may lift at any time. */
  final Set<String> mayBeLifted = new HashSet<>();

  final List<Direct> directs = new ArrayList<>();

  /** Messages that may have been deleted, and whether that is certain. */
  final Map<String, Boolean> deleted = new LinkedHashMap<>();

  /** How often {@code onJoin} was called more than {@code onLeave}, by room and participant. */
  final Map<String, Integer> joinsWithoutLeave = new TreeMap<>();

  /** Messages for which the handler was called twice, which must not happen. */
  final List<String> handledTwice = new ArrayList<>();

  /** Nodes that lost what they had begun. */
  final Set<Integer> crashedNodes = new HashSet<>();

  /** Whether the engine has stopped: rooms may have another epoch since then. */
  boolean engineStopped;

  /** Whether the engine has lost data. */
  boolean rewound;

  private final LogCapture log = new LogCapture();
  private final List<String> notes;
  private final List<Consumer<Random>> kinds = new ArrayList<>();
  int step;
  private long lastSeed;

  /** A sanction that took effect in a step, and the clients that were in the room before. */
  record Sanction(int step, String room, String id, Set<StoryClient> joined) {
    String key() {
      return ClusterStory.key(room, id);
    }
  }

  /** A text that was sent to a participant, and its clients at that moment. */
  record Direct(String text, String id, boolean done, List<StoryClient> open) {}

  ClusterStory(int nodes, Faults faults, List<String> notes) {
    this.notes = notes;
    this.faults = faults;
    cluster = TestChat.cluster(nodes, this::builder);
    new StoryCalls(this).addKinds();
    new StoryFaults(this).addKinds();
  }

  static String key(String room, String id) {
    return room + "/" + id;
  }

  /** Adds a kind of step that is as often chosen as its weight says. */
  void addKinds(int weight, Consumer<Random> kind) {
    for (int i = 0; i < weight; i++) {
      kinds.add(kind);
    }
  }

  private Chat.Builder builder(int node) {
    RoomOptions stored =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(MAX_MESSAGES))
            .withNotices(NOTICES)
            .withWelcome(ClusterStory::welcome);
    return Chat.builder(new Publisher(node))
        .limits(
            Limits.defaults()
                .withMessagesPerSecond(0)
                .withRoomsPerParticipant(ROOMS.size())
                .withResumeWindow(RESUME_WINDOW))
        .rooms(
            RoomOptions.defaults()
                .withDisplayNames(DisplayNames.unique())
                .withNotices(NOTICES)
                .withWelcome(ClusterStory::welcome))
        .room(KEPT, stored)
        .room(
            OTHERS,
            stored
                .withPolicy(BroadcastPolicy.excludingSender())
                .withLeaveDelay(Duration.ofSeconds(3)));
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        String.join(
            StoryClient.SEPARATOR,
            StoryClient.WELCOME,
            info.position().epoch(),
            "" + info.position().offset(),
            "" + info.recovered(),
            info.resumeSecret().orElse(""),
            info.participants().stream().map(Participant::id).collect(Collectors.joining(","))));
  }

  /** Publishes what clients send, and records the outcome. */
  private final class Publisher implements RoomHandler {
    private final int node;

    Publisher(int node) {
      this.node = node;
    }

    @Override
    public void onJoin(Room room, Participant participant) {
      joinsWithoutLeave.merge(key(room.name(), participant.id()), 1, Integer::sum);
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      joinsWithoutLeave.merge(key(room.name(), participant.id()), -1, Integer::sum);
    }

    @Override
    public void onMessage(Room room, Message message) {
      String[] parts = message.text().split(" key ", 2);
      Message published = message.withPayload(parts[0]);
      String key = parts.length == 1 ? null : parts[1];
      record(
          node,
          room.name(),
          message.sender().id(),
          parts[0],
          key,
          room.publish(key == null ? published : published.withIdempotencyKey(key)));
    }
  }

  void record(
      int node,
      String room,
      String sender,
      String text,
      @Nullable String key,
      CompletionStage<Position> stage) {
    int sentInStep = Integer.parseInt(text.substring(1));
    StoryMessage earlier =
        messages.put(text, new StoryMessage(sentInStep, text, room, node, sender, key, stage));
    if (earlier != null) {
      handledTwice.add(text);
    }
  }

  /** Runs one step; its choices depend only on its number, so that others can be left out. */
  void step(long seed) {
    step++;
    lastSeed = seed;
    Random random = new Random(seed);
    cluster.shuffle(seed);
    kinds.get(random.nextInt(kinds.size())).accept(random);
  }

  /** Ends all faults, restarts crashed nodes in half of the stories, and lets everything settle. */
  void settle() {
    cluster.network().cancelCountdowns();
    cluster.server().rejectNext(0);
    cluster.startEngine();
    for (int i = 0; i < cluster.size(); i++) {
      cluster.node(i).engine().resume();
      cluster.node(i).heal();
      cluster.node(i).goOn();
      if (cluster.node(i).hasCrashed() && lastSeed % 2 == 0) {
        cluster.node(i).restart();
      }
    }
    cluster.deliver();
    for (int i = 0; i < 60; i++) {
      cluster.advance(Duration.ofSeconds(1));
      cluster.deliver();
    }
    clients.forEach(StoryClient::read);
  }

  @Override
  public void close() {
    try (log) {
      cluster.close();
    }
  }

  /** {@return what the library has reported as failures of its own} */
  List<String> failures() {
    return log.records().stream()
        .filter(entry -> entry.getLevel().equals(Level.SEVERE))
        .map(entry -> entry.getMessage() + ": " + entry.getThrown())
        .toList();
  }

  Optional<Room> room(int node, String name) {
    return cluster.node(node).hasCrashed()
        ? Optional.empty()
        : cluster.node(node).chat().room(name);
  }

  void note(String text) {
    notes.add(text + " (step " + step + ")");
  }

  List<StoryClient> openClients(int node) {
    return clients.stream().filter(client -> client.node == node && client.isOpen()).toList();
  }

  List<Integer> liveNodes() {
    return IntStream.range(0, cluster.size())
        .filter(node -> !cluster.node(node).hasCrashed())
        .boxed()
        .toList();
  }

  static String id(Random random) {
    return IDS.get(random.nextInt(IDS.size()));
  }

  static String roomName(Random random) {
    return ROOMS.get(random.nextInt(ROOMS.size()));
  }

  /** A node that neither has crashed nor is paused. */
  Optional<Integer> usableNode(Random random) {
    List<Integer> live =
        liveNodes().stream().filter(node -> !cluster.node(node).isPaused()).toList();
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(random.nextInt(live.size())));
  }

  boolean isUsable(StoryClient client) {
    return client.isOpen() && !cluster.node(client.node).isPaused();
  }

  Optional<StoryClient> any(Random random, Predicate<StoryClient> which) {
    List<StoryClient> candidates = clients.stream().filter(which).toList();
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }
}
