package dev.roomful.testing;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs random steps on a cluster: calls of clients and applications, deliveries, and faults; and
 * records what {@link StoryCheck} needs.
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

  /** Stores nothing, and exists only while somebody is in it. */
  static final String BRIEF = "brief";

  static final List<String> ROOMS = List.of(KEPT, OTHERS, BRIEF);

  static final int MAX_MESSAGES = 500;
  static final Duration RESUME_WINDOW = Duration.ofSeconds(20);

  private static final int PARTICIPANTS = 4;
  private static final Duration LONG = Duration.ofHours(1);

  final TestCluster cluster;
  final Faults faults;
  final List<StoryClient> clients = new ArrayList<>();
  final Map<String, StoryMessage> messages = new LinkedHashMap<>();

  /** Certain kicks and bans: which clients they closed for good. */
  final List<Sanction> removals = new ArrayList<>();

  final Map<String, Sanction> bans = new LinkedHashMap<>();
  final Map<String, Sanction> mutes = new LinkedHashMap<>();
  final List<Direct> directs = new ArrayList<>();

  /** Nodes that lost what they had begun. */
  final Set<Integer> crashedNodes = new HashSet<>();

  /** Whether the engine has lost data. */
  boolean rewound;

  private final List<String> notes;
  private final List<Consumer<Random>> kinds = new ArrayList<>();
  private int step;

  /** A sanction that took effect in a step. */
  record Sanction(int step, String room, String id) {
    String key() {
      return room + "/" + id;
    }
  }

  /** A text that was sent to a participant, and its clients at that moment. */
  record Direct(String text, String id, boolean done, List<StoryClient> open) {}

  ClusterStory(int nodes, Faults faults, List<String> notes) {
    this.notes = notes;
    this.faults = faults;
    cluster = TestChat.cluster(nodes, this::builder);
    addKinds(4, this::connect);
    addKinds(6, this::send);
    addKinds(1, this::sendWithKey);
    addKinds(1, this::announce);
    addKinds(2, this::leave);
    addKinds(2, this::abort);
    addKinds(2, this::resume);
    addKinds(1, this::kick);
    addKinds(1, this::ban);
    addKinds(1, this::unban);
    addKinds(1, this::mute);
    addKinds(1, this::unmute);
    addKinds(1, this::rename);
    addKinds(1, this::setTopic);
    addKinds(1, this::sendDirect);
    addKinds(3, this::deliverSome);
    addKinds(1, this::deliverAll);
    addKinds(2, this::advance);
    if (faults.compareTo(Faults.LINKS) >= 0) {
      addKinds(1, this::cut);
      addKinds(1, this::cutSoon);
      addKinds(2, this::heal);
      addKinds(1, this::stall);
      addKinds(1, this::loseEntries);
      addKinds(1, this::rejectRequests);
    }
    if (faults.compareTo(Faults.CRASHES) >= 0) {
      addKinds(1, this::pause);
      addKinds(2, this::goOn);
      addKinds(1, this::shiftNodeClock);
      addKinds(1, this::crash);
      addKinds(1, this::crashSoon);
      addKinds(1, this::restart);
    }
    if (faults.compareTo(Faults.REWINDS) >= 0) {
      addKinds(1, random -> stopOrStartEngine());
      addKinds(1, random -> save());
      addKinds(1, random -> rewind());
      addKinds(1, this::shiftEngineClock);
    }
  }

  private void addKinds(int weight, Consumer<Random> kind) {
    for (int i = 0; i < weight; i++) {
      kinds.add(kind);
    }
  }

  private Chat.Builder builder(int node) {
    RoomOptions stored =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(MAX_MESSAGES))
            .withWelcome(ClusterStory::welcome);
    return Chat.builder(new Publisher(node))
        .limits(Limits.defaults().withMessagesPerSecond(0).withResumeWindow(RESUME_WINDOW))
        .rooms(RoomOptions.defaults().withWelcome(ClusterStory::welcome))
        .room(KEPT, stored)
        .room(OTHERS, stored.withPolicy(BroadcastPolicy.excludingSender()));
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        String.join(
            StoryClient.SEPARATOR,
            StoryClient.WELCOME,
            info.position().epoch(),
            "" + info.position().offset(),
            "" + info.recovered(),
            info.resumeSecret().orElse("")));
  }

  /** Publishes what clients send, and records the outcome. */
  private final class Publisher implements RoomHandler {
    private final int node;

    Publisher(int node) {
      this.node = node;
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

  private void record(
      int node,
      String room,
      String sender,
      String text,
      @Nullable String key,
      CompletionStage<Position> stage) {
    int sentInStep = Integer.parseInt(text.substring(1));
    messages.put(text, new StoryMessage(sentInStep, text, room, node, sender, key, stage));
  }

  /** Runs one step; its choices depend only on its number, so that others can be left out. */
  void step(long seed) {
    step++;
    Random random = new Random(seed);
    cluster.shuffle(seed);
    kinds.get(random.nextInt(kinds.size())).accept(random);
  }

  /** Ends all faults, and lets everything settle. */
  void settle() {
    cluster.network().cancelCountdowns();
    cluster.server().rejectNext(0);
    cluster.startEngine();
    for (int i = 0; i < cluster.size(); i++) {
      cluster.node(i).engine().resume();
      cluster.node(i).heal();
      cluster.node(i).goOn();
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
    cluster.close();
  }

  Optional<Room> room(int node, String name) {
    return cluster.node(node).hasCrashed()
        ? Optional.empty()
        : cluster.node(node).chat().room(name);
  }

  private void note(String text) {
    notes.add(text + " (step " + step + ")");
  }

  // Steps of clients.

  private void connect(Random random) {
    String id = id(random);
    String room = roomName(random);
    usableNode(random).ifPresent(node -> connect(node, id, room, null));
  }

  private void connect(int node, String id, String room, @Nullable StoryClient lost) {
    Position since = lost == null ? null : lastPosition(lost);
    AcceptedAdmission admission = AcceptedAdmission.of(id, room);
    if (since != null) {
      admission = admission.withReplay(HistoryRange.since(since));
    }
    if (lost != null) {
      admission = admission.withResumeSecret(lost.resumeSecret());
      lost.suspended = false;
    }
    note(id + (lost == null ? " joins " : " resumes in ") + room + " on node " + node);
    TestClient real = cluster.node(node).connect(admission);
    clients.add(new StoryClient(step, id, room, node, real, since));
  }

  /** The position of the last message that a client has received, if it is known. */
  private @Nullable Position lastPosition(StoryClient client) {
    Position last = client.start();
    for (String text : client.messages()) {
      StoryMessage message = messages.get(text);
      Position position = message == null ? null : message.position();
      if (position == null) {
        return null;
      }
      last = position;
    }
    return last;
  }

  private void resume(Random random) {
    any(random, client -> client.suspended && !client.resumeSecret().isEmpty())
        .ifPresent(
            client ->
                usableNode(random)
                    .ifPresent(node -> connect(node, client.id, client.room, client)));
  }

  private void send(Random random) {
    any(random, this::isUsable)
        .ifPresent(
            client -> {
              note(client.id + " sends #" + step + " in " + client.room);
              client.real.send("#" + step);
            });
  }

  private void sendWithKey(Random random) {
    any(random, client -> isUsable(client) && !client.room.equals(BRIEF))
        .ifPresent(
            client -> {
              String key = client.id + random.nextInt(2);
              note(client.id + " sends #" + step + " in " + client.room + ", key " + key);
              client.real.send("#" + step + " key " + key);
            });
  }

  private void leave(Random random) {
    any(random, this::isUsable)
        .ifPresent(
            client -> {
              note("a client of " + client.id + " leaves " + client.room);
              client.real.close();
              client.read();
            });
  }

  private void abort(Random random) {
    any(random, this::isUsable)
        .ifPresent(
            client -> {
              note("a client of " + client.id + " is lost in " + client.room);
              client.real.abort();
              client.read();
              client.suspended = true;
            });
  }

  // Steps of the application.

  private void announce(Random random) {
    String room = roomName(random);
    usableNode(random)
        .ifPresent(
            node -> {
              note("node " + node + " announces #" + step + " in " + room);
              record(
                  node,
                  room,
                  "",
                  "#" + step,
                  null,
                  cluster.node(node).chat().publish(room, "#" + step));
            });
  }

  private void kick(Random random) {
    inRoom(random, "kicks", (room, id) -> room.kick(id, "no")).ifPresent(removals::add);
  }

  private void ban(Random random) {
    inRoom(random, "bans", (room, id) -> room.ban(id, LONG, "no"))
        .ifPresent(
            ban -> {
              removals.add(ban);
              bans.put(ban.key(), ban);
            });
  }

  private void unban(Random random) {
    inRoom(
        random,
        "unbans",
        (room, id) -> {
          // The outcome may be uncertain: the ban does not count any more in either case.
          bans.remove(room.name() + "/" + id);
          return room.unban(id);
        });
  }

  private void mute(Random random) {
    inRoom(random, "mutes", (room, id) -> room.mute(id, LONG, "hush"))
        .ifPresent(mute -> mutes.put(mute.key(), mute));
  }

  private void unmute(Random random) {
    inRoom(
        random,
        "unmutes",
        (room, id) -> {
          mutes.remove(room.name() + "/" + id);
          return room.unmute(id);
        });
  }

  private void setTopic(Random random) {
    inRoom(random, "sets a topic for", (room, id) -> room.setTopic("topic of " + id + step));
  }

  /** What an application calls on a room. */
  private interface RoomCall {
    Outcome on(Room room, String id);
  }

  /** Calls a room on some node. {@return what happened, if the call says that it has} */
  private Optional<Sanction> inRoom(Random random, String verb, RoomCall call) {
    String id = id(random);
    String name = roomName(random);
    Integer node = usableNode(random).orElse(null);
    Room room = node == null ? null : room(node, name).orElse(null);
    if (room == null) {
      return Optional.empty();
    }
    note("node " + node + " " + verb + " " + id + " in " + name);
    return call.on(room, id).isDone()
        ? Optional.of(new Sanction(step, name, id))
        : Optional.empty();
  }

  private void rename(Random random) {
    String id = id(random);
    participant(random, id)
        .ifPresent(
            participant -> {
              note(id + " is renamed to name" + step);
              participant.rename("name" + step);
            });
  }

  private void sendDirect(Random random) {
    String id = id(random);
    participant(random, id)
        .ifPresent(
            participant -> {
              String text = StoryClient.DIRECT + id + " " + step;
              note("the application sends \"" + text + "\"");
              List<StoryClient> open =
                  clients.stream().filter(c -> c.id.equals(id) && c.isOpen()).toList();
              boolean done = participant.send(text).isDone();
              directs.add(new Direct(text, id, done, open));
            });
  }

  private Optional<Participant> participant(Random random, String id) {
    return usableNode(random).flatMap(node -> cluster.node(node).chat().participant(id));
  }

  // Deliveries.

  private void deliverSome(Random random) {
    int count = 1 + random.nextInt(20);
    note("up to " + count + " steps are delivered");
    while (count-- > 0 && cluster.deliverNext()) {}
  }

  private void deliverAll(Random random) {
    note("everything is delivered");
    cluster.deliver();
  }

  private void advance(Random random) {
    Duration time = Duration.ofMillis(100L << random.nextInt(8));
    note("time passes: " + time);
    cluster.advance(time);
  }

  // Faults.

  private void cut(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              note("node " + node + " is cut off");
              cluster.node(node).cutOff();
            });
  }

  private void cutSoon(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              int count = random.nextInt(12);
              note("node " + node + " will be cut off after " + count + " deliveries");
              cluster.network().afterSteps(count, () -> cluster.node(node).cutOff());
            });
  }

  private void heal(Random random) {
    int node = random.nextInt(cluster.size());
    note("node " + node + " is healed");
    cluster.node(node).engine().resume();
    cluster.node(node).heal();
  }

  private void stall(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              note("the link of node " + node + " stalls");
              cluster.node(node).engine().stall();
            });
  }

  private void loseEntries(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              note("entries on their way to node " + node + " are lost");
              cluster.node(node).engine().loseEntries();
            });
  }

  private void rejectRequests(Random random) {
    int count = 1 + random.nextInt(3);
    note("the engine rejects " + count + " requests");
    cluster.server().rejectNext(count);
  }

  private void pause(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              note("node " + node + " pauses");
              cluster.node(node).pause();
            });
  }

  private void goOn(Random random) {
    int node = random.nextInt(cluster.size());
    note("node " + node + " goes on if it has paused");
    cluster.node(node).goOn();
  }

  private void shiftNodeClock(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              Duration shift = Duration.ofSeconds(random.nextInt(1201) - 600);
              note("the clock of node " + node + " is set by " + shift);
              cluster.node(node).shiftClock(shift);
            });
  }

  private void crash(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              note("node " + node + " crashes");
              crash(node);
            });
  }

  private void crashSoon(Random random) {
    usableNode(random)
        .ifPresent(
            node -> {
              int count = random.nextInt(12);
              note("node " + node + " will crash after " + count + " deliveries");
              cluster.network().afterSteps(count, () -> crash(node));
            });
  }

  private void crash(int node) {
    crashedNodes.add(node);
    cluster.node(node).crash();
  }

  List<Integer> liveNodes() {
    return IntStream.range(0, cluster.size())
        .filter(node -> !cluster.node(node).hasCrashed())
        .boxed()
        .toList();
  }

  private void restart(Random random) {
    int node = random.nextInt(cluster.size());
    if (cluster.server().isRunning()
        && !cluster.node(node).isPaused()
        && (cluster.node(node).hasCrashed() || random.nextInt(3) == 0)) {
      note("node " + node + " restarts");
      cluster.node(node).restart();
    }
  }

  private void stopOrStartEngine() {
    if (cluster.server().isRunning()) {
      note("the engine stops");
      cluster.stopEngine();
    } else {
      note("the engine starts");
      cluster.startEngine();
    }
  }

  private void save() {
    note("the engine saves its data");
    cluster.save();
  }

  private void rewind() {
    rewound = true;
    note("the engine restarts with the data that it saved");
    cluster.rewind();
  }

  private void shiftEngineClock(Random random) {
    Duration shift = Duration.ofSeconds(random.nextInt(11) - 5);
    note("the engine's clock is set by " + shift);
    cluster.network().shiftEngineClock(shift);
  }

  // Choices.

  private static String id(Random random) {
    return "p" + random.nextInt(PARTICIPANTS);
  }

  private static String roomName(Random random) {
    return ROOMS.get(random.nextInt(ROOMS.size()));
  }

  /** A node that neither has crashed nor is paused. */
  private Optional<Integer> usableNode(Random random) {
    List<Integer> live =
        liveNodes().stream().filter(node -> !cluster.node(node).isPaused()).toList();
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(random.nextInt(live.size())));
  }

  private boolean isUsable(StoryClient client) {
    return client.isOpen() && !cluster.node(client.node).isPaused();
  }

  private Optional<StoryClient> any(Random random, Predicate<StoryClient> which) {
    List<StoryClient> candidates = clients.stream().filter(which).toList();
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }
}
