package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.LogCapture;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A version of Tomcat whose upgrade SPI is another one. */
class FallbackTest {
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  @Test
  void theChatIsServedWithTheJakartaApiAndTheLogSaysSo() throws Exception {
    ServerBinding fallback;
    try (LogCapture log = new LogCapture("dev.roomful.tomcat")) {
      fallback = TomcatBinding.choose(false);
      List<String> messages = log.messages();
      assertEquals(1, messages.size());
      assertTrue(messages.get(0).contains("another upgrade SPI than expected"), messages.get(0));
    }
    Chat chat = testServer.chat(new RecordingHandler(), ServerFixture.LIMITS);
    testServer.serve(chat, fallback);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }
}
