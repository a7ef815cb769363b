package dev.roomful.jetty;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Writes shared bytes to Jetty's core session, a whole batch in one write where that is safe. Jetty
 * keeps pings, pongs and the close frame in their place between two batches. Completions come on
 * the lane, or on a thread of Jetty's.
 */
final class JettyConnection implements Connection {
  private final CoreSession core;
  private final boolean batches;

  JettyConnection(CoreSession core, boolean batches) {
    this.core = core;
    this.batches = batches;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    if (batch.size() == 1) {
      core.sendFrame(plain(batch.frame(0)), callback(completion), false);
    } else if (batches) {
      core.sendFrame(BatchFrame.of(batch.wire()), callback(completion), false);
    } else {
      writeEach(batch, completion);
    }
  }

  /** Jetty buffers small frames until the last one, which it is told to flush. */
  private void writeEach(Batch batch, Completion completion) {
    AtomicInteger open = new AtomicInteger(batch.size());
    AtomicBoolean failed = new AtomicBoolean();
    Callback each =
        Callback.from(
            () -> {
              if (open.decrementAndGet() == 0 && !failed.get()) {
                completion.succeeded();
              }
            },
            cause -> {
              if (failed.compareAndSet(false, true)) {
                completion.failed(cause);
              }
            });
    int last = batch.size() - 1;
    for (int i = 0; i <= last; i++) {
      core.sendFrame(plain(batch.frame(i)), each, i < last);
    }
  }

  @Override
  public void ping(Completion completion) {
    core.sendFrame(new Frame(OpCode.PING), callback(completion), false);
  }

  @Override
  public void close(int code, String reason) {
    core.close(code, reason, Callback.NOOP);
  }

  @Override
  public void abort() {
    core.abort();
  }

  private static Frame plain(dev.roomful.transport.Frame frame) {
    return new Frame(frame.isText() ? OpCode.TEXT : OpCode.BINARY, true, frame.payload());
  }

  private static Callback callback(Completion completion) {
    return Callback.from(completion::succeeded, completion::failed);
  }
}
