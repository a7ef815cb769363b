package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A version of Tomcat whose upgrade SPI is another one. */
class FallbackTest {
  private final TestServer testServer = new TestServer();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("dev.roomful.tomcat");
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          messages.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @AfterEach
  void stop() throws Exception {
    logger.removeHandler(recorder);
    testServer.stop();
  }

  @Test
  void theChatIsServedWithTheJakartaApiAndTheLogSaysSo() throws Exception {
    logger.addHandler(recorder);
    ServerBinding fallback = TomcatBinding.choose(false);
    assertEquals(1, messages.size());
    assertTrue(messages.get(0).contains("another upgrade SPI than expected"), messages.get(0));
    Chat chat = testServer.chat(new RecordingHandler(), ServerFixture.LIMITS);
    testServer.serve(chat, fallback);
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }
}
