package dev.roomful.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of the transport under test. {@link WireClient} is one; a transport without sockets
 * implements its own.
 *
 * <p>A peer receives only while {@link #poll} runs. A peer that is not polled is a stalled reader:
 * it must hold the transport back as a full socket does, and continue where it stopped when it is
 * polled again. Sending runs on the caller's thread, and must block sooner or later if the server
 * does not read because a handler blocks. Sending over a lost connection throws {@link
 * java.io.UncheckedIOException}. Any thread may send; one thread at a time may receive.
 */
public interface Peer extends AutoCloseable {

  /**
   * Sends a text message.
   *
   * @param text the message
   */
  void text(String text);

  /**
   * Sends a binary message.
   *
   * @param payload the message
   */
  void binary(byte[] payload);

  /**
   * Sends a text message in fragments, split between any two bytes of its UTF-8. A transport
   * without frames may send it whole.
   *
   * @param text the message
   * @param sizes the bytes of each fragment but the last, which has the remaining bytes, possibly
   *     none
   */
  void fragments(String text, int... sizes);

  /**
   * Sends a ping; the answer is a {@link Received.Pong}.
   *
   * @param payload what the pong must contain, at most 125 bytes
   */
  void ping(byte[] payload);

  /**
   * Sends a close frame, and leaves the connection open for the answer.
   *
   * @param code the close code; 1005 for a close frame without one
   * @param reason the reason
   */
  void close(int code, String reason);

  /** Resets the connection (RST); what is in flight in both directions is lost. */
  void vanish();

  /** Ends its own side of the connection (FIN) without a close frame, after what it has sent. */
  void hangUpWithoutClose();

  /**
   * Sets whether pings of the server are answered while it receives; by default they are.
   *
   * @param answer whether to answer
   */
  void answerPings(boolean answer);

  /**
   * Receives the next event, if it arrives in time. Answers pings and close frames of the server.
   *
   * @param within how long to wait
   * @return a whole message, a pong, an unanswered ping, a close frame or the end (repeatedly, once
   *     reached), or null if nothing arrived in time
   */
  @Nullable Received poll(Duration within);

  /**
   * Receives a text message, ignoring pings and pongs.
   *
   * @param within how long to wait
   * @return the text
   * @throws AssertionError if something else arrived, or nothing in time
   */
  default String nextText(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    Received received;
    do {
      received = poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } while (received instanceof Received.Ping || received instanceof Received.Pong);
    if (received instanceof Received.Text message) {
      return message.text();
    }
    throw new AssertionError("expected a text within " + within + ", received " + received);
  }

  /**
   * Receives a text message within 5 seconds.
   *
   * @return the text
   * @throws AssertionError if something else arrived, or nothing in time
   */
  default String nextText() {
    return nextText(Duration.ofSeconds(5));
  }

  /**
   * Receives text messages, each within 5 seconds after the one before.
   *
   * @param count how many
   * @return the texts in order
   * @throws AssertionError if something else arrived, or nothing in time
   */
  default List<String> texts(int count) {
    List<String> texts = new ArrayList<>(count);
    while (texts.size() < count) {
      texts.add(nextText());
    }
    return texts;
  }

  /**
   * Receives the server's close frame within 5 seconds, ignoring everything before it.
   *
   * @return the close frame; 1006 if the connection ended without one
   * @throws AssertionError if neither arrived in time
   */
  default Received.Close awaitClose() {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    Received received;
    do {
      received = poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      if (received instanceof Received.Close close) {
        return close;
      }
    } while (received != null && !(received instanceof Received.End));
    if (received == null) {
      throw new AssertionError("neither a close frame nor the end arrived within 5 s");
    }
    return new Received.Close(1006, "");
  }

  /**
   * Waits for the end of the connection, ignoring everything before it.
   *
   * @param within how long to wait
   * @return whether the end arrived in time
   */
  default boolean awaitEnd(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    Received received;
    do {
      received = poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } while (received != null && !(received instanceof Received.End));
    return received != null;
  }

  /** Releases the connection, whatever its state. */
  @Override
  void close();
}
