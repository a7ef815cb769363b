package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogSnapshot;
import dev.roomful.testsupport.Await;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Calls the operations of an engine and waits for them. */
final class Operations {
  private static final byte[] DATA = {1, 2, 3};

  private Operations() {}

  static <T> T await(CompletionStage<T> operation) throws Exception {
    return operation.toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  static CompletionStage<LogEntry> append(ClusterEngine engine, String log) {
    return engine.append(log, LogEnd.START, "node", 1, DATA);
  }

  /** Calls each operation of a started engine once, and checks its result. */
  static void callAll(ClusterEngine engine, RecordingListener listener, String log)
      throws Exception {
    await(engine.subscribe(log));
    LogEntry one = await(append(engine, log));
    assertEquals(1, one.sequence());
    LogEnd two = await(append(engine, log)).end();
    Await.until("both entries are received", () -> listener.sequences(log).contains(2L));
    assertEquals(2, await(engine.read(log, 0, 10)).entries().size());
    assertTrue(await(engine.storeSnapshot(log, new LogSnapshot(two, DATA))));
    assertEquals(two, await(engine.snapshot(log)).orElseThrow().end());
    LogEnd nine = new LogEnd(9, "token");
    assertTrue(await(engine.replace(log, two, new LogSnapshot(nine, DATA))));
    assertTrue(await(engine.renewLease("node", Duration.ofMinutes(1))));
    assertTrue(await(engine.liveNodes()).contains("node"));
    await(engine.releaseLease("node"));
    assertEquals(Set.of(), await(engine.liveNodes()));
    engine.unsubscribe(log);
  }
}
