package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.Mockito.mock;

import dev.roomful.transport.Completion;
import io.undertow.websockets.core.WebSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Undertow reports some failed sends again as successful, and some three times. */
class FirstOutcomeCallbackTest {
  private final WebSocketChannel channel = mock(WebSocketChannel.class);
  private final List<String> outcomes = new ArrayList<>();
  private final FirstOutcomeCallback callback =
      new FirstOutcomeCallback(
          new Completion() {
            @Override
            public void succeeded() {
              outcomes.add("succeeded");
            }

            @Override
            public void failed(Throwable cause) {
              outcomes.add("failed: " + cause.getMessage());
            }
          },
          new WriteFailureReporter(channel));

  private void fail(String message) {
    callback.onError(channel, null, new IOException(message));
  }

  @Test
  void aSuccessIsReportedOnce() {
    callback.complete(channel, null);
    callback.complete(channel, null);
    assertEquals(List.of("succeeded"), outcomes);
  }

  @Test
  void aFailureIsReportedOnce() {
    fail("reset");
    fail("reset again");
    assertEquals(List.of("failed: reset"), outcomes);
  }

  @Test
  void afterAFailureASuccessIsIgnored() {
    fail("reset");
    callback.complete(channel, null);
    callback.complete(channel, null);
    assertEquals(List.of("failed: reset"), outcomes);
  }

  @Test
  void afterASuccessAFailureIsIgnored() {
    callback.complete(channel, null);
    fail("too late");
    assertEquals(List.of("succeeded"), outcomes);
  }
}
