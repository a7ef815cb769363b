package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.jakarta.frames.FrameWriter;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.testsupport.WritePathTable;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import io.undertow.Version;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds out how batches are written with the version of Undertow on the class path. */
class WritePathTableTest {
  @TempDir Path folder;

  /** A binding that remembers the connections that Undertow's makes. */
  private record RecordingBinding(ServerBinding undertow, BlockingQueue<Connection> connections)
      implements ServerBinding {
    @Override
    public void upgrade(
        ServerContainer container,
        HttpServletRequest request,
        HttpServletResponse response,
        ServerEndpointConfig config,
        Map<String, String> parameters,
        Gateway gateway)
        throws IOException, DeploymentException {
      undertow.upgrade(container, request, response, config, parameters, gateway);
    }

    @Override
    public Connection connection(Session session, Limits limits) {
      Connection connection = undertow.connection(session, limits);
      connections.add(connection);
      return connection;
    }

    @Override
    public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
      return undertow.receiver(session, receiver, gateway);
    }
  }

  private String pathOn(TestServer server) throws Exception {
    RecordingBinding binding =
        new RecordingBinding(new UndertowBinding(), new LinkedBlockingQueue<>());
    try {
      Chat chat = server.chat(new RecordingHandler(), TestServer.LIMITS);
      server.serve(chat, binding);
      WireClient ann = server.join(chat, "hall", "ann");
      ann.text("hello");
      assertEquals("hello", ann.nextText());
      return binding.connections.poll(5, TimeUnit.SECONDS) instanceof FrameWriter writer
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
