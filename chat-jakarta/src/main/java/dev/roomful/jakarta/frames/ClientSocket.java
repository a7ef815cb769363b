package dev.roomful.jakarta.frames;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The socket of one client, as a server's adapter implements it. Nothing here blocks. The server
 * dispatches events of the socket to the {@link ClientConnection}: those of reading one at a time.
 */
public interface ClientSocket {
  /**
   * Takes the lock that the server demands during {@link #write} and {@link #awaitWritable}, if it
   * demands one. One thread at a time calls these two, with or without a lock here.
   */
  default void lock() {}

  /** Releases the lock that {@link #lock} has taken. */
  default void unlock() {}

  /**
   * Reads what is there. Called within a dispatch of the server.
   *
   * @param target where the bytes are put
   * @return the number of bytes, 0 if there are none now, -1 at the end of the input
   * @throws IOException if the connection is lost
   */
  int read(ByteBuffer target) throws IOException;

  /**
   * {@return whether a read that leaves space in its target has read everything, and the server
   * dispatches again when more comes}
   */
  boolean readsAll();

  /**
   * {@return whether a dispatch that reads holds no lock which a write to another socket takes, so
   * that its thread may write to others}
   */
  boolean readsWithoutLock();

  /**
   * Writes what the socket takes. A later call continues with the rest of the same buffer.
   *
   * @param source the bytes
   * @return false if the rest has to wait until the socket is writable
   * @throws IOException if the connection is lost
   */
  boolean write(ByteBuffer source) throws IOException;

  /**
   * Asks the server to call {@link ClientConnection#onWritable} when the socket takes bytes again.
   */
  void awaitWritable();

  /** Asks the server for a dispatch of input, whether or not there is something to read. */
  void readLater();

  /**
   * Sends the end of the output, where that is possible without closing the input.
   *
   * @throws IOException if the connection is lost
   */
  void endOutput() throws IOException;

  /** Closes the socket after the present dispatch. */
  void close();

  /** Closes the socket now. */
  void abort();

  /**
   * Calls {@link ClientConnection#abort} after a time, unless the socket is closed by then.
   *
   * @param time the time
   */
  void abortAfter(Duration time);
}
