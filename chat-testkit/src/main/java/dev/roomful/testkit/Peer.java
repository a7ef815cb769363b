package dev.roomful.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client of the transport under test. {@link WireClient} is one; a transport without sockets
 * brings its own.
 *
 * <p>It receives only while {@link #poll} runs: a peer that nobody polls is a stalled reader, which
 * must hold the transport back as a full socket does, and reads on where it stopped when it is
 * polled again. It sends on the caller's thread, and what the server does not take, because a
 * handler is blocked, must hold the sender back sooner or later. Sending over a connection that is
 * lost throws {@link java.io.UncheckedIOException}. Any thread may send, one at a time may receive.
 */
public interface Peer extends AutoCloseable {

  /**
   * Sends a text message.
   *
   * @param text what to say
   */
  void text(String text);

  /**
   * Sends a binary message.
   *
   * @param payload what to say
   */
  void binary(byte[] payload);

  /**
   * Sends a text message in fragments, cut between any two bytes of its UTF-8. Where there are no
   * frames it may go undivided.
   *
   * @param text what to say
   * @param sizes the bytes of each fragment but the last, which takes what remains, if only nothing
   */
  void fragments(String text, int... sizes);

  /**
   * Sends a ping; the answer is a {@link Received.Pong}.
   *
   * @param payload what the pong has to bring back, at most 125 bytes
   */
  void ping(byte[] payload);

  /**
   * Ends the connection politely: sends a close frame, and leaves the connection open for the
   * answer.
   *
   * @param code the close code; 1005 for a close frame without one
   * @param reason the reason
   */
  void close(int code, String reason);

  /** Is gone from one moment to the next (RST); what is under way in both directions is lost. */
  void vanish();

  /** Ends its own side of the connection (FIN) without a close frame, behind what it has sent. */
  void hangUpWithoutClose();

  /**
   * Sets whether pings of the server are answered while it receives, as they are at first.
   *
   * @param answer whether to answer
   */
  void answerPings(boolean answer);

  /**
   * Receives what comes next, if it comes in time. Answers pings and closes of the server.
   *
   * @param within how long to wait
   * @return a whole message, a pong, an unanswered ping, a close frame or the end (again and again,
   *     once reached), or null if there was none in time
   */
  @Nullable Received poll(Duration within);

  /**
   * Receives a text message, passing over pings and pongs.
   *
   * @param within how long to wait
   * @return what the message says
   * @throws AssertionError if something else came, or nothing in time
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
    throw new AssertionError("expected a text within " + within + ", came " + received);
  }

  /**
   * Receives a text message within 5 seconds.
   *
   * @return what the message says
   * @throws AssertionError if something else came, or nothing in time
   */
  default String nextText() {
    return nextText(Duration.ofSeconds(5));
  }

  /**
   * Receives text messages, each within 5 seconds after the one before.
   *
   * @param count how many
   * @return what they say, in their order
   * @throws AssertionError if something else came, or nothing in time
   */
  default List<String> texts(int count) {
    List<String> texts = new ArrayList<>(count);
    while (texts.size() < count) {
      texts.add(nextText());
    }
    return texts;
  }

  /**
   * Receives the server's close frame within 5 seconds, passing over all that comes before it.
   *
   * @return the close frame; 1006 if the connection ended without one
   * @throws AssertionError if neither came in time
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
      throw new AssertionError("neither a close frame nor the end came within 5 s");
    }
    return new Received.Close(1006, "");
  }

  /**
   * Waits for the end of the connection, passing over all that comes before it.
   *
   * @param within how long to wait
   * @return whether the end came in time
   */
  default boolean awaitEnd(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    Received received;
    do {
      received = poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } while (received != null && !(received instanceof Received.End));
    return received != null;
  }

  /** Lets the connection go, in whatever state it is. */
  @Override
  void close();
}
