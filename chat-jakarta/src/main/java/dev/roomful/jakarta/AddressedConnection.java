package dev.roomful.jakarta;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection with the remote address of its handshake, which proxies may have reported. */
record AddressedConnection(Connection connection, @Nullable String address) implements Connection {
  @Override
  public void write(Batch batch, Completion completion) {
    connection.write(batch, completion);
  }

  @Override
  public void ping(Completion completion) {
    connection.ping(completion);
  }

  @Override
  public void close(int code, String reason) {
    connection.close(code, reason);
  }

  @Override
  public void abort() {
    connection.abort();
  }

  @Override
  public Optional<String> remoteAddress() {
    return Optional.ofNullable(address);
  }
}
