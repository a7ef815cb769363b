package dev.roomful.undertow;

import dev.roomful.transport.Completion;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes on the first outcome that Undertow reports for a send. After an abort, Undertow may report
 * up to three.
 */
final class FirstOutcomeCallback implements WebSocketCallback<Void> {
  private final Completion completion;
  private final WriteFailureReporter failures;
  private final AtomicBoolean answered = new AtomicBoolean();

  FirstOutcomeCallback(Completion completion, WriteFailureReporter failures) {
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
