package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.transport.Gateway;
import java.util.Set;

/** The contract without sockets, as a third party uses it for its own transport. */
class MemoryTransportTest extends TransportContract {
  @Override
  protected RunningTransport serve(Chat chat, String path) {
    return new MemoryServer(Gateway.of(chat), path);
  }

  @Override
  protected Set<Quirk> quirks() {
    return Set.of(Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS);
  }
}
