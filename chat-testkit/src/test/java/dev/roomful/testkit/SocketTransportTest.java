package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.transport.Gateway;
import java.net.URI;
import java.util.Set;

/** The contract over sockets, with the simplest server that passes it. */
class SocketTransportTest extends WireContract {
  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    SocketServer server = new SocketServer(Gateway.of(chat), path);
    return RunningTransport.at(URI.create("ws://127.0.0.1:" + server.port()), server);
  }

  @Override
  protected Set<Quirk> quirks() {
    return Set.of(Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS, Quirk.LOSES_INPUT_AFTER_A_FAILED_WRITE);
  }
}
