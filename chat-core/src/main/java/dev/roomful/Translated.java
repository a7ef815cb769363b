package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;

/** A connection on which the chat's close codes are said in a dialect. */
final class Translated implements Connection {
  private final Connection connection;
  private final Dialect dialect;
  private volatile boolean joining;

  Translated(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** From now on, what is written at once is one frame. */
  void join() {
    joining = true;
  }

  @Override
  public void write(Batch batch, Completion completion) {
    if (joining) {
      batch.join();
    }
    connection.write(batch, completion);
  }

  @Override
  public void ping(Completion completion) {
    connection.ping(completion);
  }

  @Override
  public void close(int code, String reason) {
    CloseStatus said = dialect.goodbye(new CloseStatus(code, reason));
    connection.close(said.code(), said.reason());
  }

  @Override
  public void abort() {
    connection.abort();
  }
}
