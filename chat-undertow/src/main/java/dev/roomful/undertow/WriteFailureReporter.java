package dev.roomful.undertow;

import dev.roomful.transport.Completion;
import io.undertow.websockets.core.WebSocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Reports failed writes of one connection to the chat. Nothing can be written after the client's
 * close frame, but the chat ends a session whose write fails, and drops the messages that the
 * client sent before that frame and whose handlers have not run. Therefore such failures wait until
 * the close has been delivered, which happens after those messages.
 */
final class WriteFailureReporter {
  private final WebSocketChannel channel;
  private final List<Runnable> held = new ArrayList<>(1); // guarded by this, as is the next
  private boolean closeDelivered;

  WriteFailureReporter(WebSocketChannel channel) {
    this.channel = channel;
  }

  /** Fails an operation, at once or when the close has been delivered. Called without locks. */
  void report(Completion completion, Throwable cause) {
    synchronized (this) {
      if (channel.isCloseFrameReceived() && !closeDelivered) {
        held.add(() -> completion.failed(cause));
        return;
      }
    }
    completion.failed(cause);
  }

  /** Fails the operations that have waited. */
  void closeDelivered() {
    List<Runnable> released;
    synchronized (this) {
      closeDelivered = true;
      released = List.copyOf(held);
      held.clear();
    }
    released.forEach(Runnable::run);
  }
}
