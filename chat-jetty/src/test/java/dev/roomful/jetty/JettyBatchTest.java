package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole batches in one write. */
class JettyBatchTest {
  private TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  @ParameterizedTest(name = "TLS: {0}")
  @ValueSource(booleans = {false, true})
  void aStuckWriteIsCompletedOnceWhenTheConnectionIsAborted(boolean tls, @TempDir Path folder)
      throws Exception {
    if (tls) {
      testServer = new TestServer(TestCertificate.create(folder));
    }
    AtomicReference<Connection> opened = new AtomicReference<>();
    Chat chat = testServer.chat(new RecordingHandler(), TestServer.LIMITS);
    testServer.serve(chat, new CapturingBinding(opened));
    WireClient ann = testServer.join(chat, "hall", "ann");
    Connection connection = opened.get();
    dev.roomful.transport.Frame half = dev.roomful.transport.Frame.binary(new byte[30_000]);
    Batch batch = Batch.of(half, half);
    RecordingCompletion stuck = new RecordingCompletion();
    connection.write(batch, stuck);
    for (int i = 0; i < 10_000 && stuck.endsSoon(); i++) {
      assertEquals(List.of("succeeded"), stuck.outcomes);
      stuck = new RecordingCompletion();
      connection.write(batch, stuck);
    }
    assertEquals(List.of(), stuck.outcomes);
    connection.abort();
    connection.abort();
    List<String> outcomes = stuck.outcomes;
    Await.until("the write failed", () -> outcomes.size() == 1);
    assertTrue(ann.awaitEnd(Await.TIMEOUT), "the socket is closed");
    RecordingCompletion late = new RecordingCompletion();
    connection.write(batch, late);
    assertEquals(1, late.outcomes.size());
    assertEquals(1, outcomes.size());
    assertTrue(outcomes.get(0).startsWith("failed") && late.outcomes.get(0).startsWith("failed"));
  }

  private static final class RecordingCompletion implements Completion {
    final List<String> outcomes = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Whether it ends soon: the network may take more than it has announced. */
    boolean endsSoon() throws InterruptedException {
      return ended.await(300, TimeUnit.MILLISECONDS);
    }

    @Override
    public void succeeded() {
      outcomes.add("succeeded");
      ended.countDown();
    }

    @Override
    public void failed(Throwable cause) {
      outcomes.add("failed: " + cause.getMessage());
      ended.countDown();
    }
  }
}
