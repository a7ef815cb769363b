package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
  private final List<String> told = new ArrayList<>();
  private final WebSocketCoreSession session = session(new WebSocketComponents());
  private final BatchConnection connection =
      new BatchConnection(
          network,
          Runnable::run,
          null,
          session.getWebSocketComponents().getByteBufferPool(),
          session,
          true);

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
      told.add("closed");
      callback.succeeded();
    }
  }

  /** Writes down how an operation ended. */
  private record Told(String what, List<String> log) implements Completion, Callback {
    @Override
    public void succeeded() {
      log.add(what + " succeeded");
    }

    @Override
    public void failed(Throwable cause) {
      log.add(what + " failed");
    }
  }

  private Told told(String what) {
    return new Told(what, told);
  }

  /** In which order operations are told to have ended is not promised. */
  private List<String> sorted() {
    return told.stream().sorted().toList();
  }

  private static ByteBuffer batch(String... texts) {
    Batch batch = new Batch();
    for (String text : texts) {
      batch.add(dev.roomful.transport.Frame.text(text));
    }
    return batch.wire();
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
  void framesOfJettysWaitForTheBatchThatIsOnItsWay() {
    ByteBuffer batch = batch("twenty characters --", "and", "more");
    String wire = hex(batch);
    connection.write(batch, told("batch"));
    session.sendFrame(new Frame(OpCode.PING), told("ping"), false);
    assertEquals(List.of(), told, "the network is full");
    assertEquals(wire + PING, drain());
    assertEquals(List.of("batch succeeded", "ping succeeded"), sorted());
  }

  @Test
  void aBatchWaitsForTheFramesOfJettysThatAreOnTheirWay() {
    Frame ping = new Frame(OpCode.PING, ByteBuffer.allocate(30));
    session.sendFrame(ping, told("ping"), false);
    session.sendFrame(new Frame(OpCode.PING), told("second ping"), false);
    ByteBuffer batch = batch("a", "b");
    String wire = hex(batch);
    connection.write(batch, told("batch"));
    assertEquals(List.of(), told, "the network is full");
    assertEquals("891e" + "00".repeat(30) + PING + wire, drain());
    assertEquals(List.of("ping succeeded", "second ping succeeded", "batch succeeded"), told);
  }

  @Test
  void theCloseComesBehindTheBatchThatIsOnItsWayAndNoBatchBehindIt() {
    ByteBuffer batch = batch("twenty characters --");
    String wire = hex(batch);
    connection.write(batch, told("batch"));
    session.close(1000, "", told("close"));
    assertEquals(wire + CLOSE, drain());
    connection.write(batch("too late"), told("late"));
    assertEquals("", drain());
    assertEquals(List.of("batch succeeded", "close succeeded", "late failed"), sorted());
  }

  @Test
  void aHeldBatchFailsOnceWhenACloseComesBeforeIt() {
    session.sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(30)), told("ping"), false);
    connection.write(batch("held"), told("batch"));
    session.close(1000, "", told("close"));
    assertEquals("891e" + "00".repeat(30) + CLOSE, drain());
    assertEquals(List.of("ping succeeded", "close succeeded", "batch failed"), told);
  }

  @Test
  void anAbortFailsTheBatchAndTheFramesBehindItOnce() {
    connection.write(batch("twenty characters --"), told("batch"));
    session.sendFrame(new Frame(OpCode.PING), told("ping"), false);
    session.abort();
    session.abort();
    assertEquals(List.of("batch failed", "closed", "ping failed"), sorted());
    connection.write(batch("too late"), told("late"));
    assertEquals(4, told.size());
    assertEquals("late failed", told.get(3));
  }

  @Test
  void anAbortFailsTheFramesAndTheHeldBatchBehindThemOnce() {
    session.sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(30)), told("ping"), false);
    connection.write(batch("held"), told("batch"));
    session.abort();
    assertEquals(List.of("batch failed", "closed", "ping failed"), sorted());
  }

  @Test
  void oneBatchAfterTheOtherAndPingsBetweenThem() {
    StringBuilder expected = new StringBuilder();
    StringBuilder came = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      ByteBuffer batch = batch("x".repeat(i), "" + i);
      expected.append(hex(batch));
      connection.write(batch, told("batch"));
      if (i % 3 == 0) {
        session.sendFrame(new Frame(OpCode.PING), told("ping"), false);
        expected.append(PING);
      }
      came.append(drain());
    }
    assertEquals(expected.toString(), came.toString());
    assertEquals(100, told.stream().filter("batch succeeded"::equals).count());
    assertEquals(34, told.stream().filter("ping succeeded"::equals).count());
  }
}
