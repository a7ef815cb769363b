package dev.roomful.tomcat;

import dev.roomful.Chat;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.WireContract;
import java.net.URI;

class TomcatContractTest extends WireContract {
  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    TomcatChat server = TomcatChat.start(chat, path, "127.0.0.1", 0);
    return RunningTransport.at(URI.create("ws://127.0.0.1:" + server.uri().getPort()), server);
  }
}
