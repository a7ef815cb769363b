package dev.roomful.testkit;

import java.util.HexFormat;

/**
 * What a {@link Peer} received: a whole message, a control frame, or the end.
 *
 * <p>All are values, which a test compares with {@code assertEquals}. Bytes are held as hexadecimal
 * text, which compares and prints where an array would not.
 */
public sealed interface Received {

  /**
   * A whole text message, however many frames it came in.
   *
   * @param text the text, from valid UTF-8
   */
  record Text(String text) implements Received {}

  /**
   * A whole binary message, however many frames it came in; also any message that uses a reserved
   * bit of an agreed extension, whose payload is then given as it was on the wire.
   *
   * @param hex the payload, two lower case hex digits a byte
   */
  record Binary(String hex) implements Received {
    /**
     * The payload.
     *
     * @return a copy of its own
     */
    public byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  /**
   * A ping of the server that the test has to answer.
   *
   * @param hex the payload, two lower case hex digits a byte
   */
  record Ping(String hex) implements Received {
    /**
     * The payload, which the pong must contain.
     *
     * @return a copy of its own
     */
    public byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  /**
   * A pong of the server.
   *
   * @param hex the payload, two lower case hex digits a byte
   */
  record Pong(String hex) implements Received {
    /**
     * The payload.
     *
     * @return a copy of its own
     */
    public byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  /**
   * A Close frame, or, from {@link WireClient#awaitClose()} only, 1006 for the lack of one.
   *
   * @param code the status code; 1005 if the frame carried none
   * @param reason the reason, empty if none
   */
  record Close(int code, String reason) implements Received {}

  /**
   * The server's side of the TCP connection is over; nothing comes after it.
   *
   * @param reset whether it broke (RST, or a failure of TLS) instead of ending in order (FIN)
   */
  record End(boolean reset) implements Received {}
}
