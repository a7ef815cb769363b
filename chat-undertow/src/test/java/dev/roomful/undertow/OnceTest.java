package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.Mockito.mock;

import dev.roomful.transport.Completion;
import io.undertow.websockets.core.WebSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Undertow answers a send that failed once more with success, and some three times. */
class OnceTest {
  private final WebSocketChannel channel = mock(WebSocketChannel.class);
  private final List<String> told = new ArrayList<>();
  private final Once once =
      new Once(
          new Completion() {
            @Override
            public void succeeded() {
              told.add("succeeded");
            }

            @Override
            public void failed(Throwable cause) {
              told.add("failed: " + cause.getMessage());
            }
          });

  private void fail(String message) {
    once.onError(channel, null, new IOException(message));
  }

  @Test
  void aSuccessIsToldOnce() {
    once.complete(channel, null);
    once.complete(channel, null);
    assertEquals(List.of("succeeded"), told);
  }

  @Test
  void aFailureIsToldOnce() {
    fail("reset");
    fail("reset again");
    assertEquals(List.of("failed: reset"), told);
  }

  @Test
  void afterAFailureASuccessIsNotHeard() {
    fail("reset");
    once.complete(channel, null);
    once.complete(channel, null);
    assertEquals(List.of("failed: reset"), told);
  }

  @Test
  void afterASuccessAFailureIsNotHeard() {
    once.complete(channel, null);
    fail("too late");
    assertEquals(List.of("succeeded"), told);
  }
}
