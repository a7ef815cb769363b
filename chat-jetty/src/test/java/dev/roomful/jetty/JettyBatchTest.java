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
import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.TestCertificate;
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
import java.util.ArrayList;
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

/** Whole batches in one write, and frames one by one where batches are not possible. */
class JettyBatchTest {
  private TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  @Test
  void thisVersionOfJettyPassesTheCheck() {
    assertTrue(BatchWriteCheck.passes());
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
    dev.roomful.transport.Frame half = dev.roomful.transport.Frame.binary(new byte[30_000]);
    Batch batch = Batch.of(half, half);
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
    return Batch.of(
        dev.roomful.transport.Frame.text("a"),
        dev.roomful.transport.Frame.binary(new byte[] {1}),
        dev.roomful.transport.Frame.text(""));
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
