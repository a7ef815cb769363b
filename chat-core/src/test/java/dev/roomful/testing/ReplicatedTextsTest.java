package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.ScenarioShrinker;
import dev.roomful.testing.ReplicatedTexts.Precaution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulated engine is hard enough to find each mistake of a node, and keeps its promises well
 * enough for a node that makes none.
 */
class ReplicatedTextsTest {
  private static final int NODES = 3;
  private static final int STEPS = 60;
  private static final int STORIES = 300;

  @Tag("slow")
  @Test
  void aNodeWithAllPrecautionsLosesNothing() {
    explore(EnumSet.allOf(Precaution.class));
  }

  @ParameterizedTest
  @EnumSource(Precaution.class)
  void eachPrecautionIsNecessary(Precaution without) {
    Set<Precaution> rest = EnumSet.complementOf(EnumSet.of(without));
    assertThrows(AssertionError.class, () -> explore(rest));
  }

  private static void explore(Set<Precaution> precautions) {
    for (int seed = 0; seed < STORIES; seed++) {
      List<Long> steps = new Random(seed).longs(STEPS).boxed().toList();
      ScenarioShrinker.check(steps, (left, notes) -> new Story(precautions, notes).run(left));
    }
  }

  /** Texts, deliveries and faults. */
  private static final class Story {
    private final SimulatedNetwork network = new SimulatedNetwork();
    private final SimulatedServer server = new SimulatedServer(network);
    private final List<SimulatedEngine> engines = new ArrayList<>();
    private final List<ReplicatedTexts> nodes = new ArrayList<>();
    private final List<List<String>> added = new ArrayList<>();
    private final List<String> notes;
    private int crashed = -1;

    Story(Set<Precaution> precautions, List<String> notes) {
      this.notes = notes;
      for (int i = 0; i < NODES; i++) {
        SimulatedEngine engine = new SimulatedEngine(server, "node " + i);
        ReplicatedTexts node = new ReplicatedTexts(engine, "n" + i, precautions);
        engines.add(engine);
        nodes.add(node);
        added.add(new ArrayList<>());
        node.start();
        network.clock().every(Duration.ofSeconds(1), node::tick);
      }
      network.deliver();
    }

    void run(List<Long> steps) {
      for (long step : steps) {
        network.shuffle(step);
        step(new Random(step));
        network.afterCall();
      }
      server.start();
      engines.forEach(SimulatedEngine::resume);
      engines.forEach(SimulatedEngine::heal);
      network.deliver();
      for (int i = 0; i < 10; i++) {
        network.advance(Duration.ofSeconds(1));
        network.deliver();
      }
      check();
    }

    private void step(Random random) {
      int node = random.nextInt(NODES);
      int kind = random.nextInt(21);
      if (kind < 8) {
        String text = node + "-" + added.get(node).size();
        if (node != crashed) {
          notes.add("add " + text);
          added.get(node).add(text);
          nodes.get(node).add(text);
        }
      } else if (kind < 10) {
        notes.add("cut node " + node);
        engines.get(node).cut();
      } else if (kind < 13) {
        notes.add("heal node " + node);
        engines.get(node).resume();
        engines.get(node).heal();
      } else if (kind < 14) {
        notes.add("stall node " + node);
        engines.get(node).stall();
      } else if (kind < 16) {
        notes.add("lose entries of node " + node);
        engines.get(node).loseEntries();
      } else if (kind < 17) {
        notes.add("the engine rejects requests");
        server.rejectNext(1 + random.nextInt(3));
      } else if (kind < 18) {
        notes.add("stop and start the engine");
        server.stop();
        server.start();
      } else if (kind < 20) {
        notes.add("advance");
        network.advance(Duration.ofMillis(random.nextInt(3000)));
      } else if (crashed < 0) {
        notes.add("crash node " + node);
        crashed = node;
        engines.get(node).crash();
      }
    }

    private void check() {
      List<Integer> live = IntStream.range(0, NODES).filter(i -> i != crashed).boxed().toList();
      List<String> texts = nodes.get(live.get(0)).applied();
      for (int node : live) {
        assertEquals(texts, nodes.get(node).applied(), "node " + node);
        List<String> accepted = new ArrayList<>(added.get(node));
        accepted.removeAll(nodes.get(node).rejected());
        assertEquals(accepted, textsOf(node, texts), "texts of node " + node);
        assertEquals(0, nodes.get(node).pendingTexts(), "pending texts of node " + node);
      }
      if (crashed >= 0) {
        List<String> left = textsOf(crashed, texts);
        List<String> inOrder = new ArrayList<>(added.get(crashed));
        inOrder.retainAll(left);
        assertEquals(inOrder, left, "texts of the crashed node");
      }
    }

    private static List<String> textsOf(int node, List<String> texts) {
      return texts.stream().filter(text -> text.startsWith(node + "-")).toList();
    }
  }
}
