package dev.roomful.jetty;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import java.net.URI;
import java.nio.ByteBuffer;
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

/**
 * Checks that a {@link BatchConnection} works with this version of Jetty: writes batches and pings
 * through Jetty's own session into memory and compares the bytes. Opens no socket, starts no
 * thread, and takes some milliseconds.
 */
final class BatchWriteCheck {
  private static final FailureLog LOG = new FailureLog("dev.roomful.jetty");

  private BatchWriteCheck() {}

  static boolean passes() {
    try {
      return check();
    } catch (RuntimeException | LinkageError incompatible) {
      LOG.debug(() -> "Check of batched writes threw an exception", incompatible);
      return false;
    }
  }

  private static boolean check() {
    WebSocketComponents components = new WebSocketComponents();
    ExtensionStack extensions = new ExtensionStack(components, Behavior.SERVER);
    extensions.negotiate(List.of(), List.of());
    WebSocketCoreSession session =
        new WebSocketCoreSession(
            new IgnoringFrameHandler(),
            Behavior.SERVER,
            new Negotiated(URI.create("ws://check/"), null, false, extensions, "13"),
            components);
    ByteArrayEndPoint endPoint = new ByteArrayEndPoint(new byte[0], 1024, true);
    BatchConnection connection =
        new BatchConnection(
            endPoint, Runnable::run, null, components.getByteBufferPool(), session, () -> {});
    session.setWebSocketConnection(connection);
    endPoint.setConnection(connection);
    session.onOpen();

    Batch batch =
        Batch.of(
            Stream.of("", "a", "\u00fc".repeat(100), "x".repeat(40_000), "z")
                .map(dev.roomful.transport.Frame::text)
                .toArray(dev.roomful.transport.Frame[]::new));
    CountingCallback counter = new CountingCallback();
    connection.write(batch.wire(), counter);
    session.sendFrame(new Frame(OpCode.PING), counter, false);
    connection.write(batch.wire(), counter);
    session.close(CloseStatus.NORMAL, "", counter);
    connection.write(batch.wire(), counter);
    ByteBuffer expected =
        ByteBuffer.allocate(2 * batch.wire().remaining() + 6)
            .put(batch.wire())
            .put(new byte[] {(byte) 0x89, 0})
            .put(batch.wire())
            .put(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xe8})
            .flip();
    return counter.succeeded == 4 && counter.failed == 1 && endPoint.takeOutput().equals(expected);
  }

  private static final class CountingCallback implements Completion, Callback {
    private int succeeded;
    private int failed;

    @Override
    public void succeeded() {
      succeeded++;
    }

    @Override
    public void failed(Throwable cause) {
      failed++;
    }
  }

  private static final class IgnoringFrameHandler implements FrameHandler {
    @Override
    public void onOpen(CoreSession session, Callback callback) {
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
      callback.succeeded();
    }
  }
}
