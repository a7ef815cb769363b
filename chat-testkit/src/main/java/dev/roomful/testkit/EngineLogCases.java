package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogRewoundException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Appending, reading and receiving entries. */
abstract class EngineLogCases extends EngineFixture {
  private static final List<String> ODD_NAMES =
      List.of(
          "a",
          "A",
          " ",
          "a b",
          "{a}",
          "}{",
          "{}",
          "a}",
          "%",
          "%007b",
          "-",
          "*",
          "\n",
          "\u0000",
          "é",
          "e\u0301",
          "\u0085",
          "𐐀😀",
          "\ud83d",
          "\ude00",
          "x".repeat(256));

  @Test
  void theFirstEntryOfALogHasSequenceOneAndNoPreviousToken() throws Exception {
    EngineNode ann = node("ann");
    LogEntry entry = await(ann.append(LOG, "first"));
    assertEquals(1, entry.sequence());
    assertEquals("", entry.previousToken());
    assertNotEquals("", entry.token());
    assertEquals("ann", entry.node());
    assertEquals(1, entry.nodeSequence());
    assertEquals("first", EngineNode.text(entry));
    assertTrue(entry.millis() > 0, "it has a time");
  }

  @Test
  void sequencesAreDenseAndEachEntryNamesTheTokenOfTheOneBefore() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    String before = "";
    for (int i = 1; i <= 20; i++) {
      LogEntry entry = await((i % 3 == 0 ? ann : bob).append(LOG, "text"));
      assertEquals(i, entry.sequence());
      assertEquals(before, entry.previousToken());
      before = entry.token();
    }
  }

  @Test
  void noTwoEntriesOfAnyLogHaveTheSameToken() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    Set<String> tokens = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      assertTrue(tokens.add(await(ann.append("log " + i % 5, "text")).token()));
      assertTrue(tokens.add(await(bob.append("log " + i % 5, "text")).token()));
    }
  }

  @Test
  void allSubscribersReceiveAllEntriesInTheirOrderAndAsTheyWereAppended() throws Exception {
    EngineNode ann = subscribedNode("ann");
    EngineNode bob = subscribedNode("bob");
    List<LogEntry> appended = new ArrayList<>();
    for (CompletionStage<LogEntry> stage : appendAll(ann, 300)) {
      appended.add(await(stage));
    }
    for (EngineNode node : List.of(ann, bob)) {
      awaitSequence(node, LOG, 300);
      List<LogEntry> received = node.recorder().entries(LOG);
      assertEquals(300, received.size());
      for (int i = 0; i < 300; i++) {
        assertSame(appended.get(i), received.get(i));
      }
    }
  }

  private static List<CompletionStage<LogEntry>> appendAll(EngineNode node, int count) {
    return IntStream.range(0, count).mapToObj(i -> node.append(LOG, "text " + i)).toList();
  }

  @Test
  void appendsThatAreStartedOneAfterTheOtherTakeEffectInThatOrder() throws Exception {
    EngineNode ann = node("ann");
    appendAll(ann, 500).forEach(this::await);
    assertEquals(
        LongStream.rangeClosed(1, 500).boxed().toList(),
        readAll(ann, LOG).stream().map(LogEntry::nodeSequence).toList());
  }

  @Test
  void appendsKeepTheirOrderWhenCallbacksAndOtherThreadsStartThem() throws Exception {
    EngineNode ann = subscribedNode("ann");
    int count = 3000;
    Object turn = new Object();
    List<CompletionStage<LogEntry>> started = new ArrayList<>();
    Runnable append =
        () -> {
          CompletionStage<LogEntry> stage;
          synchronized (turn) {
            if (started.size() >= count) {
              return;
            }
            stage = ann.append(LOG, "text");
            started.add(stage);
          }
          stage.thenRun(
              () -> {
                synchronized (turn) {
                  if (started.size() < count) {
                    started.add(ann.append(LOG, "text"));
                  }
                }
              });
        };
    ann.recorder().onEntry((log, entry) -> append.run());
    for (int i = 0; i < count / 3; i++) {
      append.run();
    }
    until(
        "all are started",
        () -> {
          synchronized (turn) {
            return started.size() == count;
          }
        });
    started.forEach(this::await);
    List<Long> stored = readAll(ann, LOG).stream().map(LogEntry::nodeSequence).toList();
    assertIncreasing(stored);
    assertEquals(count, stored.size());
  }

  @Test
  void nodesThatAppendAtTheSameTimeAgreeOnOneOrder() throws Exception {
    List<EngineNode> all =
        List.of(subscribedNode("ann"), subscribedNode("bob"), subscribedNode("cid"));
    List<CompletionStage<LogEntry>> stages = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.forEach(node -> stages.add(node.append(LOG, "text")));
    }
    stages.forEach(this::await);
    List<String> order = readAll(all.get(0), LOG).stream().map(LogEntry::token).toList();
    assertEquals(600, order.size());
    for (EngineNode node : all) {
      awaitSequence(node, LOG, 600);
      assertEquals(
          order, node.recorder().entries(LOG).stream().map(LogEntry::token).toList(), node.id());
    }
  }

  @Test
  void aLateSubscriberReceivesLaterEntriesAndReadsTheEarlierOnes() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    await(ann.append(LOG, "one"));
    await(ann.append(LOG, "two"));
    await(bob.engine().subscribe(LOG));
    await(ann.append(LOG, "three"));
    awaitSequence(bob, LOG, 3);
    assertEquals(List.of("three"), texts(bob.recorder().entries(LOG)));
    assertEquals(List.of("one", "two"), texts(await(bob.engine().read(LOG, 0, 2)).entries()));
  }

  @Test
  void subscribingTwiceHasTheEffectOfOnce() throws Exception {
    EngineNode ann = subscribedNode("ann");
    await(ann.engine().subscribe(LOG));
    await(ann.append(LOG, "one"));
    await(ann.append(LOG, "two"));
    awaitSequence(ann, LOG, 2);
    assertEquals(List.of(1L, 2L), ann.recorder().sequences(LOG));
  }

  @Test
  void afterUnsubscribingNoMoreEntriesAreReceived() throws Exception {
    EngineNode ann = subscribedNode("ann");
    await(ann.engine().subscribe("other"));
    ann.engine().unsubscribe(LOG);
    until(
        "an entry is not received",
        () -> {
          long sequence = await(ann.append(LOG, "text")).sequence();
          awaitSequence(ann, "other", await(ann.append("other", "text")).sequence());
          return !ann.recorder().sequences(LOG).contains(sequence);
        });
    await(ann.engine().subscribe(LOG));
    awaitSequence(ann, LOG, await(ann.append(LOG, "again")).sequence());
  }

  @Test
  void anAppendThatKnowsALaterEntryFailsAndNamesTheEnd() throws Exception {
    EngineNode ann = node("ann");
    await(ann.append(LOG, "one"));
    LogEnd end = await(ann.append(LOG, "two")).end();
    LogRewoundException failure =
        failure(LogRewoundException.class, ann.append(LOG, new LogEnd(3, "lost"), "three"));
    assertEquals(end, failure.end());
    assertEquals(List.of("one", "two"), texts(readAll(ann, LOG)));
  }

  @Test
  void anAppendThatKnowsAnotherEntryInThePlaceOfTheLastFails() throws Exception {
    EngineNode ann = node("ann");
    LogEnd end = await(ann.append(LOG, "one")).end();
    LogRewoundException failure =
        failure(LogRewoundException.class, ann.append(LOG, new LogEnd(1, "lost"), "two"));
    assertEquals(end, failure.end());
    assertEquals(List.of("one"), texts(readAll(ann, LOG)));
  }

  @Test
  void anAppendThatKnowsAnEntryOfAnEmptyLogFails() throws Exception {
    EngineNode ann = node("ann");
    LogRewoundException failure =
        failure(LogRewoundException.class, ann.append(LOG, new LogEnd(3, "lost"), "four"));
    assertEquals(LogEnd.START, failure.end());
    assertEquals(new LogPage(List.of(), LogEnd.START), await(ann.engine().read(LOG, 0, 10)));
  }

  @Test
  void anAppendThatKnowsTheLastOrAnEarlierEntrySucceeds() throws Exception {
    EngineNode ann = node("ann");
    LogEnd one = await(ann.append(LOG, LogEnd.START, "one")).end();
    LogEnd two = await(ann.append(LOG, one, "two")).end();
    await(ann.append(LOG, one, "three"));
    assertEquals(4, await(ann.append(LOG, two, "four")).sequence());
  }

  @Test
  void aPageBeginsAfterASequenceAndHasNoMoreEntriesThanItsLimit() throws Exception {
    EngineNode ann = node("ann");
    appendAll(ann, 50).forEach(this::await);
    LogPage page = await(ann.engine().read(LOG, 10, 20));
    assertEquals(
        LongStream.rangeClosed(11, 30).boxed().toList(),
        page.entries().stream().map(LogEntry::sequence).toList());
    assertEquals(50, page.end().sequence());
    LogPage last = await(ann.engine().read(LOG, 49, 20));
    assertEquals(last.entries().get(0).end(), last.end());
    assertEquals(new LogPage(List.of(), last.end()), await(ann.engine().read(LOG, 50, 20)));
    assertEquals(new LogPage(List.of(), last.end()), await(ann.engine().read(LOG, 99, 20)));
  }

  @Test
  void entriesThatAreReadEqualThoseThatWereAppended() throws Exception {
    EngineNode ann = node("ann");
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    LogEntry bytes = await(ann.append(LOG, LogEnd.START, all));
    LogEntry nothing = await(ann.append(LOG, bytes.end(), new byte[0]));
    List<LogEntry> read = readAll(ann, LOG);
    assertEquals(2, read.size());
    assertSame(bytes, read.get(0));
    assertSame(nothing, read.get(1));
  }

  @Test
  void entriesOfFourMebibytesAreAppendedReceivedAndRead() throws Exception {
    EngineNode ann = subscribedNode("ann");
    byte[] large = new byte[4 << 20];
    new Random(1).nextBytes(large);
    for (int i = 1; i <= 3; i++) {
      await(ann.append(LOG, LogEnd.START, large));
      awaitSequence(ann, LOG, i);
      assertArrayEquals(large, ann.recorder().entries(LOG).get(i - 1).data());
    }
    List<LogEntry> read = await(ann.engine().read(LOG, 0, 10)).entries();
    assertEquals(3, read.size());
    read.forEach(entry -> assertArrayEquals(large, entry.data()));
  }

  @Test
  void logsWithAnyNamesAreSeparate() throws Exception {
    EngineNode ann = node("ann");
    for (String name : ODD_NAMES) {
      await(ann.engine().subscribe(name));
    }
    for (int i = 0; i < ODD_NAMES.size(); i++) {
      assertEquals(1, await(ann.append(ODD_NAMES.get(i), "text " + i)).sequence());
    }
    for (int i = 0; i < ODD_NAMES.size(); i++) {
      String name = ODD_NAMES.get(i);
      awaitSequence(ann, name, 1);
      assertEquals(List.of("text " + i), texts(ann.recorder().entries(name)));
      assertEquals(List.of("text " + i), texts(readAll(ann, name)));
    }
  }

  @Test
  void nodesMayHaveAnyNames() throws Exception {
    EngineNode ann = subscribedNode("ann");
    for (String name : ODD_NAMES) {
      LogEntry entry =
          await(ann.engine().append(LOG, LogEnd.START, name, Long.MAX_VALUE, new byte[0]));
      assertEquals(name, entry.node());
      awaitSequence(ann, LOG, entry.sequence());
      List<LogEntry> received = ann.recorder().entries(LOG);
      assertSame(entry, received.get(received.size() - 1));
    }
  }
}
