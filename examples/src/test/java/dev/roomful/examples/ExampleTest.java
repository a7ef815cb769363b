package dev.roomful.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExampleTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ROOMS")
  void clientsWithPlainTextReceiveTheHeartbeatsThatTheirPageExpects(Example example) {
    try (TestChat chat = TestChat.of(example.plainTextChat(RunningExample.settings(example)))) {
      TestClient ann = chat.connect("lobby", "1");
      ann.received();
      chat.advance(Example.HEARTBEAT_INTERVAL);
      assertEquals(List.of(Example.HEARTBEAT), ann.received());
    }
    String page = new String(PlainTextPage.of(example), UTF_8);
    assertTrue(page.contains("data-heartbeat=\"20\""), page);
  }
}
