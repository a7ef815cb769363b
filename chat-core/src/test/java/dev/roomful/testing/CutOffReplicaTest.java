package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node that is cut off while it appends, after each number of steps that delivery takes. */
class CutOffReplicaTest {
  /** After these all is delivered. */
  private static final int STEPS = 16;

  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(20);
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private SimulatedNetwork network = new SimulatedNetwork();
  private SimulatedServer server = new SimulatedServer(network);
  private TextLog log = new TextLog(server, "node 0");
  private TextLog other = new TextLog(server, "node 1");
  private List<TextLog.Text> texts = List.of();

  private void cutOffAtEachStep(boolean expires, Runnable meanwhile, Consumer<String> check) {
    for (int steps = 0; steps < STEPS; steps++) {
      network = new SimulatedNetwork();
      server = new SimulatedServer(network);
      log = new TextLog(server, "node 0");
      other = new TextLog(server, "node 1");
      network.deliver();
      add(other, "before");
      server.save();
      texts =
          Stream.of("one", "two", "three").map(text -> new TextLog.Text(text, expires)).toList();
      network.pauseDelivery();
      texts.forEach(log.replica::submit);
      for (int i = 0; i < steps; i++) {
        network.deliverNext();
      }
      log.engine.cut();
      network.resumeDelivery();
      network.deliver();
      meanwhile.run();
      log.engine.heal();
      network.advance(MOMENT);
      add(log, "after");
      String at = "cut off after " + steps + " steps";
      for (TextLog.Text text : texts) {
        assertTrue(text.applied || text.givenUp, at + ": " + text);
        assertFalse(text.givenUp && !expires, at + ": " + text);
      }
      assertEquals(0, log.replica.waiting(), at);
      check.accept(at);
      assertEquals(log.texts(), other.texts(), at);
    }
  }

  private void add(TextLog to, String text) {
    to.replica.submit(new TextLog.Text(text, false));
    network.deliver();
  }

  private void requireAll(String at) {
    assertEquals(List.of("before", "one", "two", "three", "after"), other.texts(), at);
  }

  @Test
  void whatItAppendsIsInTheLogOnceAndInOrder() {
    cutOffAtEachStep(false, () -> {}, this::requireAll);
  }

  @Test
  void whatItAppendsIsInTheLogOnceAlthoughItCountsAsLostMeanwhile() {
    cutOffAtEachStep(
        false,
        () -> {
          String earlier = log.node.incarnation();
          network.advance(LONGER_THAN_A_LEASE);
          assertEquals(earlier, log.node.incarnation());
        },
        at -> {
          requireAll(at);
          assertEquals(Set.of(log.node.incarnation()), other.nodes(), at);
        });
  }

  @Test
  void aNodeThatNobodyMissesDeclaresItsEarlierNameLostFirst() {
    cutOffAtEachStep(
        false,
        () -> {
          other.engine.cut();
          network.advance(LONGER_THAN_A_LEASE);
          log.engine.heal();
          network.advance(MOMENT);
          other.engine.heal();
          network.advance(MOMENT);
        },
        this::requireAll);
  }

  @Test
  void whatItAppendsIsInTheLogOnceAlthoughTheEngineHasLostIt() {
    cutOffAtEachStep(false, server::rewind, this::requireAll);
  }

  @Test
  void whatItAppendsIsInTheLogOnceAlthoughTheEngineHasLostEverything() {
    cutOffAtEachStep(
        false,
        () -> {
          network.advance(LONGER_THAN_A_LEASE);
          other.engine.cut();
          server.rewind();
        },
        at -> {
          other.engine.heal();
          network.advance(MOMENT);
          requireAll(at);
        });
  }

  @Test
  void whatHasExpiredIsGivenUpUnlessItMayBeInTheLog() {
    List<Integer> counts = new ArrayList<>();
    cutOffAtEachStep(
        true,
        () -> {
          network.advance(Duration.ofSeconds(3));
          texts.forEach(text -> assertTrue(text.applied || text.givenUp, text.toString()));
        },
        at -> {
          List<String> present =
              log.texts().stream()
                  .filter(text -> !Set.of("before", "after").contains(text))
                  .toList();
          texts.stream()
              .filter(text -> text.applied)
              .forEach(text -> assertTrue(present.contains(text.text), at));
          counts.add(present.size());
        });
    assertEquals(0, counts.get(0));
    assertEquals(3, counts.get(STEPS - 1));
  }
}
