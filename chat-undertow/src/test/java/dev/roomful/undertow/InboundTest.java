package dev.roomful.undertow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InboundTest {
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final Queue<Runnable> worker = new ArrayDeque<>();
  private Runnable whenResumed = () -> {};
  private final Inbound inbound =
      new Inbound(
          new Hearing(),
          worker::add,
          () -> log.add("suspend"),
          () -> {
            log.add("resume");
            whenResumed.run();
          },
          () -> log.add("hang up"));

  /** Writes down what it hears. */
  private final class Hearing implements Receiver {
    @Override
    public void text(String text) {
      log.add(text.length() < 100 ? text : text.length() + " characters");
    }

    @Override
    public void binary(ByteBuffer bytes) {
      log.add("binary " + UTF_8.decode(bytes));
    }

    @Override
    public void pong() {
      log.add("pong");
    }

    @Override
    public void closed(int code, String reason) {
      log.add("closed " + code + " " + reason);
    }
  }

  private void work() {
    for (Runnable task = worker.poll(); task != null; task = worker.poll()) {
      task.run();
    }
  }

  @Test
  void nothingIsHeardOnTheThreadThatReads() {
    inbound.text("a");
    inbound.binary(ByteBuffer.wrap("b".getBytes(UTF_8)));
    assertEquals(List.of(), log);
    work();
    assertEquals(List.of("a", "binary b"), log);
  }

  @Test
  void oneTaskAtATimeIsGivenToTheWorker() {
    inbound.text("a");
    inbound.text("b");
    assertEquals(1, worker.size());
    work();
    inbound.text("c");
    assertEquals(1, worker.size());
    work();
    assertEquals(List.of("a", "b", "c"), log);
  }

  @Test
  void bytesAreCopiedBeforeTheServerUsesItsBufferAgain() {
    ByteBuffer servers = ByteBuffer.wrap("mine".getBytes(UTF_8));
    inbound.binary(servers);
    servers.clear().put("his!".getBytes(UTF_8));
    work();
    assertEquals(List.of("binary mine"), log);
  }

  @Test
  void aPongDoesNotWaitForAHandlerThatBlocks() {
    inbound.text("a");
    inbound.pong();
    assertEquals(List.of("pong"), log);
  }

  @Test
  void manyMessagesSuspendReadingOnceUntilAllAreHandled() {
    for (int i = 0; i < 20; i++) {
      inbound.text("" + i);
    }
    assertEquals(List.of("suspend"), log);
    work();
    List<String> expected = new ArrayList<>(List.of("suspend"));
    IntStream.range(0, 20).mapToObj(Integer::toString).forEach(expected::add);
    expected.add("resume");
    assertEquals(expected, log);
  }

  @Test
  void aFewLargeMessagesSuspendReadingToo() {
    inbound.text("x".repeat(40_000));
    assertEquals(List.of(), log);
    inbound.text("y".repeat(40_000));
    assertEquals(List.of("suspend"), log);
    work();
    assertEquals(List.of("suspend", "40000 characters", "40000 characters", "resume"), log);
  }

  @Test
  void afterReadingWasResumedItIsSuspendedAgain() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 16; i++) {
        inbound.text("");
      }
      work();
    }
    assertEquals(3, log.stream().filter("suspend"::equals).count());
    assertEquals(3, log.stream().filter("resume"::equals).count());
    assertEquals("resume", log.get(log.size() - 1));
  }

  @Test
  void whatComesWhileReadingIsResumedIsHeardByTheSameTask() {
    whenResumed =
        () -> {
          whenResumed = () -> {};
          inbound.text("at once");
        };
    for (int i = 0; i < 16; i++) {
      inbound.text("");
    }
    work();
    assertEquals("at once", log.get(log.size() - 1));
    assertEquals(0, worker.size());
  }

  @Test
  void theCloseComesBehindEverythingThatWaits() {
    inbound.text("a");
    inbound.closed(1000, "bye");
    assertEquals(List.of("hang up"), log);
    work();
    assertEquals(List.of("hang up", "a", "closed 1000 bye"), log);
  }

  @Test
  void nothingIsHeardBehindTheClose() {
    inbound.closed(1000, "bye");
    inbound.text("too late");
    inbound.binary(ByteBuffer.allocate(1));
    inbound.closed(1006, "again");
    work();
    assertEquals(1, log.stream().filter(line -> line.startsWith("closed")).count());
    assertEquals("closed 1000 bye", log.get(log.size() - 1));
  }

  @Test
  void aServerThatHasNoMoreThreadsLosesNoClose() {
    Inbound stopped =
        new Inbound(
            new Hearing(),
            task -> {
              throw new RejectedExecutionException("stopped");
            },
            () -> {},
            () -> {},
            () -> {});
    stopped.text("the last words");
    stopped.closed(1006, "");
    assertEquals(List.of("the last words", "closed 1006 "), log);
  }

  @Test
  void aServerThatStopsWhileAHandlerIsBusyLosesNoClose() {
    AtomicBoolean stopped = new AtomicBoolean();
    Inbound stopping =
        new Inbound(
            new Hearing(),
            task -> {
              if (stopped.get()) {
                throw new RejectedExecutionException("stopped");
              }
              worker.add(task);
            },
            () -> {},
            () -> {},
            () -> {});
    stopping.text("a");
    stopped.set(true);
    stopping.closed(1006, "");
    work();
    assertEquals(List.of("a", "closed 1006 "), log);
  }

  @Test
  void manyThreadsAndOneReaderLoseNothingAndKeepTheOrder() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicBoolean reading = new AtomicBoolean(true);
    try {
      Inbound busy =
          new Inbound(
              new Hearing(), threads, () -> reading.set(false), () -> reading.set(true), () -> {});
      for (int i = 0; i < 20_000; i++) {
        Await.until("reading is resumed", reading::get);
        busy.text("" + i);
      }
      busy.closed(1000, "");
      Await.until("all is heard", () -> log.contains("closed 1000 "));
    } finally {
      threads.shutdownNow();
    }
    List<String> expected = new ArrayList<>();
    IntStream.range(0, 20_000).mapToObj(Integer::toString).forEach(expected::add);
    expected.add("closed 1000 ");
    assertTrue(expected.equals(log), "everything in its order");
  }
}
