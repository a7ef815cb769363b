package dev.roomful.redis;

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

  /** A node pauses for longer than its lease, which is 6 s, by up to 2 s more than this. */
  private static final int PAUSE_MILLIS = Integer.getInteger("roomful.pause", 7000);

  private static final int STEPS_AFTER_FAULTS = 20;

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
    faults.add(this::throttleLink);
    faults.add(this::halfCloseLink);
    faults.add(this::muteLink);
    faults.add(this::shiftClock);
    faults.add(this::killNode);
    faults.add(this::restartNode);
    if (story.processes) {
      faults.add(this::pauseNode);
      faults.add(this::pauseNode);
      faults.add(this::killNode);
    }
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
    for (int i = 0; i < STEPS_AFTER_FAULTS; i++) {
      story.step++;
      kinds.get(story.random.nextInt(kinds.size())).run();
    }
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
    fault(what, name, 1, maxMillis, begin, end);
  }

  private void fault(int what, String name, int minMillis, int moreMillis, Step begin, Step end)
      throws IOException {
    if (!faulty.add(what)) {
      return;
    }
    int millis = minMillis + story.random.nextInt(moreMillis);
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

  private void throttleLink() throws IOException {
    int rate = 1000 << story.random.nextInt(6);
    linkFault(
        "carries " + rate + " bytes/s", 5000, node -> story.nodes.get(node).link().throttle(rate));
  }

  private void halfCloseLink() throws IOException {
    linkFault("is half-closed", 3000, node -> story.nodes.get(node).link().halfClose());
  }

  /** What Redis sends is lost, and the connections end afterwards. */
  private void muteLink() throws IOException {
    Integer node = story.anyNode().orElse(null);
    if (node != null) {
      fault(
          node,
          "the link of node " + node + " carries nothing from Redis",
          8000,
          () -> story.nodes.get(node).link().mute(),
          () -> {
            story.nodes.get(node).link().cut();
            story.nodes.get(node).link().restore();
          });
    }
  }

  private void shiftClock() {
    Integer node = story.anyNode().orElse(null);
    if (node != null) {
      long millis = (story.random.nextInt(1201) - 600) * 1000L;
      story.note("the clock of node " + node + " is set by " + millis + " ms");
      story.nodes.get(node).tell(chat -> chat.shiftClock(millis));
    }
  }

  private void pauseNode() throws IOException {
    Integer node = story.anyNode().orElse(null);
    if (node != null) {
      fault(
          node,
          "node " + node + " pauses",
          PAUSE_MILLIS,
          2000,
          () -> story.nodes.get(node).pause(),
          () -> story.nodes.get(node).resume());
    }
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
      story.nodes.get(node).stop();
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
    String secret = "";
    String how = " joins";
    if (lost != null) {
      secret = lost.resumeSecret();
      lost.resumed();
      how = " resumes that of step " + lost.step + " on node " + lost.node + " at " + since;
    }
    story.note(id + " in " + room + " on node " + node + how);
    story.open(id, room, node, since, secret);
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
              story.nodes.get(node).tell(chat -> chat.announce(room, text));
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
    String id = story.anyId();
    String room = story.anyRoom();
    // The outcome may be uncertain: the ban does not count any more in either case.
    story.bans.remove(room + "/" + id);
    moderate("unbans", room, id, (open, participant) -> open.unban(participant));
  }

  private void mute() {
    moderate("mutes", (room, id) -> room.mute(id, LONG, "hush"))
        .ifPresent(mute -> story.mutes.put(mute.key(), mute));
  }

  private void unmute() {
    String id = story.anyId();
    String room = story.anyRoom();
    story.mutes.remove(room + "/" + id);
    moderate("unmutes", room, id, (open, participant) -> open.unmute(participant));
  }

  private Optional<FaultStory.Sanction> moderate(String verb, FaultChat.RoomCall call) {
    return moderate(verb, story.anyRoom(), story.anyId(), call);
  }

  /** Calls a room on some node. {@return what happened, if the call says that it has} */
  private Optional<FaultStory.Sanction> moderate(
      String verb, String room, String id, FaultChat.RoomCall call) {
    Integer node = story.anyRunningNode().orElse(null);
    if (node == null) {
      return Optional.empty();
    }
    Set<FaultClient> joined = new HashSet<>();
    for (FaultClient client : story.clients) {
      if (client.start() != null) {
        joined.add(client);
      }
    }
    FaultChat.Result result = story.nodes.get(node).ask(chat -> chat.call(room, id, call));
    if (result == null) {
      return Optional.empty();
    }
    story.note("node " + node + " " + verb + " " + id + " in " + room + ": " + result.text());
    return result.done()
        ? Optional.of(new FaultStory.Sanction(story.step, room, id, joined))
        : Optional.empty();
  }

  /**
   * The name is certain if it was changed on the only node on which the participant is, and no
   * fault was in the way: a node changes it in the rooms that it has open, one after the other.
   */
  private void rename() {
    String name = "name" + story.random.nextInt(3);
    String id = story.anyId();
    Set<Integer> nodes = new HashSet<>();
    for (FaultClient client : story.clients) {
      if (client.id.equals(id) && (client.isOpen() || client.canResume())) {
        nodes.add(client.node);
      }
    }
    boolean done =
        call("is renamed to " + name, id, participant -> participant.rename(name))
            .filter(FaultChat.Result::done)
            .isPresent();
    if (!done || nodes.size() != 1 || !faulty.isEmpty()) {
      story.uncertainNames.add(id);
    }
  }

  private void sendDirect() {
    String id = story.anyId();
    String text = FaultClient.DIRECT + id + " " + story.step;
    call("is sent \"" + text + "\"", id, participant -> participant.send(text));
  }

  private Optional<FaultChat.Result> call(String what, String id, FaultChat.ParticipantCall call) {
    Optional<FaultChat.Result> result =
        story.anyRunningNode().map(node -> story.nodes.get(node).ask(chat -> chat.call(id, call)));
    result.ifPresent(made -> story.note(id + " " + what + ": " + made.text()));
    return result;
  }
}
