package dev.roomful.undertow;

import dev.roomful.Chat;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.WireContract;
import java.net.URI;

class UndertowContractTest extends WireContract {
  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    UndertowChat server = UndertowChat.start(chat, path, "127.0.0.1", 0);
    return RunningTransport.at(URI.create("ws://127.0.0.1:" + server.uri().getPort()), server);
  }
}
