package dev.roomful.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;

/** The socket of one client, below Tomcat's buffers where that is possible. Nothing here blocks. */
interface ClientSocket {
  /** {@return the lock to hold during {@link #write} and {@link #awaitWritable}} */
  Lock writeLock();

  /**
   * Reads what is there. Called within Tomcat's dispatch of an event, on one thread at a time.
   *
   * @return the number of bytes, 0 if there are none now, -1 at the end of the input
   */
  int read(ByteBuffer target) throws IOException;

  /**
   * Writes what the socket takes.
   *
   * @return false if the rest has to wait until the socket is writable
   */
  boolean write(ByteBuffer source) throws IOException;

  /** Asks Tomcat to dispatch {@code OPEN_WRITE} when the socket takes bytes again. */
  void awaitWritable();

  /** Asks Tomcat to dispatch {@code OPEN_READ}, whether or not there is something to read. */
  void readLater();

  /** Sends the end of the output, where that is possible without closing the input. */
  void endOutput() throws IOException;

  /** Closes the socket after Tomcat's current dispatch. */
  void close();

  /** Closes the socket now. */
  void abort();
}
