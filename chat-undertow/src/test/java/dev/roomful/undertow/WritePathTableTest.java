package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.jakarta.frames.FrameWriter;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.testsupport.WritePathTable;
import dev.roomful.transport.Connection;
import io.undertow.Version;
import jakarta.websocket.Session;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds out how batches are written with the version of Undertow on the class path. */
class WritePathTableTest {
  @TempDir Path folder;

  private String pathOn(TestServer server) throws Exception {
    BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    try {
      Chat chat = server.chat(new RecordingHandler(), TestServer.LIMITS);
      server.serve(
          chat,
          new UndertowBinding() {
            @Override
            public Connection connection(Session session, Limits limits) {
              Connection connection = super.connection(session, limits);
              connections.add(connection);
              return connection;
            }
          });
      WireClient ann = server.join(chat, "hall", "ann");
      ann.text("hello");
      assertEquals("hello", ann.nextText());
      return connections.poll(5, TimeUnit.SECONDS) instanceof FrameWriter writer
              && writer.socket() instanceof UndertowSocket socket
              && socket.writesOnAnyThread()
          ? "one write for a batch"
          : "one write for a batch, on the I/O thread";
    } finally {
      server.stop();
    }
  }

  @Test
  void theTableOfWritePathsIsUpToDate() throws Exception {
    WritePathTable.check(
        "Undertow 2.3",
        Version.getVersionString(),
        pathOn(new TestServer()),
        pathOn(new TestServer(TestCertificate.create(folder))),
        "not offered, sockets use HTTP/1.1");
  }
}
