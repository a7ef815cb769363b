package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.protocol.Protocol;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import java.util.Optional;

/** A connection that translates the chat's close codes to those of a protocol. */
public final class CloseCodeConnection implements Connection {
  private final Connection connection;
  private final Protocol protocol;

  public CloseCodeConnection(Connection connection, Protocol protocol) {
    this.connection = connection;
    this.protocol = protocol;
  }

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
    CloseStatus mapped = protocol.closeStatusFor(new CloseStatus(code, reason));
    connection.close(mapped.code(), mapped.reason());
  }

  @Override
  public void abort() {
    connection.abort();
  }

  @Override
  public Optional<String> remoteAddress() {
    return connection.remoteAddress();
  }
}
