package dev.roomful.undertow;

import dev.roomful.Chat;
import dev.roomful.testkit.AdapterContract;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.TestCertificate;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** Writes every batch through Undertow's queue, as on a version with other conduits. */
  private static final class QueueingServer extends TestServer {
    @Override
    public void serve(Chat chat) throws Exception {
      serve(chat, UndertowBinding.queueing());
    }
  }

  @Test
  void framesOfAllSizesAreIntactThroughUndertowsQueue() throws Exception {
    assertFramesIntact(new QueueingServer());
  }
}
