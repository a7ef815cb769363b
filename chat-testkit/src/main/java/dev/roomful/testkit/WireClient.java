package dev.roomful.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client for tests, which can send any bytes and any frames.
 *
 * <p>It checks what the server sends: reading anything that RFC 6455 forbids throws an {@link
 * AssertionError}.
 *
 * <p>It has no thread. It reads the socket only within a call that receives, on the caller's
 * thread, and then also answers pings and close frames. A test that makes no such call is a stalled
 * reader. A call that times out loses no input. Any thread may send; one thread at a time may
 * receive. A send blocks until the operating system has taken the bytes, and throws {@link
 * UncheckedIOException} if the connection is lost.
 */
// Long because of its Javadoc: one short method for each action of a client.
public final class WireClient implements Peer {

  private final Socket tcp;
  private final OutputStream out;
  private final Object sending = new Object();
  private final SocketInput input;
  private final FrameAssembler assembly;
  private final Map<String, List<String>> responseHeaders;
  private final Duration patience;
  private final List<Received.Ping> pings = new ArrayList<>();
  private final List<Received.Pong> pongs = new ArrayList<>();
  private boolean answerPings = true;
  private boolean answerCloses = true;
  private volatile boolean closeSent;
  private Received.@Nullable Close closeReceived;

  WireClient(
      Socket tcp, OutputStream out, SocketInput input, HttpResponse response, Duration patience) {
    this.tcp = tcp;
    this.out = out;
    this.input = input;
    this.assembly = new FrameAssembler(response.headers().containsKey("Sec-WebSocket-Extensions"));
    this.responseHeaders = response.headers();
    this.patience = patience;
  }

  /**
   * Connects with default settings: {@code request(uri).connect()}.
   *
   * @param uri a {@code ws://} address
   * @return the open client
   * @throws Rejected if the server answered with another status than 101
   * @throws IOException if there was no answer in HTTP, or none in time
   */
  public static WireClient connect(URI uri) throws IOException {
    return request(uri).connect();
  }

  /**
   * Creates a request to connect, with headers, subprotocols or a small receive buffer.
   *
   * @param uri a {@code ws://} or {@code wss://} address
   * @return the request, which {@link ConnectRequest#connect} sends
   */
  public static ConnectRequest request(URI uri) {
    return new ConnectRequest(uri);
  }

  /**
   * The headers of the response to the upgrade, their names found in any case of letters.
   *
   * @return the headers, unmodifiable
   */
  public Map<String, List<String>> responseHeaders() {
    return responseHeaders;
  }

  /**
   * The subprotocol that the server chose.
   *
   * @return one of those offered, or null if it chose none
   */
  public @Nullable String subprotocol() {
    List<String> chosen = responseHeaders.getOrDefault("Sec-WebSocket-Protocol", List.of());
    return chosen.isEmpty() ? null : chosen.get(0);
  }

  /**
   * Sends a text message in one frame.
   *
   * @param text the message
   */
  @Override
  public void text(String text) {
    frame(true, 0, WireFrames.TEXT, text.getBytes(StandardCharsets.UTF_8), true);
  }

  /**
   * Sends a binary message in one frame.
   *
   * @param payload the message
   */
  @Override
  public void binary(byte[] payload) {
    frame(true, 0, WireFrames.BINARY, payload, true);
  }

  /**
   * Sends a text message in fragments, split between any two bytes of its UTF-8.
   *
   * @param text the message
   * @param sizes the bytes of each fragment but the last, which has the remaining bytes, possibly
   *     none
   * @throws IllegalArgumentException if the sizes exceed the message
   */
  @Override
  public void fragments(String text, int... sizes) {
    fragments(WireFrames.TEXT, text.getBytes(StandardCharsets.UTF_8), sizes);
  }

  /**
   * Sends a binary message in fragments.
   *
   * @param payload the message
   * @param sizes the bytes of each fragment but the last, which has the remaining bytes, possibly
   *     none
   * @throws IllegalArgumentException if the sizes exceed the message
   */
  public void fragments(byte[] payload, int... sizes) {
    fragments(WireFrames.BINARY, payload, sizes);
  }

  private void fragments(int opcode, byte[] payload, int... sizes) {
    if (Arrays.stream(sizes).asLongStream().sum() > payload.length) {
      throw new IllegalArgumentException(
          "fragments of " + Arrays.toString(sizes) + " exceed " + payload.length + " bytes");
    }
    int from = 0;
    int next = opcode;
    for (int size : sizes) {
      frame(false, 0, next, Arrays.copyOfRange(payload, from, from + size), true);
      from += size;
      next = WireFrames.CONTINUATION;
    }
    frame(true, 0, next, Arrays.copyOfRange(payload, from, payload.length), true);
  }

  /**
   * Sends the beginning of a text message in one frame: the header and some bytes. Nothing else may
   * be sent before the rest.
   *
   * @param payload the message as it is on the wire
   * @param first how many bytes of it go with the header
   * @return sends the rest, when run
   */
  public Runnable partialText(byte[] payload, int first) {
    byte[] whole = encode(true, 0, WireFrames.TEXT, payload, true);
    int cut = whole.length - payload.length + first;
    raw(Arrays.copyOf(whole, cut));
    return () -> raw(Arrays.copyOfRange(whole, cut, whole.length));
  }

  /**
   * Sends a ping; the answer is a {@link Received.Pong}.
   *
   * @param payload what the pong must contain
   */
  @Override
  public void ping(byte[] payload) {
    frame(true, 0, WireFrames.PING, payload, true);
  }

  /**
   * Sends a pong, solicited or not.
   *
   * @param payload what it carries
   */
  public void pong(byte[] payload) {
    frame(true, 0, WireFrames.PONG, payload, true);
  }

  /**
   * Sends a Close frame, and leaves the connection open for the answer: see {@link #awaitClose}.
   *
   * @param code the status code, lawful or not; 1005 sends a frame without one
   * @param reason the reason
   */
  @Override
  public void close(int code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload =
        code == 1005
            ? new byte[0]
            : ByteBuffer.allocate(2 + utf8.length).putShort((short) code).put(utf8).array();
    frame(true, 0, WireFrames.CLOSE, payload, true);
  }

  /**
   * Sends any frame, such as one that no client should send.
   *
   * @param fin whether it ends its message
   * @param rsv the reserved bits, 0 to 7; 4 is RSV1
   * @param opcode the opcode, 0 to 15
   * @param payload the payload before masking
   * @param masked whether to mask it, as a client has to
   */
  public void frame(boolean fin, int rsv, int opcode, byte[] payload, boolean masked) {
    if (opcode == WireFrames.CLOSE) {
      closeSent = true;
    }
    raw(encode(fin, rsv, opcode, payload, masked));
  }

  /**
   * Encodes a frame for {@link #raw}, in parts or many at once.
   *
   * @param fin whether it ends its message
   * @param rsv the reserved bits, 0 to 7; 4 is RSV1
   * @param opcode the opcode, 0 to 15
   * @param payload the payload before masking
   * @param masked whether to mask it, as a client has to
   * @return the bytes of the frame
   */
  public static byte[] encode(boolean fin, int rsv, int opcode, byte[] payload, boolean masked) {
    return WireFrames.encode(fin, rsv, opcode, payload, masked);
  }

  /**
   * Sends bytes as they are, at once and undivided.
   *
   * @param bytes what to send
   */
  public void raw(byte[] bytes) {
    synchronized (sending) {
      try {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Sets whether pings of the server are answered, as they are at first. Pings that are not
   * answered are returned by {@link #next}.
   *
   * @param answer whether to answer
   */
  @Override
  public void answerPings(boolean answer) {
    answerPings = answer;
  }

  /**
   * Sets whether a Close frame of the server is answered, as it is at first.
   *
   * @param answer whether to answer
   */
  public void answerCloses(boolean answer) {
    answerCloses = answer;
  }

  /**
   * The pings that were received, answered or not.
   *
   * @return a copy, the oldest first
   */
  public List<Received.Ping> pings() {
    return List.copyOf(pings);
  }

  /**
   * The pongs that were received, also those that a wait for something else has passed over.
   *
   * @return a copy, the oldest first
   */
  public List<Received.Pong> pongs() {
    return List.copyOf(pongs);
  }

  /**
   * Receives the next event, if it arrives in time.
   *
   * @param within how long to wait
   * @return a whole message, a pong, an unanswered ping, a Close or the end (again and again, once
   *     reached), or null if there was none in time
   * @throws AssertionError if the server broke the protocol
   */
  @Override
  public @Nullable Received poll(Duration within) {
    return poll(SocketInput.deadline(within));
  }

  private @Nullable Received poll(long deadline) {
    while (true) {
      WireFrames.Frame frame = WireFrames.read(input, deadline);
      if (frame == null) {
        return input.ended() ? new Received.End(input.reset()) : null;
      }
      Received received = assembly.add(frame);
      if (received != null && !settled(received)) {
        return received;
      }
    }
  }

  /** Records control frames and answers them. {@return whether nothing is left for the test} */
  private boolean settled(Received received) {
    if (received instanceof Received.Ping ping) {
      pings.add(ping);
      if (answerPings) {
        answer(() -> pong(ping.bytes()));
      }
      return answerPings;
    }
    if (received instanceof Received.Pong pong) {
      pongs.add(pong);
    } else if (received instanceof Received.Close close) {
      closeReceived = close;
      if (answerCloses && !closeSent) {
        answer(() -> close(close.code(), ""));
      }
    }
    return false;
  }

  private static void answer(Runnable send) {
    try {
      send.run();
    } catch (UncheckedIOException ignored) {
      // The connection has ended. The next read reports it, after the bytes that arrived before.
    }
  }

  /**
   * Receives the next event, within the bound of {@link ConnectRequest#timeout}.
   *
   * @return what {@link #poll} gives
   * @throws AssertionError if nothing came in time, or the server broke the protocol
   */
  public Received next() {
    return next(patience);
  }

  /**
   * Receives the next event.
   *
   * @param within how long to wait
   * @return what {@link #poll} gives
   * @throws AssertionError if nothing came in time, or the server broke the protocol
   */
  public Received next(Duration within) {
    Received received = poll(within);
    if (received == null) {
      throw new AssertionError("nothing arrived within " + within);
    }
    return received;
  }

  /**
   * Receives a text message, within the bound of {@link ConnectRequest#timeout}, ignoring pings and
   * pongs.
   *
   * @return the text
   * @throws AssertionError if something else came, or nothing in time
   */
  @Override
  public String nextText() {
    return nextText(patience);
  }

  /**
   * Receives a text message, ignoring pings and pongs.
   *
   * @param within how long to wait
   * @return the text
   * @throws AssertionError if something else came, or nothing in time
   */
  @Override
  public String nextText(Duration within) {
    Received received = pollPastHeartbeats(SocketInput.deadline(within));
    if (received instanceof Received.Text message) {
      return message.text();
    }
    throw new AssertionError("expected a text within " + within + ", received " + shown(received));
  }

  /**
   * Receives text messages, each within the bound of {@link ConnectRequest#timeout} after the one
   * before.
   *
   * @param count how many
   * @return the texts in order
   * @throws AssertionError if something else came, or nothing in time
   */
  @Override
  public List<String> texts(int count) {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      try {
        texts.add(nextText());
      } catch (AssertionError e) {
        String had = shown(texts.subList(Math.max(0, i - 5), i));
        throw new AssertionError("after " + i + " of " + count + " texts, ending " + had, e);
      }
    }
    return texts;
  }

  /**
   * Checks that for some time nothing comes but pings and pongs.
   *
   * @param during how long to listen
   * @throws AssertionError if anything else came, the end included
   */
  public void assertSilent(Duration during) {
    Received received = pollPastHeartbeats(SocketInput.deadline(during));
    if (received != null) {
      throw new AssertionError("expected silence for " + during + ", received " + shown(received));
    }
  }

  private @Nullable Received pollPastHeartbeats(long deadline) {
    Received received = poll(deadline);
    while (received instanceof Received.Ping || received instanceof Received.Pong) {
      received = poll(deadline);
    }
    return received;
  }

  /**
   * Receives the server's Close frame, within the bound of {@link ConnectRequest#timeout}, ignoring
   * everything before it.
   *
   * @return the Close, also if it had come already; 1006 if the connection ended without one
   * @throws AssertionError if neither came in time
   */
  @Override
  public Received.Close awaitClose() {
    long deadline = SocketInput.deadline(patience);
    while (closeReceived == null) {
      Received received = poll(deadline);
      if (received == null) {
        throw new AssertionError("neither a Close nor the end came within " + patience);
      }
      if (received instanceof Received.End) {
        return new Received.Close(1006, "");
      }
    }
    return closeReceived;
  }

  /**
   * Waits for the server's end of the TCP connection, ignoring everything before it.
   *
   * @param within how long to wait
   * @return whether the end came in time
   * @throws AssertionError if the server broke the protocol
   */
  @Override
  public boolean awaitEnd(Duration within) {
    long deadline = SocketInput.deadline(within);
    Received received = poll(deadline);
    while (received != null && !(received instanceof Received.End)) {
      received = poll(deadline);
    }
    return received != null;
  }

  private static String shown(@Nullable Object received) {
    String whole = received == null ? "nothing" : received.toString();
    return whole.length() <= 300 ? whole : whole.substring(0, 300) + "... " + whole.length();
  }

  /**
   * Resets the connection (RST), as a crashed program does; what is in flight to this client is
   * lost.
   *
   * @throws UncheckedIOException if the connection was closed before
   */
  @Override
  public void vanish() {
    try {
      tcp.setSoLinger(true, 0);
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends its own side of the TCP connection (FIN) without a Close frame. It can still receive.
   *
   * @throws UncheckedIOException if the connection was lost before
   */
  @Override
  public void hangUpWithoutClose() {
    try {
      tcp.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the socket without a close frame. Has no effect on a closed socket. */
  @Override
  public void close() {
    try {
      // Not the TLS socket: it would wait to send a TLS alert to a server that may not read.
      tcp.close();
    } catch (IOException ignored) {
      // The socket is closed in any case.
    }
  }

  /** The server answered the upgrade with another status than 101. */
  public static final class Rejected extends IOException {

    private static final long serialVersionUID = 1;

    /** The HTTP status. */
    private final int status;

    /** The reason phrase. */
    private final String reasonPhrase;

    /** The body, read as UTF-8. */
    private final String body;

    private final transient Map<String, List<String>> headers;

    Rejected(HttpResponse response, String body) {
      super("rejected with " + response.status() + " " + response.reasonPhrase() + ": " + body);
      this.status = response.status();
      this.reasonPhrase = response.reasonPhrase();
      this.body = body;
      this.headers = response.headers();
    }

    /**
     * Creates a rejection for a transport without sockets.
     *
     * @param status the HTTP status that it would have
     * @param body the reason
     */
    public Rejected(int status, String body) {
      super("rejected with " + status + ": " + body);
      this.status = status;
      this.reasonPhrase = "";
      this.body = body;
      this.headers = Map.of();
    }

    /**
     * The HTTP status.
     *
     * @return such as 403
     */
    public int status() {
      return status;
    }

    /**
     * Returns the reason phrase of the status line.
     *
     * @return the phrase, empty if none
     */
    public String reasonPhrase() {
      return reasonPhrase;
    }

    /**
     * The body of the response.
     *
     * @return the body read as UTF-8, empty if none
     */
    public String body() {
      return body;
    }

    /**
     * The headers of the response, their names found in any case of letters.
     *
     * @return the headers, unmodifiable
     */
    public Map<String, List<String>> headers() {
      return headers;
    }
  }
}
