package dev.roomful.undertow;

import dev.roomful.Chat;
import dev.roomful.testkit.AdapterContract;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.TestCertificate;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.Options;

class UndertowAdapterTest extends AdapterContract {
  @TempDir Path folder;

  @Override
  protected ServerFixture newServer(boolean tls) throws Exception {
    return tls ? new TestServer(TestCertificate.create(folder)) : new TestServer();
  }

  @Override
  protected Embedded startEmbedded(Chat chat, String path, String host, int port) throws Exception {
    UndertowChat server = UndertowChat.start(chat, path, host, port);
    return new Embedded(server.uri(), server);
  }

  @Override
  protected String threadPrefix() {
    return "XNIO-";
  }

  @Test
  void framesOfAllSizesAreIntactOnTheIoThread() throws Exception {
    TestServer server = new TestServer();
    server.builder.setSocketOption(Options.WRITE_TIMEOUT, 60_000);
    assertFramesIntact(server);
  }
}
