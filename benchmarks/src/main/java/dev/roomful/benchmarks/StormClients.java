package dev.roomful.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Clients that all connect to a server that has just started; on the calling thread. */
final class StormClients implements AutoCloseable {
  private static final int READ_BYTES = 16 * 1024;
  private static final String END = "\r\n\r\n";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** How long a client waits that was not accepted. */
  private static final int RETRY_MILLIS = 1000;

  private final InetSocketAddress address;
  private final Selector selector = Selector.open();
  private final Random random = new Random(1);
  private final ByteBuffer input = ByteBuffer.allocate(READ_BYTES);
  private final List<SocketChannel> channels = new ArrayList<>();
  private final PriorityQueue<Client> waiting =
      new PriorityQueue<>(Comparator.comparingLong(client -> client.due));
  private final Latencies latencies = new Latencies();
  private int connected;
  private int retries;

  /** One client, from its first attempt until its handshake is complete. */
  private static final class Client {
    final int id;
    long due;
    final long firstDue;
    final StringBuilder response = new StringBuilder();

    Client(int id, long due) {
      this.id = id;
      this.due = due;
      this.firstDue = due;
    }
  }

  /**
   * What the clients met.
   *
   * @param time until the last of them was connected
   * @param latencies from the first attempt of a client until it was connected
   * @param retries how many attempts failed
   */
  record Result(Duration time, Latencies latencies, int retries) {}

  StormClients(InetSocketAddress address) throws IOException {
    this.address = address;
  }

  /**
   * Connects all clients.
   *
   * @param spread the time over which their first attempts are spread at random
   */
  Result run(int clients, Duration spread) throws IOException {
    long start = System.nanoTime();
    for (int i = 0; i < clients; i++) {
      waiting.add(new Client(i, start + random.nextLong(spread.toNanos() + 1)));
    }
    while (connected < clients) {
      long now = System.nanoTime();
      if (now - start > TIMEOUT.toNanos()) {
        throw new IOException(
            (clients - connected) + " clients were not accepted within " + TIMEOUT);
      }
      for (Client next = waiting.peek(); next != null && next.due <= now; next = waiting.peek()) {
        waiting.remove();
        connect(next);
      }
      selector.select(this::step, 1);
    }
    return new Result(Duration.ofNanos(System.nanoTime() - start), latencies, retries);
  }

  private void connect(Client client) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      client.response.setLength(0);
      channel.register(selector, SelectionKey.OP_CONNECT, client);
      channel.connect(address);
    } catch (IOException failure) {
      retry(client, channel);
    }
  }

  private void step(SelectionKey key) {
    Client client = (Client) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        channel.write(
            ByteBuffer.wrap(
                ClientHandshake.request(address, "/ws/" + client.id + "?room=r" + client.id / 10)));
        key.interestOps(SelectionKey.OP_READ);
      } else if (key.isReadable()) {
        read(client, channel, key);
      }
    } catch (IOException failure) {
      key.cancel();
      retry(client, channel);
    }
  }

  private void read(Client client, SocketChannel channel, SelectionKey key) throws IOException {
    if (channel.read(input.clear()) < 0) {
      throw new IOException("the server closed the connection");
    }
    client.response.append(StandardCharsets.ISO_8859_1.decode(input.flip()));
    if (client.response.indexOf(END) >= 0) {
      if (!client.response.toString().startsWith("HTTP/1.1 101 ")) {
        throw new IOException("the server rejected the handshake: " + client.response);
      }
      key.cancel(); // nothing is read any more: nobody publishes
      channels.add(channel);
      latencies.add(System.nanoTime() - client.firstDue);
      connected++;
    }
  }

  private void retry(Client client, @Nullable SocketChannel channel) {
    retries++;
    client.due = System.nanoTime() + Duration.ofMillis(random.nextInt(RETRY_MILLIS)).toNanos();
    waiting.add(client);
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
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
