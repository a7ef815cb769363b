package dev.roomful.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.frames.FrameWriter;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.testsupport.WritePathTable;
import dev.roomful.transport.Connection;
import jakarta.websocket.Session;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.util.Jetty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds out how batches are written with the version of Jetty on the class path. */
class WritePathTableTest {
  private static final String BATCH = "one write for a batch";

  @TempDir Path folder;

  /** Jetty's binding, which remembers the connections that it makes. */
  private static final class RecordingBinding extends JettyBinding {
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    @Override
    public Connection connection(Session session, Limits limits) {
      Connection connection = super.connection(session, limits);
      connections.add(connection);
      return connection;
    }

    String path(String batched) throws InterruptedException {
      return connections.poll(5, TimeUnit.SECONDS) instanceof FrameWriter writer
              && writer.socket() instanceof JettySocket
          ? batched
          : "frame by frame";
    }
  }

  private String pathOn(TestServer server) throws Exception {
    RecordingBinding binding = new RecordingBinding();
    try {
      Chat chat = server.chat(new RecordingHandler(), ServerFixture.LIMITS);
      server.serve(chat, binding);
      WireClient ann = server.join(chat, "hall", "ann");
      ann.text("hello");
      assertEquals("hello", ann.nextText());
      return binding.path(BATCH);
    } finally {
      server.stop();
    }
  }

  private String pathOverHttp2() throws Exception {
    RecordingBinding binding = new RecordingBinding();
    Http2Server server = new Http2Server();
    try (Chat chat =
        Chat.builder(new RecordingHandler())
            .authenticator(ServerFixture::authenticateByPath)
            .build()) {
      JakartaChat mount = JakartaChat.of(chat, ServerFixture.PATH).withBinding(binding);
      JakartaWebSocketServletContainerInitializer.configure(server.context, null);
      server.context.addServlet(new ServletHolder(mount.servlet()), mount.servletMapping());
      try (RunningServer running = server.startWithGateway();
          WireClient ann = running.connect("/chat/hall/ann", Map.of())) {
        ann.text("hello");
        assertEquals("hello", ann.nextText());
        return binding.path("one DATA frame for a batch");
      }
    }
  }

  @Test
  void theTableOfWritePathsIsUpToDate() throws Exception {
    WritePathTable.check(
        "Jetty 12.1",
        Jetty.VERSION,
        pathOn(new TestServer()),
        pathOn(new TestServer(TestCertificate.create(folder))),
        pathOverHttp2());
  }
}
