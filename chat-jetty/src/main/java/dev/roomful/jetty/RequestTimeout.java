package dev.roomful.jetty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;

/**
 * Closes HTTP/1 connections whose first request has not arrived completely in time. Jetty's idle
 * timeout starts again with every byte, so a client that sends its handshake byte by byte would
 * keep its connection for hours.
 */
record RequestTimeout(Connector connector, Duration limit) implements Connection.Listener {
  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) {
      connector
          .getScheduler()
          .schedule(() -> closeIfIncomplete(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** An upgraded connection has received its handshake, so it counts one message. */
  private static void closeIfIncomplete(Connection connection) {
    if (connection.getMessagesIn() == 0) {
      connection.getEndPoint().close();
    }
  }
}
