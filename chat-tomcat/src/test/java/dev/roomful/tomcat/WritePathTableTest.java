package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.jakarta.frames.FrameWriter;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Http2Settings;
import dev.roomful.testsupport.TestCertificate;
import dev.roomful.testsupport.WritePathTable;
import dev.roomful.transport.Connection;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.util.ServerInfo;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds out how batches are written with the version of Tomcat on the class path. */
class WritePathTableTest {
  @TempDir Path folder;

  private String pathOn(TestServer server) throws Exception {
    AtomicReference<Connection> opened = new AtomicReference<>();
    try {
      Chat chat = server.chat(new RecordingHandler(), ServerFixture.LIMITS);
      server.serve(
          chat,
          TomcatInternals.areAsExpected() ? new CapturingBinding(opened) : ServerBinding.plain());
      WireClient ann = server.join(chat, "hall", "ann");
      ann.text("hello");
      assertEquals("hello", ann.nextText());
      if (opened.get() instanceof FrameWriter writer) {
        return writer.socket() instanceof PlainSocket
            ? "one write for a batch"
            : "a batch through Tomcat's buffers";
      }
      return "frame by frame";
    } finally {
      server.stop();
    }
  }

  private String http2(TestCertificate certificate) throws Exception {
    TestServer server = new TestServer(certificate);
    server.connector.addUpgradeProtocol(new Http2Protocol());
    try {
      server.serve(server.chat(new RecordingHandler(), ServerFixture.LIMITS));
      return Http2Settings.offerExtendedConnect(server.port(), certificate.sslContext())
          ? "offered"
          : "not offered, sockets use HTTP/1.1";
    } finally {
      server.stop();
    }
  }

  @Test
  void theTableOfWritePathsIsUpToDate() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    String version = ServerInfo.getServerNumber().replaceAll("^(\\d+\\.\\d+\\.\\d+).*", "$1");
    WritePathTable.check(
        version.startsWith("10.") ? "Tomcat 10.1" : "Tomcat 11",
        version,
        pathOn(new TestServer()),
        pathOn(new TestServer(certificate)),
        http2(certificate));
  }
}
