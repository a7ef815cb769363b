package dev.roomful.tomcat;

import dev.roomful.Chat;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.WireContract;
import java.net.URI;

/** The contract through Tomcat's socket wrapper, as over TLS, in place of the JDK's channel. */
class Nio2ContractTest extends WireContract {
  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    TestServer server = new TestServer(TestServer.NIO2);
    server.mount(chat, path);
    server.start();
    return RunningTransport.at(URI.create("ws://127.0.0.1:" + server.port()), server::stop);
  }
}
