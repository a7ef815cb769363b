package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.testkit.AdapterContract;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.TestCertificate;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JettyAdapterTest extends AdapterContract {
  @TempDir Path folder;

  @Override
  protected ServerFixture newServer(boolean tls) throws Exception {
    return tls ? new TestServer(TestCertificate.create(folder)) : new TestServer();
  }

  @Override
  protected Embedded startEmbedded(Chat chat, String path, String host, int port) throws Exception {
    JettyChat server = JettyChat.start(chat, path, host, port);
    return new Embedded(server.uri(), server);
  }

  @Override
  protected String threadPrefix() {
    return "qtp";
  }
}
