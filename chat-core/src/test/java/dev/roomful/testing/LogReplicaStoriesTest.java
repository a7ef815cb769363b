package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.ScenarioShrinker;
import dev.roomful.testing.ClusterStory.Faults;
import dev.roomful.testing.TextLog.Text;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guarantee 14, for the copies of one log: random stories with faults leave all nodes with the same
 * texts, each once. {@code -Droomful.story=N} runs only one, {@code -Droomful.textStories=N} so
 * many.
 */
class LogReplicaStoriesTest {
  private static final int STORIES = Integer.getInteger("roomful.textStories", 200);
  private static final int NODES = 3;
  private static final int STEPS = 50;

  @ParameterizedTest
  @EnumSource(Faults.class)
  void allNodesHaveTheSameTextsOnce(Faults faults) {
    Integer only = Integer.getInteger("roomful.story");
    for (int number = only == null ? 0 : only;
        number < (only == null ? STORIES : only + 1);
        number++) {
      List<Long> steps = new Random(number).longs(STEPS).boxed().toList();
      try {
        ScenarioShrinker.check(
            steps,
            (left, notes) -> {
              try (LogCapture log = new LogCapture()) {
                new Story(faults, notes).run(left);
                assertTrue(
                    log.records().stream().noneMatch(r -> r.getThrown() != null),
                    () -> "failures in the log: " + log.messages());
              }
            });
      } catch (AssertionError failure) {
        throw new AssertionError(
            faults + ", story " + number + ": " + failure.getMessage(), failure.getCause());
      }
    }
  }

  /** Texts, deliveries and faults. */
  private static final class Story {
    private final SimulatedNetwork network = new SimulatedNetwork();
    private final SimulatedServer server = new SimulatedServer(network);
    private final List<TextLog> nodes = new ArrayList<>();
    private final List<List<Text>> added = new ArrayList<>();
    private final Set<Integer> crashed = new TreeSet<>();
    private final Set<Integer> paused = new TreeSet<>();
    private final Faults faults;
    private final List<String> notes;
    private boolean rewound;

    Story(Faults faults, List<String> notes) {
      this.faults = faults;
      this.notes = notes;
      for (int i = 0; i < NODES; i++) {
        nodes.add(new TextLog(server, "node " + i));
        added.add(new ArrayList<>());
      }
      network.deliver();
    }

    void run(List<Long> steps) {
      for (long step : steps) {
        network.shuffle(step);
        Random random = new Random(step);
        int node = random.nextInt(NODES);
        int kind = random.nextInt(6);
        if (crashed.contains(node)) {
          continue;
        }
        if (kind < 2) {
          add(node, random);
        } else if (kind < 3) {
          advance(random);
        } else {
          fault(node, random);
        }
        network.afterCall();
      }
      settle();
      check();
    }

    private void add(int node, Random random) {
      int count = random.nextInt(40) == 0 ? 400 : 1 + random.nextInt(3);
      if (paused.contains(node)) {
        return;
      }
      for (int i = 0; i < count; i++) {
        Text text = new Text(node + "-" + added.get(node).size(), random.nextBoolean());
        added.get(node).add(text);
        nodes.get(node).replica.submit(text);
      }
      notes.add("node " + node + " adds " + count);
    }

    private void advance(Random random) {
      Duration time = Duration.ofMillis(50L << random.nextInt(9));
      notes.add("time passes: " + time);
      network.advance(time);
    }

    private void fault(int node, Random random) {
      TextLog log = nodes.get(node);
      int kinds =
          switch (faults) {
            case NONE -> 1;
            case LINKS -> 7;
            case CRASHES -> 10;
            case REWINDS -> 13;
          };
      switch (random.nextInt(kinds)) {
        case 1 -> {
          notes.add("node " + node + " is cut off");
          log.engine.cut();
        }
        case 2, 3 -> {
          notes.add("node " + node + " is healed");
          log.engine.resume();
          log.engine.heal();
        }
        case 4 -> {
          notes.add("the link of node " + node + " stalls");
          log.engine.stall();
        }
        case 5 -> {
          notes.add("entries on their way to node " + node + " are lost");
          log.engine.loseEntries();
        }
        case 6 -> {
          notes.add("the engine rejects requests");
          server.rejectNext(1 + random.nextInt(3));
        }
        case 7, 8 -> {
          boolean pauses = paused.add(node);
          if (!pauses) {
            paused.remove(node);
          }
          notes.add("node " + node + (pauses ? " pauses" : " goes on"));
          log.pause(pauses);
        }
        case 9 -> {
          if (crashed.size() < NODES - 1 && random.nextInt(3) == 0) {
            notes.add("node " + node + " crashes");
            crashed.add(node);
            log.crash();
          }
        }
        case 10 -> {
          notes.add("the engine saves its data");
          server.save();
        }
        case 11 -> {
          notes.add("the engine restarts with the data that it saved");
          rewound = true;
          server.rewind();
        }
        case 12 -> {
          notes.add("the engine " + (server.isRunning() ? "stops" : "starts"));
          if (server.isRunning()) {
            server.stop();
          } else {
            server.start();
          }
        }
        default -> {}
      }
    }

    private void settle() {
      server.rejectNext(0);
      server.start();
      for (int node = 0; node < NODES; node++) {
        if (!crashed.contains(node)) {
          nodes.get(node).pause(false);
          nodes.get(node).engine.resume();
          nodes.get(node).engine.heal();
        }
      }
      for (int i = 0; i < 40; i++) {
        network.advance(Duration.ofSeconds(1));
        network.deliver();
      }
    }

    private void check() {
      List<String> texts = null;
      for (int node = 0; node < NODES; node++) {
        if (!crashed.contains(node)) {
          texts = texts == null ? nodes.get(node).texts() : texts;
          assertEquals(texts, nodes.get(node).texts(), "texts of node " + node);
          assertFalse(nodes.get(node).restoring, "node " + node + " is loading");
        }
      }
      List<String> twice = new ArrayList<>(texts);
      new HashSet<>(texts).forEach(twice::remove);
      assertEquals(List.of(), twice, "texts that are there twice");
      for (int node = 0; node < NODES; node++) {
        for (Text text : added.get(node)) {
          boolean there = texts.contains(text.text);
          assertTrue(there || rewound || !text.applied, text + ", and not there");
          assertTrue(
              there || rewound || text.givenUp || crashed.contains(node),
              text + ", neither there nor given up");
          assertTrue(
              text.applied || text.givenUp || crashed.contains(node) || rewound,
              text + ", without an outcome");
        }
      }
    }
  }
}
