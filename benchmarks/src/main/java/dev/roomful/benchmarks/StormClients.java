package dev.roomful.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Clients that all come at once; on the calling thread. A client is ready when its handshake is
 * complete or, if it has a command to send then, when the server's answer is.
 */
final class StormClients implements AutoCloseable {
  private static final int READ_BYTES = 256 * 1024;
  private static final String END = "\r\n\r\n";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final byte[] NOTHING = {};
  private static final ByteBuffer PONG = WireFormat.maskedFrame("{}".getBytes(ISO_8859_1));

  /** How long a client waits that was not accepted. */
  private static final int RETRY_MILLIS = 1000;

  private final InetSocketAddress address;
  private final IntFunction<String> path;
  private final @Nullable Command command;
  private final Selector selector = Selector.open();
  private final Random random = new Random(1);
  private final ByteBuffer input = ByteBuffer.allocate(READ_BYTES);
  private final Deque<Client> ready = new ArrayDeque<>();
  private final PriorityQueue<Client> waiting =
      new PriorityQueue<>(Comparator.comparingLong(client -> client.due));
  private final Latencies latencies = new Latencies();
  private int ids;
  private int retries;
  private int lost;

  /**
   * What each client sends first.
   *
   * @param text the command in the Centrifuge protocol
   * @param isAnswer whether a frame of the server ends the client's start
   */
  record Command(String text, Predicate<String> isAnswer) {}

  /** One client, from its first attempt on. */
  private final class Client {
    final int id = ids++;
    final long firstDue;
    long due;
    boolean upgraded;
    boolean isReady;
    byte[] partial = NOTHING;
    @Nullable SelectionKey key;

    Client(long due) {
      this.due = due;
      this.firstDue = due;
    }
  }

  /**
   * What the clients met.
   *
   * @param time until the last of them was ready
   * @param latencies from the first attempt of a client until it was ready
   * @param retries how many attempts failed
   */
  record Result(Duration time, Latencies latencies, int retries) {}

  /**
   * Creates clients.
   *
   * @param path the path of a client, by its number
   * @param command what a client sends when it is connected, or null
   */
  StormClients(InetSocketAddress address, IntFunction<String> path, @Nullable Command command)
      throws IOException {
    this.address = address;
    this.path = path;
    this.command = command;
  }

  /**
   * Connects clients, until all are ready. Called once.
   *
   * @param spread the time over which their first attempts are spread at random
   */
  Result connect(int clients, Duration spread) throws IOException {
    long start = System.nanoTime();
    for (int i = 0; i < clients; i++) {
      waiting.add(new Client(start + random.nextLong(spread.toNanos() + 1)));
    }
    while (ready.size() + lost < clients) {
      if (System.nanoTime() - start > TIMEOUT.toNanos()) {
        throw new IOException("not all " + clients + " clients were ready within " + TIMEOUT);
      }
      turn();
    }
    return new Result(Duration.ofNanos(System.nanoTime() - start), latencies, retries);
  }

  /** Has clients leave, the oldest first, and as many others come, for a while. */
  void replace(int perSecond, Duration duration) throws IOException {
    long start = System.nanoTime();
    long replaced = 0;
    for (long now = start; now - start < duration.toNanos(); now = System.nanoTime()) {
      for (; replaced < (now - start) * perSecond / 1_000_000_000L; replaced++) {
        Client oldest = ready.poll();
        if (oldest != null && oldest.key != null) {
          oldest.key.channel().close();
        }
        waiting.add(new Client(now));
      }
      turn();
    }
  }

  /** {@return how many clients that were ready have lost their connection} */
  int lost() {
    return lost;
  }

  private void turn() throws IOException {
    long now = System.nanoTime();
    for (Client next = waiting.peek(); next != null && next.due <= now; next = waiting.peek()) {
      waiting.remove();
      connect(next);
    }
    selector.select(this::step, 1);
  }

  private void connect(Client client) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      client.partial = NOTHING;
      client.upgraded = false;
      client.key = channel.register(selector, SelectionKey.OP_CONNECT, client);
      channel.connect(address);
    } catch (IOException failure) {
      retry(client, channel);
    }
  }

  private void step(SelectionKey key) {
    Client client = (Client) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (!key.isValid()) {
        return; // left meanwhile
      }
      if (key.isConnectable()) {
        channel.finishConnect();
        channel.write(ByteBuffer.wrap(ClientHandshake.request(address, path.apply(client.id))));
        key.interestOps(SelectionKey.OP_READ);
      } else if (key.isReadable()) {
        read(client, channel);
      }
    } catch (IOException failure) {
      key.cancel();
      if (client.isReady) {
        lost++;
        ready.remove(client);
        close(channel);
      } else {
        retry(client, channel);
      }
    }
  }

  private void read(Client client, SocketChannel channel) throws IOException {
    int count = channel.read(input.clear());
    if (count < 0) {
      throw new IOException("the server closed the connection");
    }
    byte[] bytes = Arrays.copyOf(client.partial, client.partial.length + count);
    input.flip().get(bytes, client.partial.length, count);
    int at = client.upgraded ? 0 : readResponse(client, channel, bytes);
    if (client.upgraded) {
      for (int next = ServerFrame.end(bytes, at, bytes.length);
          next >= 0;
          next = ServerFrame.end(bytes, at, bytes.length)) {
        readFrame(client, channel, bytes, at, next);
        at = next;
      }
    }
    client.partial = at == bytes.length ? NOTHING : Arrays.copyOfRange(bytes, at, bytes.length);
  }

  /** {@return the end of the response, or 0 if it has not arrived completely} */
  private int readResponse(Client client, SocketChannel channel, byte[] bytes) throws IOException {
    String response = new String(bytes, ISO_8859_1);
    int end = response.indexOf(END);
    if (end < 0) {
      return 0;
    }
    if (!response.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("the server rejected the handshake: " + response);
    }
    client.upgraded = true;
    if (command == null) {
      isReady(client);
    } else {
      channel.write(WireFormat.maskedFrame(command.text.getBytes(ISO_8859_1)));
    }
    return end + END.length();
  }

  private void readFrame(Client client, SocketChannel channel, byte[] bytes, int from, int to)
      throws IOException {
    int payload = from + ServerFrame.headerBytes(bytes, from);
    if ((bytes[from] & 0xff) == ServerFrame.CLOSE) {
      throw new IOException("the server closed the connection");
    }
    if (to - payload == 2 && bytes[payload] == '{') {
      channel.write(PONG.duplicate());
    } else if (!client.isReady && command != null) {
      String text = new String(bytes, payload, to - payload, ISO_8859_1);
      if (command.isAnswer.test(text)) {
        isReady(client);
      }
    }
  }

  private void isReady(Client client) {
    client.isReady = true;
    ready.add(client);
    latencies.add(System.nanoTime() - client.firstDue);
  }

  private void retry(Client client, @Nullable SocketChannel channel) {
    retries++;
    client.due = System.nanoTime() + Duration.ofMillis(random.nextInt(RETRY_MILLIS)).toNanos();
    waiting.add(client);
    close(channel);
  }

  private static void close(@Nullable SocketChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
