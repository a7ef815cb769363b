package dev.roomful.jetty;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Writes shared bytes: a whole batch in one write if the session has a {@link BatchConnection},
 * otherwise frame by frame to Jetty's core session. Completions are called on the write loop or on
 * a thread of Jetty's.
 */
final class JettyConnection implements Connection {
  private final CoreSession core;
  private final @Nullable BatchConnection batchConnection;

  JettyConnection(CoreSession core) {
    this.core = core;
    this.batchConnection =
        core instanceof WebSocketCoreSession coreSession
                && coreSession.getConnection() instanceof BatchConnection batching
            ? batching
            : null;
  }

  /** {@return whether a batch is one write below Jetty's frame queue} */
  boolean writesBatches() {
    return batchConnection != null;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    if (batchConnection == null) {
      writeFrames(batch, completion);
    } else {
      batchConnection.write(batch.wire(), completion);
    }
  }

  /**
   * Sends each frame; Jetty buffers small frames until the last one, which flushes. The write ends
   * when all frames have ended, also after a failure, because the chat then uses the batch again.
   */
  private void writeFrames(Batch batch, Completion completion) {
    AtomicInteger remaining = new AtomicInteger(batch.size());
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Callback frameCallback =
        Callback.from(
            () -> frameEnded(remaining, failure, completion),
            cause -> {
              failure.compareAndSet(null, cause);
              frameEnded(remaining, failure, completion);
            });
    int last = batch.size() - 1;
    for (int i = 0; i <= last; i++) {
      core.sendFrame(jettyFrame(batch.frame(i)), frameCallback, i < last);
    }
  }

  private static void frameEnded(
      AtomicInteger remaining,
      AtomicReference<@Nullable Throwable> failure,
      Completion completion) {
    if (remaining.decrementAndGet() > 0) {
      return;
    }
    Throwable cause = failure.get();
    if (cause == null) {
      completion.succeeded();
    } else {
      completion.failed(cause);
    }
  }

  @Override
  public void ping(Completion completion) {
    Callback callback =
        batchConnection == null
            ? Callback.from(completion::succeeded, completion::failed)
            : Callback.from(
                completion::succeeded, cause -> batchConnection.fail(completion, cause));
    core.sendFrame(new Frame(OpCode.PING), callback, false);
  }

  @Override
  public void close(int code, String reason) {
    core.close(code, reason, Callback.NOOP);
  }

  @Override
  public void abort() {
    if (batchConnection == null) {
      core.abort();
    } else {
      batchConnection.abort();
    }
  }

  private static Frame jettyFrame(dev.roomful.transport.Frame frame) {
    return new Frame(frame.isText() ? OpCode.TEXT : OpCode.BINARY, true, frame.payload());
  }
}
