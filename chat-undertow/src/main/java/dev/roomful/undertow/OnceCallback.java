package dev.roomful.undertow;

import dev.roomful.transport.Completion;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The first of Undertow's answers to one send: after an abort there may be a second, and another.
 */
final class OnceCallback implements WebSocketCallback<Void> {
  private final Completion completion;
  private final WriteFailures failures;
  private final AtomicBoolean answered = new AtomicBoolean();

  OnceCallback(Completion completion, WriteFailures failures) {
    this.failures = failures;
    this.completion = completion;
  }

  @Override
  public void complete(WebSocketChannel channel, Void context) {
    if (answered.compareAndSet(false, true)) {
      completion.succeeded();
    }
  }

  @Override
  public void onError(WebSocketChannel channel, Void context, Throwable cause) {
    if (answered.compareAndSet(false, true)) {
      failures.report(completion, cause);
    }
  }
}
