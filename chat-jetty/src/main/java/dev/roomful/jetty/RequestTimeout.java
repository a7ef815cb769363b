package dev.roomful.jetty;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes HTTP/1 connections whose first request has not arrived completely in time. Jetty's idle
 * timeout starts again with every byte, so a client that sends its handshake byte by byte would
 * keep its connection for hours.
 */
final class RequestTimeout implements Connection.Listener {
  private final Connector connector;
  private final Duration limit;
  private final ConcurrentMap<Connection, Scheduler.Task> timers = new ConcurrentHashMap<>();

  RequestTimeout(Connector connector, Duration limit) {
    this.connector = connector;
    this.limit = limit;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) {
      timers.put(
          connection,
          connector
              .getScheduler()
              .schedule(
                  () -> closeIfIncomplete(connection), limit.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  /**
   * Called at an upgrade too. The timer would keep what has read and answered the handshake in
   * memory, which is more than an open connection needs.
   */
  @Override
  public void onClosed(Connection connection) {
    Scheduler.Task timer = timers.remove(connection);
    if (timer != null) {
      timer.cancel();
    }
  }

  private void closeIfIncomplete(Connection connection) {
    timers.remove(connection); // also if it was closed before the timer was stored
    if (connection.getMessagesIn() == 0) {
      connection.getEndPoint().close();
    }
  }
}
