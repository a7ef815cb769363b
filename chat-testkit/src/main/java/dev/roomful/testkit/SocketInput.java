package dev.roomful.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The bytes that have arrived from the server and were not taken yet.
 *
 * <p>They are kept until a whole element has arrived, so a deadline within a frame loses nothing.
 * Reads the socket only when more bytes are requested than have arrived.
 */
final class SocketInput {

  private static final int LONGEST_LINE = 16 << 10;

  private final Socket socket;
  private final InputStream in;
  private byte[] bytes = new byte[64 << 10];
  private int start;
  private int end;
  private boolean ended;
  private boolean reset;

  SocketInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** {@return the {@code nanoTime} at which a wait ends; in the future, so that each wait reads} */
  static long deadline(Duration within) {
    return System.nanoTime() + Math.max(within.toNanos(), 1_000_000);
  }

  /** {@return the socket timeout until the deadline, or 0 if it has passed} */
  static int millisUntil(long deadline) {
    long nanos = deadline - System.nanoTime();
    return nanos <= 0 ? 0 : (int) Math.min(nanos / 1_000_000 + 1, Integer.MAX_VALUE);
  }

  /**
   * {@return whether that many bytes arrive by the deadline; false at the end, see {@link #ended}}
   */
  boolean has(int wanted, long deadline) {
    while (end - start < wanted) {
      int millis = millisUntil(deadline);
      if (ended || millis == 0) {
        return false;
      }
      makeRoom(wanted);
      try {
        socket.setSoTimeout(millis);
        int count = in.read(bytes, end, bytes.length - end);
        ended = count < 0;
        end += Math.max(count, 0);
      } catch (SocketTimeoutException late) {
        return false;
      } catch (IOException broken) {
        ended = true;
        reset = true;
      }
    }
    return true;
  }

  private void makeRoom(int wanted) {
    if (bytes.length - start < wanted || start == end) {
      byte[] target = bytes;
      if (wanted > bytes.length) {
        target = new byte[Math.max(wanted, 2 * bytes.length)];
      }
      System.arraycopy(bytes, start, target, 0, end - start);
      bytes = target;
      end -= start;
      start = 0;
    }
  }

  /** {@return the unsigned byte at an offset, which must have arrived} */
  int at(int ahead) {
    return bytes[start + ahead] & 0xFF;
  }

  /** Takes bytes that have arrived. */
  byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
    start += count;
    return taken;
  }

  /** Waits for bytes and takes them, or fails. */
  byte[] await(int count, long deadline) throws IOException {
    require(count, deadline);
    return take(count);
  }

  private void require(int count, long deadline) throws IOException {
    if (!has(count, deadline)) {
      throw ended
          ? new EOFException("the server ended the connection before it answered")
          : new SocketTimeoutException("the server did not answer in time");
    }
  }

  /** Takes a header line of an HTTP response, without its line end. */
  String line(long deadline) throws IOException {
    int length = 0;
    while (length < LONGEST_LINE) {
      require(length + 1, deadline);
      if (at(length) == '\n') {
        return new String(take(length + 1), StandardCharsets.ISO_8859_1).stripTrailing();
      }
      length++;
    }
    throw new IOException("the server sent a header line above " + LONGEST_LINE + " bytes");
  }

  /** Takes everything until the end of the connection. */
  byte[] rest(long deadline) throws IOException {
    while (!ended) {
      if (end - start > WireFrames.LONGEST) {
        throw new IOException("the server sent a body above " + WireFrames.LONGEST + " bytes");
      }
      if (!has(end - start + 1, deadline) && !ended) {
        throw new SocketTimeoutException("the server did not end its answer in time");
      }
    }
    return take(end - start);
  }

  boolean ended() {
    return ended;
  }

  boolean reset() {
    return reset;
  }
}
