package dev.roomful.testing;

import dev.roomful.cluster.LogEntry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * One connection of a node to the simulated server: requests on their way there, and answers and
 * published entries on their way back. Requests keep their order, and so do answers, and entries of
 * one log.
 */
final class SimulatedConnection {
  /** One entry of so many is delivered twice, if steps are chosen at random. */
  private static final int ENTRIES_PER_DUPLICATE = 40;

  private final SimulatedNetwork network;
  private final BiConsumer<String, LogEntry> receiver;
  final StepQueue requests;
  private final StepQueue answers;
  private final Map<String, StepQueue> entries = new LinkedHashMap<>();
  private boolean held;
  private boolean ended;

  /** The logs that the server sends to this node. */
  final Set<String> subscriptions = new LinkedHashSet<>();

  /** Whether the node may use it. */
  boolean usable;

  SimulatedConnection(SimulatedNetwork network, BiConsumer<String, LogEntry> receiver) {
    this.network = network;
    this.receiver = receiver;
    this.requests = network.newQueue(StepQueue.Kind.ENGINE);
    this.answers = network.newQueue(StepQueue.Kind.ENGINE);
  }

  void answer(String text, Runnable action) {
    if (!ended) {
      answers.add(text, action);
    }
  }

  void publish(String node, String log, LogEntry entry) {
    if (ended) {
      return;
    }
    StepQueue queue =
        entries.computeIfAbsent(
            log,
            name -> {
              StepQueue created = network.newQueue(StepQueue.Kind.ENGINE);
              created.hold(held);
              return created;
            });
    String text = "engine → " + node + ": entry " + entry.sequence() + " of " + log;
    Random choices = network.random();
    boolean twice = choices != null && choices.nextInt(ENTRIES_PER_DUPLICATE) == 0;
    for (int i = 0; i < (twice ? 2 : 1); i++) {
      queue.add(text, () -> receiver.accept(log, entry));
    }
  }

  /** Keeps what is on its way, in each direction, from arriving, or lets it go on. */
  void hold(boolean toServer, boolean toNode) {
    held = toNode;
    requests.hold(toServer);
    answers.hold(toNode);
    entries.values().forEach(queue -> queue.hold(toNode));
  }

  void loseEntries() {
    entries.values().forEach(StepQueue::clear);
  }

  /**
   * Ends the connection. What is on its way back is lost.
   *
   * @param arriving how many of the requests on their way still reach the server, some time
   */
  void end(int arriving) {
    ended = true;
    subscriptions.clear();
    network.remove(answers);
    entries.values().forEach(network::remove);
    requests.hold(false);
    network.removeAfter(requests, arriving);
  }
}
