package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches and Jetty's own frames on a network that takes sixteen bytes at a time. */
class BatchConnectionTest {
  private static final String PING = "8900";
  private static final String CLOSE = "880203e8";

  private final ByteArrayEndPoint network = new ByteArrayEndPoint(new byte[0], 16, false);
  private final List<String> outcomes = new ArrayList<>();
  private final WebSocketCoreSession session = session(new WebSocketComponents());
  private final BatchConnection connection =
      new BatchConnection(
          network,
          Runnable::run,
          null,
          session.getWebSocketComponents().getByteBufferPool(),
          session,
          () -> {});

  @BeforeEach
  void open() {
    session.setWebSocketConnection(connection);
    network.setConnection(connection);
    session.onOpen();
  }

  private WebSocketCoreSession session(WebSocketComponents components) {
    ExtensionStack extensions = new ExtensionStack(components, Behavior.SERVER);
    extensions.negotiate(List.of(), List.of());
    return new WebSocketCoreSession(
        new Handler(),
        Behavior.SERVER,
        new Negotiated(URI.create("ws://test/"), null, false, extensions, "13"),
        components);
  }

  private final class Handler implements FrameHandler {
    @Override
    public void onOpen(CoreSession opened, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      outcomes.add("closed");
      callback.succeeded();
    }
  }

  /** Writes down how an operation ended. */
  private record RecordingCallback(String operation, List<String> outcomes)
      implements Completion, Callback {
    @Override
    public void succeeded() {
      outcomes.add(operation + " succeeded");
    }

    @Override
    public void failed(Throwable cause) {
      outcomes.add(operation + " failed");
    }
  }

  private RecordingCallback recording(String operation) {
    return new RecordingCallback(operation, outcomes);
  }

  /** The order in which operations complete is not specified. */
  private List<String> sortedOutcomes() {
    return outcomes.stream().sorted().toList();
  }

  private static ByteBuffer batch(String... texts) {
    return Batch.of(
            Stream.of(texts)
                .map(dev.roomful.transport.Frame::text)
                .toArray(dev.roomful.transport.Frame[]::new))
        .wire();
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  /** Takes from the network what it has taken, again and again. */
  private String drain() {
    StringBuilder all = new StringBuilder();
    for (ByteBuffer some = network.takeOutput(); some.hasRemaining(); some = network.takeOutput()) {
      all.append(hex(some));
    }
    return all.toString();
  }

  @Test
  void jettysFramesWaitForTheBatchInFlight() {
    ByteBuffer batch = batch("twenty characters --", "and", "more");
    String wire = hex(batch);
    connection.write(batch, recording("batch"));
    session.sendFrame(new Frame(OpCode.PING), recording("ping"), false);
    assertEquals(List.of(), outcomes, "the network is full");
    assertEquals(wire + PING, drain());
    assertEquals(List.of("batch succeeded", "ping succeeded"), sortedOutcomes());
  }

  @Test
  void aBatchWaitsForJettysFramesInFlight() {
    Frame ping = new Frame(OpCode.PING, ByteBuffer.allocate(30));
    session.sendFrame(ping, recording("ping"), false);
    session.sendFrame(new Frame(OpCode.PING), recording("second ping"), false);
    ByteBuffer batch = batch("a", "b");
    String wire = hex(batch);
    connection.write(batch, recording("batch"));
    assertEquals(List.of(), outcomes, "the network is full");
    assertEquals("891e" + "00".repeat(30) + PING + wire, drain());
    assertEquals(List.of("ping succeeded", "second ping succeeded", "batch succeeded"), outcomes);
  }

  @Test
  void theCloseFrameFollowsTheBatchInFlightAndNoBatchFollowsIt() {
    ByteBuffer batch = batch("twenty characters --");
    String wire = hex(batch);
    connection.write(batch, recording("batch"));
    session.close(1000, "", recording("close"));
    assertEquals(wire + CLOSE, drain());
    connection.write(batch("too late"), recording("late"));
    assertEquals("", drain());
    assertEquals(List.of("batch succeeded", "close succeeded", "late failed"), sortedOutcomes());
  }

  @Test
  void aWaitingBatchFailsOnceWhenACloseFrameComesBeforeIt() {
    session.sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(30)), recording("ping"), false);
    connection.write(batch("held"), recording("batch"));
    session.close(1000, "", recording("close"));
    assertEquals("891e" + "00".repeat(30) + CLOSE, drain());
    assertEquals(List.of("ping succeeded", "close succeeded", "batch failed"), outcomes);
  }

  @Test
  void anAbortFailsTheBatchAndTheFramesBehindItOnce() {
    connection.write(batch("twenty characters --"), recording("batch"));
    session.sendFrame(new Frame(OpCode.PING), recording("ping"), false);
    session.abort();
    session.abort();
    assertEquals(List.of("batch failed", "closed", "ping failed"), sortedOutcomes());
    connection.write(batch("too late"), recording("late"));
    assertEquals(4, outcomes.size());
    assertEquals("late failed", outcomes.get(3));
  }

  @Test
  void anAbortFailsTheFramesAndTheWaitingBatchBehindThemOnce() {
    session.sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(30)), recording("ping"), false);
    connection.write(batch("held"), recording("batch"));
    session.abort();
    assertEquals(List.of("batch failed", "closed", "ping failed"), sortedOutcomes());
  }

  @Test
  void batchesAndPingsAlternateIntact() {
    StringBuilder expected = new StringBuilder();
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      ByteBuffer batch = batch("x".repeat(i), "" + i);
      expected.append(hex(batch));
      connection.write(batch, recording("batch"));
      if (i % 3 == 0) {
        session.sendFrame(new Frame(OpCode.PING), recording("ping"), false);
        expected.append(PING);
      }
      written.append(drain());
    }
    assertEquals(expected.toString(), written.toString());
    assertEquals(100, outcomes.stream().filter("batch succeeded"::equals).count());
    assertEquals(34, outcomes.stream().filter("ping succeeded"::equals).count());
  }
}
