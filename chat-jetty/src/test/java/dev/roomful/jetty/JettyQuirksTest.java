package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behaviour of Jetty that the adapter hides from the chat, on a real server. */
class JettyQuirksTest {
  private static final int CHUNK_CHARS = 32 << 10;

  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  /** Counts completions of an operation. */
  private static final class CountingCompletion implements Completion {
    final AtomicInteger successes = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public void succeeded() {
      successes.incrementAndGet();
    }

    @Override
    public void failed(Throwable cause) {
      failures.incrementAndGet();
    }

    int times() {
      return successes.get() + failures.get();
    }

    /** Whether it ends so soon. */
    boolean awaitWithin(Duration time) {
      long deadline = System.nanoTime() + time.toNanos();
      while (times() == 0 && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      return times() > 0;
    }
  }

  /** Serves a chat, and gives the connection of its only client for the test to write to. */
  private Connection open(WireClient[] client) throws Exception {
    AtomicReference<Connection> opened = new AtomicReference<>();
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat, new CapturingBinding(opened));
    client[0] = testServer.join(chat, "hall", "ann");
    return opened.get();
  }

  private static Batch chunkBatch() {
    Frame half = Frame.text("~".repeat(CHUNK_CHARS / 2));
    return Batch.of(half, half);
  }

  /** Writes until the client's and the system's buffers are full; the last write is stuck. */
  private static List<CountingCompletion> fill(Connection connection) {
    List<CountingCompletion> writes = new ArrayList<>();
    do {
      CountingCompletion completion = new CountingCompletion();
      connection.write(chunkBatch(), completion);
      writes.add(completion);
    } while (writes.get(writes.size() - 1).awaitWithin(Duration.ofSeconds(1)));
    assertTrue(writes.size() > 1 && writes.size() < 1000, "after " + writes.size() + " writes");
    return writes;
  }

  @Test
  void everyWriteIsCompletedExactlyOnceWhenTheConnectionIsAborted() throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(client);
    List<CountingCompletion> writes = fill(connection);
    CountingCompletion stuck = writes.get(writes.size() - 1);
    connection.abort();
    connection.abort();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertTrue(client[0].awaitEnd(Await.TIMEOUT), "the socket is closed");
    CountingCompletion late = new CountingCompletion();
    connection.write(chunkBatch(), late);
    Await.until("a write that comes too late fails", () -> late.failures.get() == 1);
    connection.ping(late);
    Await.until("a ping that comes too late fails", () -> late.failures.get() == 2);
    for (CountingCompletion write : writes) {
      assertEquals(1, write.times(), "completions of a write");
    }
    assertEquals(2, late.times());
  }

  @Test
  void everyWriteIsCompletedExactlyOnceWhenTheClientVanishes() throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(client);
    List<CountingCompletion> writes = fill(connection);
    CountingCompletion stuck = writes.get(writes.size() - 1);
    client[0].vanish();
    Await.until("the stuck write failed", () -> stuck.failures.get() == 1);
    assertEquals(CloseStatus.LOST, handler.awaitLeave("ann"));
    for (CountingCompletion write : writes) {
      assertEquals(1, write.times(), "completions of a write");
    }
  }

  /** Counts the pongs that are reported to a receiver. */
  private record PongCounter(Receiver receiver, AtomicInteger pongs) implements Receiver {
    @Override
    public void text(String text) {
      receiver.text(text);
    }

    @Override
    public void binary(ByteBuffer bytes) {
      receiver.binary(bytes);
    }

    @Override
    public void pong() {
      pongs.incrementAndGet();
      receiver.pong();
    }

    @Override
    public void closed(int code, String reason) {
      receiver.closed(code, reason);
    }
  }

  @Test
  void everyPingAndPongOfAClientIsReportedToTheChat() throws Exception {
    AtomicInteger pongs = new AtomicInteger();
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(
        chat,
        new JettyBinding() {
          @Override
          public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
            return super.receiver(session, new PongCounter(receiver, pongs), gateway);
          }
        });
    WireClient ann = testServer.join(chat, "hall", "ann");
    for (int i = 0; i < 100; i++) {
      ann.pong(new byte[0]);
      ann.ping(new byte[0]);
    }
    ann.text("last");
    assertEquals("last", ann.nextText());
    assertEquals(200, pongs.get());
  }

  @Test
  void aClientThatPingsAndDoesNotReadIsStillRead() throws Exception {
    WireClient[] client = new WireClient[1];
    Connection connection = open(client);
    fill(connection);
    for (byte i = 0; i < 5; i++) {
      client[0].ping(new byte[] {i});
    }
    client[0].text("still read");
    Await.until("the message is handled", () -> handler.messages().contains("still read"));
    connection.abort();
  }

  @Test
  void theServersIdleTimeoutDoesNotCloseAClientThatOnlyAnswersPings() throws Exception {
    testServer.connector.setIdleTimeout(300);
    Chat chat =
        testServer.chat(
            handler,
            TestServer.LIMITS
                .withPingInterval(Duration.ofMillis(800))
                .withIdleTimeout(Duration.ofSeconds(3)));
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.assertSilent(Duration.ofMillis(2200));
    assertTrue(ann.pings().size() >= 1, "it was pinged");
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }
}
