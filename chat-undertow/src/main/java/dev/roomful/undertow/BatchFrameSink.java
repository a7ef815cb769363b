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
 * Writes a batch of complete frames as one frame of Undertow to which it adds no header. Undertow
 * itself sends pongs and the close frame, between two sinks. Completions run under Undertow's
 * locks; the chat does no more in them than wake a write loop.
 */
final class BatchFrameSink extends WebSocket07FrameSinkChannel {
  private final Completion completion;
  private final WriteFailureReporter failures;
  private final AtomicBoolean ended = new AtomicBoolean();

  private BatchFrameSink(
      WebSocket07Channel channel, Completion completion, WriteFailureReporter failures) {
    // Undertow passes continuations to no extension and gives them no place in its strict order.
    super(channel, WebSocketFrameType.CONTINUATION);
    this.completion = completion;
    this.failures = failures;
  }

  static void write(
      WebSocket07Channel channel,
      ByteBuffer wire,
      Completion completion,
      WriteFailureReporter failures) {
    BatchFrameSink sink = new BatchFrameSink(channel, completion, failures);
    if (channel.isCloseFrameSent()) {
      // It fails when the connection ends, which follows soon.
      channel.addCloseTask(closed -> sink.fail(new ClosedChannelException()));
      if (!channel.isOpen()) {
        sink.fail(new ClosedChannelException());
      }
      return;
    }
    try {
      if (!sink.send(new ImmediatePooledByteBuffer(wire))) {
        throw new IOException("The connection is closing");
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
      fail(new IOException("The connection broke"));
    }
  }

  private void fail(Exception cause) {
    if (ended.compareAndSet(false, true)) {
      failures.report(completion, cause);
    }
  }
}
