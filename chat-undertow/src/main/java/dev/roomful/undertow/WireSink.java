package dev.roomful.undertow;

import dev.roomful.transport.Completion;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.framed.SendFrameHeader;
import io.undertow.util.ImmediatePooledByteBuffer;
import io.undertow.websockets.core.WebSocketFrameType;
import io.undertow.websockets.core.protocol.version07.WebSocket07Channel;
import io.undertow.websockets.core.protocol.version07.WebSocket07FrameSinkChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whole frames that Undertow takes for one, to which it adds no header: the batch has all of them.
 * Pongs and the close frame stay Undertow's, which keeps them between two sinks. Completions come
 * under Undertow's locks, which is why they only wake a lane.
 */
final class WireSink extends WebSocket07FrameSinkChannel {
  private final Completion completion;
  private final WriteFailures failures;
  private final AtomicBoolean ended = new AtomicBoolean();

  private WireSink(WebSocket07Channel channel, Completion completion, WriteFailures failures) {
    // A continuation is what Undertow puts before no extension, and between no others.
    super(channel, WebSocketFrameType.CONTINUATION);
    this.completion = completion;
    this.failures = failures;
  }

  static void write(
      WebSocket07Channel channel, ByteBuffer wire, Completion completion, WriteFailures failures) {
    WireSink sink = new WireSink(channel, completion, failures);
    if (channel.isCloseFrameSent()) {
      // It fails with the whole connection, which follows soon: if it did at once, the chat might
      // hear of a failure before it hears how the client closed.
      channel.addCloseTask(closed -> sink.fail(new ClosedChannelException()));
      if (!channel.isOpen()) {
        sink.fail(new ClosedChannelException());
      }
      return;
    }
    try {
      if (!sink.send(new ImmediatePooledByteBuffer(wire))) {
        throw new IOException("the connection is closing");
      }
      sink.shutdownWrites();
      sink.flush();
    } catch (IOException | RuntimeException failure) {
      sink.fail(failure);
    }
  }

  @Override
  protected SendFrameHeader createFrameHeader() {
    return new SendFrameHeader(0, null);
  }

  @Override
  protected PooledByteBuffer preWriteTransform(PooledByteBuffer body) {
    return body;
  }

  @Override
  protected void handleFlushComplete(boolean finalFrame) {
    super.handleFlushComplete(finalFrame);
    if (finalFrame && ended.compareAndSet(false, true)) {
      completion.succeeded();
    }
  }

  @Override
  public void markBroken() {
    try {
      super.markBroken();
    } finally {
      fail(new IOException("the connection broke"));
    }
  }

  private void fail(Exception cause) {
    if (ended.compareAndSet(false, true)) {
      failures.report(completion, cause);
    }
  }
}
