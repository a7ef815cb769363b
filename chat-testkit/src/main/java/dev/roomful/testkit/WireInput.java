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
 * The bytes that came from the server and were not taken yet.
 *
 * <p>They stay here until all that is wanted has come, so that running into a deadline in the
 * middle of a frame loses nothing. Reads the socket only when asked for more than is here.
 */
final class WireInput {

  private static final int LONGEST_LINE = 16 << 10;

  private final Socket socket;
  private final InputStream in;
  private byte[] bytes = new byte[64 << 10];
  private int start;
  private int end;
  private boolean ended;
  private boolean reset;

  WireInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** The {@code nanoTime} at which a wait ends; never now, so that no wait at all still reads. */
  static long deadline(Duration within) {
    return System.nanoTime() + Math.max(within.toNanos(), 1_000_000);
  }

  /** The socket timeout that ends at the deadline, or 0 if that has passed. */
  static int millisUntil(long deadline) {
    long nanos = deadline - System.nanoTime();
    return nanos <= 0 ? 0 : (int) Math.min(nanos / 1_000_000 + 1, Integer.MAX_VALUE);
  }

  /** Whether that many bytes are here by the deadline; false for an end too, see {@link #ended}. */
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

  /** The unsigned byte that many places ahead; it must be here. */
  int at(int ahead) {
    return bytes[start + ahead] & 0xFF;
  }

  /** Takes that many bytes; they must be here. */
  byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
    start += count;
    return taken;
  }

  /** Takes that many bytes as soon as they are here, or fails. */
  byte[] await(int count, long deadline) throws IOException {
    require(count, deadline);
    return take(count);
  }

  private void require(int count, long deadline) throws IOException {
    if (!has(count, deadline)) {
      throw ended
          ? new EOFException("the server ended the connection before it had answered")
          : new SocketTimeoutException("the server did not answer in time");
    }
  }

  /** Takes a line of the head of an HTTP response, without its end. */
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

  /** Takes everything up to the end of the connection. */
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
