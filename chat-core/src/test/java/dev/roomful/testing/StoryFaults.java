package dev.roomful.testing;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Steps that are faults of links, nodes and the engine. */
final class StoryFaults {
  private final ClusterStory story;

  StoryFaults(ClusterStory story) {
    this.story = story;
  }

  void addKinds() {
    if (story.faults.compareTo(ClusterStory.Faults.LINKS) >= 0) {
      story.addKinds(1, this::cut);
      story.addKinds(1, this::cutSoon);
      story.addKinds(2, this::heal);
      story.addKinds(1, this::stall);
      story.addKinds(1, this::loseEntries);
      story.addKinds(1, this::rejectRequests);
    }
    if (story.faults.compareTo(ClusterStory.Faults.CRASHES) >= 0) {
      story.addKinds(1, this::pause);
      story.addKinds(2, this::goOn);
      story.addKinds(1, this::shiftNodeClock);
      story.addKinds(1, this::crash);
      story.addKinds(1, this::crashSoon);
      story.addKinds(4, this::restart);
    }
    if (story.faults.compareTo(ClusterStory.Faults.REWINDS) >= 0) {
      story.addKinds(1, random -> stopOrStartEngine());
      story.addKinds(2, random -> startEngine());
      story.addKinds(1, random -> save());
      story.addKinds(1, random -> rewind());
      story.addKinds(1, this::shiftEngineClock);
    }
  }

  private void cut(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("node " + node + " is cut off");
              story.cluster.node(node).cutOff();
            });
  }

  private void cutSoon(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              int count = random.nextInt(12);
              story.note("node " + node + " will be cut off after " + count + " deliveries");
              story.cluster.network().afterSteps(count, () -> story.cluster.node(node).cutOff());
            });
  }

  private void heal(Random random) {
    int node = random.nextInt(story.cluster.size());
    story.note("node " + node + " is healed");
    story.cluster.node(node).engine().resume();
    story.cluster.node(node).heal();
  }

  private void stall(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("the link of node " + node + " stalls");
              story.cluster.node(node).engine().stall();
            });
  }

  private void loseEntries(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("entries on their way to node " + node + " are lost");
              story.cluster.node(node).engine().loseEntries();
            });
  }

  private void rejectRequests(Random random) {
    int count = 1 + random.nextInt(3);
    story.note("the engine rejects " + count + " requests");
    story.cluster.server().rejectNext(count);
  }

  private void pause(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("node " + node + " pauses");
              story.cluster.node(node).pause();
            });
  }

  private void goOn(Random random) {
    int node = random.nextInt(story.cluster.size());
    story.note("node " + node + " goes on if it has paused");
    story.cluster.node(node).goOn();
  }

  private void shiftNodeClock(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              Duration shift = Duration.ofSeconds(random.nextInt(1201) - 600);
              story.note("the clock of node " + node + " is set by " + shift);
              story.cluster.node(node).shiftClock(shift);
            });
  }

  private void crash(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("node " + node + " crashes");
              crash(node);
            });
  }

  private void crashSoon(Random random) {
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              int count = random.nextInt(12);
              story.note("node " + node + " will crash after " + count + " deliveries");
              story.cluster.network().afterSteps(count, () -> crash(node));
            });
  }

  private void crash(int node) {
    story.crashedNodes.add(node);
    List<StoryClient> lost = story.openClients(node);
    story.cluster.node(node).crash();
    lost.forEach(StoryClient::suspend);
  }

  private void restart(Random random) {
    int node = random.nextInt(story.cluster.size());
    if (story.cluster.server().isRunning()
        && !story.cluster.node(node).isPaused()
        && (story.cluster.node(node).hasCrashed() || random.nextInt(8) == 0)) {
      story.note("node " + node + " restarts");
      List<StoryClient> lost = story.openClients(node);
      story.cluster.node(node).restart();
      lost.forEach(StoryClient::suspend);
    }
  }

  private void stopOrStartEngine() {
    if (story.cluster.server().isRunning()) {
      story.note("the engine stops");
      story.engineStopped = true;
      story.cluster.stopEngine();
    } else {
      startEngine();
    }
  }

  private void startEngine() {
    if (!story.cluster.server().isRunning()) {
      story.note("the engine starts");
      story.cluster.startEngine();
    }
  }

  private void save() {
    story.note("the engine saves its data");
    story.cluster.save();
  }

  private void rewind() {
    story.rewound = true;
    story.note("the engine restarts with the data that it saved");
    story.cluster.rewind();
  }

  private void shiftEngineClock(Random random) {
    Duration shift = Duration.ofSeconds(random.nextInt(11) - 5);
    story.note("the engine's clock is set by " + shift);
    story.cluster.server().shiftClock(shift);
  }
}
