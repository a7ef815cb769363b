package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many frames in one write, and the way round it where that is not safe. */
class JettyBatchTest {
  /** On both sides of every length at which a header, a buffer or a fragment of Jetty's changes. */
  private static final int[] SIZES = {
    0, 1, 125, 126, 127, 1023, 1024, 4095, 4096, 30_000, 65_535, 65_536, 65_537, 100_000
  };

  private static final int ROUNDS = 30;

  private TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  @Test
  void thisVersionOfJettyPassesTheCheck() {
    assertTrue(BatchCheck.passes());
  }

  @ParameterizedTest(name = "batches: {0}")
  @ValueSource(booleans = {true, false})
  void pingsPongsAndTheCloseAreIntactBetweenMessages(boolean batches) throws Exception {
    assertFramesIntact(batches);
  }

  @ParameterizedTest(name = "batches: {0}")
  @ValueSource(booleans = {true, false})
  void pingsPongsAndTheCloseAreIntactWithTls(boolean batches, @TempDir Path folder)
      throws Exception {
    testServer = new TestServer(TestCertificate.create(folder));
    assertFramesIntact(batches);
  }

  /** On a connection that is not exchanged, as Jetty's own container makes it. */
  private static JettyConnection unbatchedConnection(Session session, Limits limits) {
    return new JettyConnection(((JakartaWebSocketSession) session).getCoreSession());
  }

  /** The client itself fails at the first byte that is out of place. */
  private void assertFramesIntact(boolean batches) throws Exception {
    Chat chat =
        testServer.chat(
            new RecordingHandler(),
            TestServer.LIMITS
                .withOutboxBytes(64 << 20)
                .withLiveness(Duration.ofMillis(20), Duration.ofSeconds(20))
                .withCloseTimeout(Await.TIMEOUT));
    testServer.serve(chat, batches ? new JettyBinding() : JettyBatchTest::unbatchedConnection);
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
      if (!expected.get(i).equals(next)) { // whole messages of 100,000 characters tell nobody much
        throw new AssertionError("message " + i + " is another one");
      }
    }
    ann.assertSilent(Duration.ofMillis(100));
    List<Integer> pongs = ann.pongs().stream().map(pong -> (int) pong.bytes()[0]).toList();
    assertTrue(!ann.pings().isEmpty(), "the server's pings came between them");
    participant.send("the last");
    chat.participant("ann").orElseThrow().disconnect(new CloseStatus(4321, "that was all"));
    assertEquals("the last", ann.nextText());
    assertEquals(new Received.Close(4321, "that was all"), ann.awaitClose());
    assertTrue(ann.awaitEnd(Await.TIMEOUT));
    assertEquals(
        pongs.stream().sorted().distinct().toList(), pongs, "pongs in order, none of them twice");
    assertEquals(ROUNDS - 1, pongs.get(pongs.size() - 1), "the last ping was answered");
  }

  @ParameterizedTest(name = "TLS: {0}")
  @ValueSource(booleans = {false, true})
  void aStuckWriteIsCompletedOnceWhenTheConnectionIsAborted(boolean tls, @TempDir Path folder)
      throws Exception {
    if (tls) {
      testServer = new TestServer(TestCertificate.create(folder));
    }
    AtomicReference<Connection> opened = new AtomicReference<>();
    JettyBinding binding = new JettyBinding();
    Chat chat = testServer.chat(new RecordingHandler(), TestServer.LIMITS);
    testServer.serve(
        chat,
        new ServerBinding() {
          @Override
          public void upgrade(
              ServerContainer container,
              HttpServletRequest request,
              HttpServletResponse response,
              ServerEndpointConfig config,
              Map<String, String> parameters,
              Gateway gateway)
              throws IOException, DeploymentException {
            binding.upgrade(container, request, response, config, parameters, gateway);
          }

          @Override
          public Connection connection(Session session, Limits limits) {
            WebSocketCoreSession core =
                (WebSocketCoreSession) ((JakartaWebSocketSession) session).getCoreSession();
            assertInstanceOf(BatchConnection.class, core.getConnection());
            opened.set(binding.connection(session, limits));
            return opened.get();
          }
        });
    WireClient ann = testServer.join(chat, "hall", "ann");
    Connection connection = opened.get();
    Batch batch = new Batch();
    batch.add(dev.roomful.transport.Frame.binary(new byte[30_000]));
    batch.add(dev.roomful.transport.Frame.binary(new byte[30_000]));
    RecordingCompletion stuck = new RecordingCompletion();
    connection.write(batch, stuck);
    for (int i = 0; i < 10_000 && !stuck.outcomes.isEmpty(); i++) {
      assertEquals(List.of("succeeded"), stuck.outcomes);
      stuck = new RecordingCompletion();
      connection.write(batch, stuck);
    }
    RecordingCompletion ping = new RecordingCompletion();
    connection.ping(ping);
    assertEquals(List.of(), stuck.outcomes);
    assertEquals(List.of(), ping.outcomes);
    connection.abort();
    connection.abort();
    List<String> outcomes = stuck.outcomes;
    Await.until(
        "the write and the ping failed", () -> outcomes.size() == 1 && ping.outcomes.size() == 1);
    assertTrue(ann.awaitEnd(Await.TIMEOUT), "the socket is closed");
    RecordingCompletion late = new RecordingCompletion();
    connection.write(batch, late);
    assertEquals(1, late.outcomes.size());
    assertEquals(1, outcomes.size());
    assertEquals(1, ping.outcomes.size());
    assertTrue(outcomes.get(0).startsWith("failed") && late.outcomes.get(0).startsWith("failed"));
  }

  /** A session that keeps what it is given, for the test to complete. */
  private static final class CapturingSession {
    final WebSocketCoreSession core = mock(WebSocketCoreSession.class);
    final List<Frame> frames = new ArrayList<>();
    final List<Callback> callbacks = new ArrayList<>();
    final List<Boolean> batched = new ArrayList<>();

    CapturingSession() {
      doAnswer(
              call -> {
                frames.add(call.getArgument(0));
                callbacks.add(call.getArgument(1));
                batched.add(call.getArgument(2));
                return null;
              })
          .when(core)
          .sendFrame(any(Frame.class), any(Callback.class), anyBoolean());
    }
  }

  private static final class RecordingCompletion implements Completion {
    final List<String> outcomes = new CopyOnWriteArrayList<>();

    @Override
    public void succeeded() {
      outcomes.add("succeeded");
    }

    @Override
    public void failed(Throwable cause) {
      outcomes.add("failed: " + cause.getMessage());
    }
  }

  private static Batch threeFrames() {
    Batch batch = new Batch();
    batch.add(dev.roomful.transport.Frame.text("a"));
    batch.add(dev.roomful.transport.Frame.binary(new byte[] {1}));
    batch.add(dev.roomful.transport.Frame.text(""));
    return batch;
  }

  @Test
  void unbatchedFramesAreBufferedUntilTheLastAndTheWriteSucceedsWithAllOfThem() {
    CapturingSession capturing = new CapturingSession();
    RecordingCompletion write = new RecordingCompletion();
    new JettyConnection(capturing.core).write(threeFrames(), write);
    assertEquals(
        List.of(OpCode.TEXT, OpCode.BINARY, OpCode.TEXT),
        capturing.frames.stream().map(Frame::getOpCode).toList());
    assertEquals(List.of(true, true, false), capturing.batched);
    capturing.callbacks.get(2).succeeded();
    capturing.callbacks.get(0).succeeded();
    assertEquals(List.of(), write.outcomes);
    capturing.callbacks.get(1).succeeded();
    assertEquals(List.of("succeeded"), write.outcomes);
  }

  @Test
  void theFirstFailureOfUnbatchedFramesIsReportedWhenNoFrameIsInFlight() {
    CapturingSession capturing = new CapturingSession();
    RecordingCompletion write = new RecordingCompletion();
    new JettyConnection(capturing.core).write(threeFrames(), write);
    capturing.callbacks.get(0).succeeded();
    capturing.callbacks.get(1).failed(new Exception("reset"));
    assertEquals(List.of(), write.outcomes);
    capturing.callbacks.get(2).failed(new Exception("reset again"));
    assertEquals(List.of("failed: reset"), write.outcomes);
  }

  @Test
  void anUnknownSessionTypeIsWrittenFrameByFrame() {
    List<Frame> frames = new ArrayList<>();
    CoreSession unknown = mock(CoreSession.class);
    doAnswer(call -> frames.add(call.getArgument(0)))
        .when(unknown)
        .sendFrame(any(Frame.class), any(Callback.class), anyBoolean());
    new JettyBinding()
        .connection(session(unknown), TestServer.LIMITS)
        .write(threeFrames(), new RecordingCompletion());
    assertEquals(3, frames.size());
  }

  private static JakartaWebSocketSession session(CoreSession core) {
    JakartaWebSocketSession session = mock(JakartaWebSocketSession.class);
    when(session.getCoreSession()).thenReturn(core);
    return session;
  }
}
