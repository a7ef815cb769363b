package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.TestCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches past Undertow's queue and through it, between Undertow's own frames. */
class UndertowWireTest {
  /**
   * Lengths on both sides of each at which a header, a buffer or a fragment of Undertow changes.
   */
  private static final int[] SIZES = {
    0, 1, 125, 126, 127, 1023, 1024, 4095, 4096, 30_000, 65_535, 65_536, 65_537, 100_000
  };

  private static final int ROUNDS = 30;

  private TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  @ParameterizedTest(name = "batch conduit: {0}")
  @ValueSource(booleans = {true, false})
  void pingsPongsAndTheCloseAreIntactBetweenMessages(boolean direct) throws Exception {
    assertFramesIntact(direct ? new UndertowBinding() : UndertowBinding.queueing());
  }

  @Test
  void pingsPongsAndTheCloseAreIntactWithTls(@TempDir Path folder) throws Exception {
    testServer = new TestServer(TestCertificate.create(folder));
    assertFramesIntact(new UndertowBinding());
  }

  /** The client fails at the first byte that violates RFC 6455. */
  private void assertFramesIntact(ServerBinding binding) throws Exception {
    Chat chat =
        testServer.chat(
            new RecordingHandler(),
            TestServer.LIMITS
                .withOutboxBytes(64 << 20)
                .withPingInterval(Duration.ofMillis(20))
                .withIdleTimeout(Duration.ofSeconds(20))
                .withCloseTimeout(Await.TIMEOUT));
    testServer.serve(chat, binding);
    WireClient ann = testServer.join(chat, "hall", "ann");
    Participant participant = TestServer.awaitParticipant(chat, "ann");
    List<Received> expected = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int size : SIZES) {
        String text = "ü".repeat(size / 2) + "x".repeat(size % 2);
        participant.send(text);
        expected.add(new Received.Text(text));
        byte[] bytes = new byte[size];
        participant.send(Payload.bytes(bytes));
        expected.add(new Received.Binary(HexFormat.of().formatHex(bytes)));
      }
      ann.ping(new byte[] {(byte) round});
    }
    for (int i = 0; i < expected.size(); i++) {
      Received next = ann.next();
      while (next instanceof Received.Pong) {
        next = ann.next();
      }
      if (!expected
          .get(i)
          .equals(next)) { // The message of assertEquals would have 100,000 characters.
        throw new AssertionError("message " + i + " differs");
      }
    }
    ann.assertSilent(Duration.ofMillis(100));
    List<Integer> pongs = ann.pongs().stream().map(pong -> (int) pong.bytes()[0]).toList();
    assertTrue(!ann.pings().isEmpty(), "the server sent pings between them");
    participant.send("the last");
    chat.participant("ann").orElseThrow().disconnect(new CloseStatus(4321, "done"));
    assertEquals("the last", ann.nextText());
    assertEquals(new Received.Close(4321, "done"), ann.awaitClose());
    assertTrue(ann.awaitEnd(Await.TIMEOUT));
    assertEquals(
        pongs.stream().sorted().distinct().toList(), pongs, "pongs in order, none of them twice");
    assertEquals(ROUNDS - 1, pongs.get(pongs.size() - 1), "the last ping was answered");
  }
}
