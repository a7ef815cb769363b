package dev.roomful.redis;

import dev.roomful.Outcome;
import dev.roomful.Room;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps of a {@link FaultStory}: those of clients and applications, and faults. */
final class FaultSteps {
  private static final Duration LONG = Duration.ofHours(1);

  private interface Step {
    void run() throws IOException;
  }

  /** The end of a fault, at a time. */
  private record Repair(long due, Step step) {}

  private final FaultStory story;
  private final List<Step> kinds = new ArrayList<>();
  private final List<Step> faults = new ArrayList<>();
  private final List<Repair> repairs = new ArrayList<>();

  /** What has a fault that did not end: a node's number, or -1 for Redis. */
  private final Set<Integer> faulty = new HashSet<>();

  FaultSteps(FaultStory story) {
    this.story = story;
    add(5, this::join);
    add(12, this::send);
    add(1, this::announce);
    add(2, this::leave);
    add(3, this::loseConnection);
    add(4, this::resume);
    add(1, this::kick);
    add(1, this::ban);
    add(1, this::unban);
    add(1, this::mute);
    add(1, this::unmute);
    add(2, this::rename);
    add(1, this::sendDirect);
    faults.add(this::killServer);
    faults.add(this::pauseServer);
    faults.add(this::cutLink);
    faults.add(this::cutLink);
    faults.add(this::delayLink);
    faults.add(this::stallLink);
    faults.add(this::killNode);
    faults.add(this::restartNode);
  }

  private void add(int weight, Step kind) {
    for (int i = 0; i < weight; i++) {
      kinds.add(kind);
    }
  }

  /** Runs steps with faults among them, and ends all faults. */
  void run(int steps) throws IOException {
    story.step++;
    for (int node = 0; node < FaultStory.NODES; node++) {
      for (String room : FaultStory.ROOMS) {
        join(node, "p" + node, room, null);
      }
    }
    FaultStory.pass(Duration.ofMillis(300));
    for (int i = 0; i < steps; i++) {
      story.step++;
      if (story.random.nextInt(8) == 0) {
        faults.get(story.random.nextInt(faults.size())).run();
      } else {
        kinds.get(story.random.nextInt(kinds.size())).run();
      }
      if (story.random.nextBoolean()) {
        FaultStory.pass(Duration.ofMillis(1L << story.random.nextInt(9)));
      }
      repair(System.nanoTime());
    }
    heal();
  }

  private void repair(long now) throws IOException {
    for (Repair repair : List.copyOf(repairs)) {
      if (repair.due - now <= 0) {
        repairs.remove(repair);
        repair.step.run();
      }
    }
  }

  /** Redis first, because nodes need it to start. */
  private void heal() throws IOException {
    while (!repairs.isEmpty()) {
      FaultStory.pass(Duration.ofMillis(100));
      repair(System.nanoTime());
    }
    for (int node = 0; node < FaultStory.NODES; node++) {
      if (story.nodes.get(node).isKilled() && story.random.nextBoolean()) {
        restart(node);
      }
    }
    story.note("all faults have ended");
  }

  /** Begins a fault unless there is one already, and plans its end. */
  private void fault(int what, String name, int maxMillis, Step begin, Step end)
      throws IOException {
    if (!faulty.add(what)) {
      return;
    }
    int millis = 1 + story.random.nextInt(maxMillis);
    story.note(name + " for " + millis + " ms");
    begin.run();
    repairs.add(
        new Repair(
            System.nanoTime() + Duration.ofMillis(millis).toNanos(),
            () -> {
              end.run();
              faulty.remove(what);
              story.note("the end of: " + name);
            }));
  }

  private void killServer() throws IOException {
    fault(
        -1,
        "Redis is killed, and has " + story.persistence + " when it restarts,",
        2500,
        () -> {
          if (story.persistence == FaultStory.Persistence.WHEN_SAVED && faulty.size() == 1) {
            story.server.command("SAVE");
            send();
            FaultStory.pass(Duration.ofMillis(story.random.nextInt(300)));
          }
          story.serverKilled = true;
          story.rewound |= story.persistence != FaultStory.Persistence.ALL;
          story.server.kill();
        },
        () -> {
          if (story.persistence == FaultStory.Persistence.NOTHING) {
            story.server.deleteData();
          }
          story.server.restart();
        });
  }

  private void pauseServer() throws IOException {
    fault(-1, "Redis pauses", 2000, story.server::pause, story.server::resume);
  }

  private void cutLink() throws IOException {
    linkFault("is cut", 3000, node -> story.nodes.get(node).link().cut());
  }

  private void delayLink() throws IOException {
    Duration delay = Duration.ofMillis(1 + story.random.nextInt(60));
    linkFault("is delayed by " + delay, 3000, node -> story.nodes.get(node).link().delay(delay));
  }

  /** Longer than the lease of 6 s, most of the time. */
  private void stallLink() throws IOException {
    linkFault("stalls", 10_000, node -> story.nodes.get(node).link().stall());
  }

  private interface LinkFault {
    void begin(int node) throws IOException;
  }

  private void linkFault(String name, int maxMillis, LinkFault fault) throws IOException {
    Integer node = story.anyNode().orElse(null);
    if (node != null) {
      fault(
          node,
          "the link of node " + node + " " + name,
          maxMillis,
          () -> fault.begin(node),
          () -> story.nodes.get(node).link().restore());
    }
  }

  private void killNode() throws IOException {
    Integer node = story.anyNode().orElse(null);
    if (node != null && !faulty.contains(node) && story.liveNodes().size() > 1) {
      story.note("node " + node + " is killed");
      story.killedNodes.add(node);
      List<FaultClient> lost = story.openClients(node);
      lost.forEach(FaultClient::nodeKilled);
      story.nodes.get(node).kill();
    }
  }

  private void restartNode() throws IOException {
    int node = story.random.nextInt(FaultStory.NODES);
    if (faulty.contains(-1) || faulty.contains(node)) {
      return;
    }
    restart(node);
  }

  private void restart(int node) throws IOException {
    story.note("node " + node + " restarts");
    if (!story.nodes.get(node).isKilled()) {
      story.killedNodes.add(node);
      story.openClients(node).forEach(FaultClient::loseConnection);
      story.nodes.get(node).close();
    }
    story.restartNode(node);
  }

  private void join() {
    String id = story.anyId();
    String room = story.anyRoom();
    story.anyNode().ifPresent(node -> join(node, id, room, null));
  }

  private void join(int node, String id, String room, @Nullable FaultClient lost) {
    Position since = lost == null ? null : lastPosition(lost);
    AcceptedAdmission admission = AcceptedAdmission.of(id, room);
    if (since != null) {
      admission = admission.withReplay(HistoryRange.since(since));
    }
    if (lost != null) {
      admission = admission.withResumeSecret(lost.resumeSecret());
      lost.resumed();
    }
    FaultClient client = new FaultClient(story.step, id, room, node, since);
    story.note(
        client
            + (lost == null
                ? " joins"
                : " resumes that of step " + lost.step + " on node " + lost.node + " at " + since));
    story.clients.add(client);
    client.open(story.chat(node), admission);
  }

  /** The position of the last message that a client has received, if it is known. */
  private @Nullable Position lastPosition(FaultClient client) {
    Position last = client.start();
    Map<String, FaultMessage> messages = story.messages();
    for (String text : client.messages()) {
      FaultMessage message = messages.get(text);
      last = message == null ? null : message.position();
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  private void resume() {
    FaultClient client = story.anyClient(FaultClient::canResume).orElse(null);
    if (client != null) {
      story.anyNode().ifPresent(node -> join(node, client.id, client.room, client));
    }
  }

  private void send() {
    story
        .anyClient(FaultClient::isOpen)
        .ifPresent(
            client -> {
              story.note(client + " sends #" + story.step);
              client.send("#" + story.step);
            });
  }

  private void announce() {
    String room = story.anyRoom();
    story
        .anyNode()
        .ifPresent(
            node -> {
              String text = "#" + story.step;
              story.note("node " + node + " announces " + text + " in " + room);
              story.record(node, room, "", text, story.chat(node).publish(room, text));
            });
  }

  private void leave() {
    story
        .anyClient(FaultClient::isOpen)
        .ifPresent(
            client -> {
              story.note(client + " leaves");
              client.leave();
            });
  }

  private void loseConnection() {
    story
        .anyClient(FaultClient::isOpen)
        .ifPresent(
            client -> {
              story.note(client + " is lost");
              client.loseConnection();
            });
  }

  private void kick() {
    moderate("kicks", (room, id) -> room.kick(id, "no")).ifPresent(story.removals::add);
  }

  private void ban() {
    moderate("bans", (room, id) -> room.ban(id, LONG, "no"))
        .ifPresent(
            ban -> {
              story.removals.add(ban);
              story.bans.put(ban.key(), ban);
            });
  }

  private void unban() {
    moderate(
        "unbans",
        (room, id) -> {
          // The outcome may be uncertain: the ban does not count any more in either case.
          story.bans.remove(room.name() + "/" + id);
          return room.unban(id);
        });
  }

  private void mute() {
    moderate("mutes", (room, id) -> room.mute(id, LONG, "hush"))
        .ifPresent(mute -> story.mutes.put(mute.key(), mute));
  }

  private void unmute() {
    moderate(
        "unmutes",
        (room, id) -> {
          story.mutes.remove(room.name() + "/" + id);
          return room.unmute(id);
        });
  }

  private interface RoomCall {
    Outcome on(Room room, String id);
  }

  /** Calls a room on some node. {@return what happened, if the call says that it has} */
  private Optional<FaultStory.Sanction> moderate(String verb, RoomCall call) {
    String id = story.anyId();
    String name = story.anyRoom();
    Integer node = story.anyNode().orElse(null);
    Room room = node == null ? null : story.room(node, name).orElse(null);
    if (room == null) {
      return Optional.empty();
    }
    Set<FaultClient> joined = new HashSet<>();
    for (FaultClient client : story.clients) {
      if (client.start() != null) {
        joined.add(client);
      }
    }
    Outcome outcome = call.on(room, id);
    story.note("node " + node + " " + verb + " " + id + " in " + name + ": " + outcome);
    return outcome.isDone()
        ? Optional.of(new FaultStory.Sanction(story.step, name, id, joined))
        : Optional.empty();
  }

  private void rename() {
    String id = story.anyId();
    String name = "name" + story.random.nextInt(3);
    story
        .participant(id)
        .ifPresent(
            participant ->
                story.note(id + " is renamed to " + name + ": " + participant.rename(name)));
  }

  private void sendDirect() {
    String id = story.anyId();
    String text = FaultClient.DIRECT + id + " " + story.step;
    story
        .participant(id)
        .ifPresent(
            participant -> story.note("\"" + text + "\" is sent: " + participant.send(text)));
  }
}
