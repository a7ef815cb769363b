package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Storing snapshots, removing entries, replacing logs. */
abstract class EngineSnapshotCases extends EngineLogCases {

  private static LogSnapshot snapshot(LogEnd end, String text) {
    return new LogSnapshot(end, text.getBytes(StandardCharsets.UTF_8));
  }

  private List<LogEntry> append(EngineNode node, int count) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      entries.add(await(node.append(LOG, "text " + i)));
    }
    return entries;
  }

  private void assertSnapshot(EngineNode node, LogEnd end, String text) {
    LogSnapshot stored = await(node.engine().snapshot(LOG)).orElseThrow();
    assertEquals(end, stored.end());
    assertEquals(text, new String(stored.data(), StandardCharsets.UTF_8));
  }

  @Test
  void aLogHasNoSnapshotBeforeOneIsStored() throws Exception {
    EngineNode ann = node("ann");
    assertEquals(Optional.empty(), await(ann.engine().snapshot(LOG)));
    append(ann, 1);
    assertEquals(Optional.empty(), await(ann.engine().snapshot(LOG)));
  }

  @Test
  void aStoredSnapshotTakesThePlaceOfTheEntriesThatItContains() throws Exception {
    EngineNode ann = node("ann");
    EngineNode bob = node("bob");
    List<LogEntry> entries = append(ann, 5);
    assertTrue(await(ann.engine().storeSnapshot(LOG, snapshot(entries.get(2).end(), "three"))));
    assertSnapshot(bob, entries.get(2).end(), "three");
    LogPage page = await(bob.engine().read(LOG, 0, 10));
    assertEquals(entries.subList(3, 5), page.entries());
    assertEquals(entries.get(4).end(), page.end());
  }

  @Test
  void aLogWhoseEntriesWereAllRemovedEndsAndContinuesAsBefore() throws Exception {
    EngineNode ann = subscribedNode("ann");
    LogEnd end = append(ann, 3).get(2).end();
    assertTrue(await(ann.engine().storeSnapshot(LOG, snapshot(end, "three"))));
    assertEquals(new LogPage(List.of(), end), await(ann.engine().read(LOG, 0, 10)));
    LogEntry next = await(ann.append(LOG, end, "four"));
    assertEquals(4, next.sequence());
    assertEquals(end.token(), next.previousToken());
    assertEquals(List.of(next), await(ann.engine().read(LOG, 3, 10)).entries());
    awaitSequence(ann, LOG, 4);
  }

  @Test
  void aNewerSnapshotReplacesAnOlderOne() throws Exception {
    EngineNode ann = node("ann");
    List<LogEntry> entries = append(ann, 5);
    assertTrue(await(ann.engine().storeSnapshot(LOG, snapshot(entries.get(1).end(), "two"))));
    assertTrue(await(ann.engine().storeSnapshot(LOG, snapshot(entries.get(3).end(), "four"))));
    assertSnapshot(ann, entries.get(3).end(), "four");
    assertEquals(List.of("text 5"), texts(readAll(ann, LOG)));
  }

  @Test
  void aSnapshotOfTheSameOrAnEarlierEntryIsNotStored() throws Exception {
    EngineNode ann = node("ann");
    List<LogEntry> entries = append(ann, 5);
    assertTrue(await(ann.engine().storeSnapshot(LOG, snapshot(entries.get(2).end(), "three"))));
    assertFalse(await(ann.engine().storeSnapshot(LOG, snapshot(entries.get(2).end(), "again"))));
    assertFalse(await(ann.engine().storeSnapshot(LOG, snapshot(entries.get(1).end(), "two"))));
    assertSnapshot(ann, entries.get(2).end(), "three");
    assertEquals(List.of("text 4", "text 5"), texts(readAll(ann, LOG)));
  }

  @Test
  void aSnapshotOfAnEntryThatTheLogDoesNotHaveIsNotStored() throws Exception {
    EngineNode ann = node("ann");
    List<LogEntry> entries = append(ann, 3);
    assertFalse(await(ann.engine().storeSnapshot(LOG, snapshot(new LogEnd(4, "lost"), "four"))));
    assertFalse(await(ann.engine().storeSnapshot(LOG, snapshot(new LogEnd(3, "lost"), "three"))));
    assertFalse(await(ann.engine().storeSnapshot(LOG, snapshot(new LogEnd(2, "lost"), "two"))));
    assertFalse(await(ann.engine().storeSnapshot("empty", snapshot(new LogEnd(1, "a"), "one"))));
    assertEquals(Optional.empty(), await(ann.engine().snapshot(LOG)));
    assertEquals(entries, readAll(ann, LOG));
  }

  @Test
  void snapshotsOfFourMebibytesAreStored() throws Exception {
    EngineNode ann = node("ann");
    byte[] large = new byte[4 << 20];
    large[large.length - 1] = 1;
    LogEnd end = append(ann, 1).get(0).end();
    assertTrue(await(ann.engine().storeSnapshot(LOG, new LogSnapshot(end, large))));
    assertArrayEquals(large, await(ann.engine().snapshot(LOG)).orElseThrow().data());
  }

  @Test
  void aReplacedLogHasOnlyTheSnapshotAndEndsWithIt() throws Exception {
    EngineNode ann = subscribedNode("ann");
    LogEnd three = append(ann, 3).get(2).end();
    LogEnd base = new LogEnd(7, "token of seven");
    assertTrue(await(ann.engine().replace(LOG, three, snapshot(base, "seven"))));
    assertSnapshot(ann, base, "seven");
    assertEquals(new LogPage(List.of(), base), await(ann.engine().read(LOG, 0, 10)));
    LogEntry next = await(ann.append(LOG, base, "eight"));
    assertEquals(8, next.sequence());
    assertEquals("token of seven", next.previousToken());
    awaitSequence(ann, LOG, 8);
    assertEquals(List.of(next), await(ann.engine().read(LOG, 0, 10)).entries());
  }

  @Test
  void anEmptyLogIsReplaced() throws Exception {
    EngineNode ann = node("ann");
    LogEnd base = new LogEnd(1_234_567_890_123L, "token");
    assertTrue(await(ann.engine().replace(LOG, LogEnd.START, snapshot(base, "state"))));
    assertEquals(1_234_567_890_124L, await(ann.append(LOG, base, "next")).sequence());
  }

  @Test
  void aLogThatEndsOtherwiseThanExpectedIsNotReplaced() throws Exception {
    EngineNode ann = node("ann");
    List<LogEntry> entries = append(ann, 2);
    LogSnapshot base = snapshot(new LogEnd(5, "token"), "five");
    assertFalse(await(ann.engine().replace(LOG, LogEnd.START, base)));
    assertFalse(await(ann.engine().replace(LOG, entries.get(0).end(), base)));
    assertFalse(await(ann.engine().replace(LOG, new LogEnd(2, "other"), base)));
    assertEquals(entries, readAll(ann, LOG));
  }

  @Test
  void aLogThatEndsWithTheSnapshotOrLaterIsNotReplaced() throws Exception {
    EngineNode ann = node("ann");
    List<LogEntry> entries = append(ann, 3);
    LogEnd end = entries.get(2).end();
    assertFalse(await(ann.engine().replace(LOG, end, snapshot(end, "three"))));
    assertFalse(await(ann.engine().replace(LOG, end, snapshot(new LogEnd(2, "other"), "two"))));
    assertEquals(Optional.empty(), await(ann.engine().snapshot(LOG)));
    assertEquals(entries, readAll(ann, LOG));
  }

  @Test
  void ofNodesThatReplaceALogAtTheSameTimeOneDoes() throws Exception {
    List<EngineNode> nodes = List.of(node("ann"), node("bob"), node("cid"));
    LogSnapshot base = snapshot(new LogEnd(9, "token"), "nine");
    List<CompletionStage<Boolean>> all =
        nodes.stream().map(node -> node.engine().replace(LOG, LogEnd.START, base)).toList();
    assertEquals(1, all.stream().filter(this::await).count());
  }
}
