package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.transport.Gateway;
import java.util.Set;

/** The contract without a wire, as a third party would use it for a transport of its own. */
class MemoryTransportTest extends TransportContract {
  @Override
  protected Served serve(Chat chat, String path) {
    return new MemoryServer(Gateway.of(chat), path);
  }

  @Override
  protected Set<Quirk> quirks() {
    return Set.of(Quirk.READS_NOTHING_WHILE_A_HANDLER_RUNS);
  }
}
