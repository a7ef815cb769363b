package dev.roomful.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs all clients of a scenario on the calling thread: connects, publishes, reads, counts, and
 * checks that each client receives every message of each other publisher once and in order.
 */
final class LoadGenerator implements AutoCloseable {
  private static final int READ_BYTES = 256 * 1024;
  private static final int LONGEST_FRAME = 1024 * 1024;
  private static final byte[] NOTHING = {};
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};
  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Scenario scenario;
  private final Selector selector = Selector.open();
  private final List<LoadClient> clients = new ArrayList<>();
  private final List<LoadPublisher> publishers = new ArrayList<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
  private final byte[] bytes = new byte[READ_BYTES + LONGEST_FRAME];
  private final WireFormat wireFormat;
  private final Latencies latencies = new Latencies();
  private boolean counting;
  private long from = Long.MAX_VALUE;
  private long to = Long.MAX_VALUE;
  private long deliveries;
  private long frames;
  private long reads;
  private long missed;
  private long wrong;

  LoadGenerator(Scenario scenario, WireFormat wireFormat, InetSocketAddress address)
      throws IOException {
    this.scenario = scenario;
    this.wireFormat = wireFormat;
    for (int room = 0; room < scenario.rooms(); room++) {
      for (int member = 0; member < scenario.members(); member++) {
        int id = clients.size();
        SocketChannel channel = ClientHandshake.connect(address, "/ws/" + id + "?room=r" + room);
        join(channel, room);
        LoadClient client = new LoadClient(id, room, scenario.publishers(), channel, selector);
        clients.add(client);
        if (member < scenario.publishers()) {
          publishers.add(new LoadPublisher(client));
        }
      }
    }
  }

  private void join(SocketChannel channel, int room) throws IOException {
    byte[] joinCommand = wireFormat.joinCommand(room);
    if (joinCommand != null) {
      channel.write(WireFormat.maskedFrame(joinCommand));
      while (!wireFormat.isJoined(ClientHandshake.readFrame(channel))) {
        // an earlier reply, such as that of the connect command
      }
    }
  }

  /** Publishes numbered messages. */
  private static final class LoadPublisher {
    private final LoadClient client;
    private int sent;
    private long copiesReceived; // by all members together
    private long due;

    LoadPublisher(LoadClient client) {
      this.client = client;
    }
  }

  Measurement run(ServerProcess server) throws IOException {
    from = start() + scenario.warmUp().toNanos();
    to = from + scenario.duration().toNanos();
    pump(from, true);
    Duration before = server.cpu();
    long counted = System.nanoTime();
    counting = true;
    pump(to, true);
    counting = false;
    Duration time = Duration.ofNanos(System.nanoTime() - counted);
    Duration cpu = server.cpu().minus(before);
    drain();
    return new Measurement(
        deliveries,
        time,
        cpu,
        latencies,
        (double) frames / Math.max(1, reads),
        missed + missing(),
        wrong);
  }

  /**
   * Publishes for the duration of the scenario, without a warm-up, and measures each second.
   *
   * @throws IOException if a message was lost, or arrived twice, out of order or in another room
   */
  List<Second> runSeconds(ServerProcess server) throws IOException {
    List<Second> seconds = new ArrayList<>();
    long end = start();
    counting = true;
    Duration cpu = server.cpu();
    for (long second = 0; second < scenario.duration().toSeconds(); second++) {
      long delivered = deliveries;
      Duration before = cpu;
      end += Duration.ofSeconds(1).toNanos();
      pump(end, true);
      cpu = server.cpu();
      seconds.add(new Second(deliveries - delivered, cpu.minus(before)));
    }
    drain();
    if (missed + missing() + wrong > 0) {
      throw new IOException(
          missed + missing() + " messages were lost, and " + wrong + " were wrong");
    }
    return seconds;
  }

  /**
   * A second of a run.
   *
   * @param deliveries the copies that members received in it
   * @param serverCpu the processor time of the server's process in it
   */
  record Second(long deliveries, Duration serverCpu) {}

  /** Waits until the server has nothing to do, and returns the time at which publishing begins. */
  private long start() throws IOException {
    pump(System.nanoTime() + SETTLE.toNanos(), false);
    long start = System.nanoTime();
    for (int i = 0; i < publishers.size(); i++) {
      publishers.get(i).due = start + period() * i / publishers.size();
    }
    return start;
  }

  /** Waits for what is still on its way. */
  private void drain() throws IOException {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (missing() > 0 && System.nanoTime() < deadline) {
      pump(System.nanoTime() + Duration.ofMillis(20).toNanos(), false);
    }
  }

  private void pump(long until, boolean publishing) throws IOException {
    for (long now = System.nanoTime(); now < until; now = System.nanoTime()) {
      long next = until;
      if (publishing) {
        next = Math.min(next, publishDue(now));
      }
      long millis = Math.max(0, next - System.nanoTime()) / 1_000_000;
      if (millis > 0) {
        selector.select(this::handleReady, millis);
      } else {
        selector.selectNow(this::handleReady);
      }
    }
  }

  /** Publishes what is due. Returns when the next message is due by the clock alone. */
  private long publishDue(long now) throws IOException {
    long next = Long.MAX_VALUE;
    for (LoadPublisher publisher : publishers) {
      if (scenario.paced()) {
        for (; publisher.due <= now; publisher.due += period()) {
          publish(publisher, publisher.due);
        }
        next = Math.min(next, publisher.due);
      } else {
        long delivered = publisher.copiesReceived / scenario.copies();
        while (publisher.sent - delivered < scenario.inFlight()) {
          publish(publisher, System.nanoTime());
        }
      }
    }
    return next;
  }

  private void publish(LoadPublisher publisher, long clock) throws IOException {
    LoadClient client = publisher.client;
    byte[] message = wireFormat.encode(client.room, publisher.sent++, clock, scenario.payload());
    client.send(WireFormat.maskedFrame(message));
  }

  private long period() {
    return scenario.paced() ? (long) (1e9 / scenario.perSecond()) : 0;
  }

  private void handleReady(SelectionKey key) {
    LoadClient client = (LoadClient) key.attachment();
    try {
      if (key.isWritable()) {
        client.flush();
      }
      if (key.isReadable()) {
        read(client);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("client " + client.id, failure);
    }
  }

  private void read(LoadClient client) throws IOException {
    int count = client.read(input.clear());
    if (count < 0) {
      throw new IOException("the server closed the connection without a close frame");
    }
    int rest = client.partialFrame.length;
    System.arraycopy(client.partialFrame, 0, bytes, 0, rest);
    input.flip().get(bytes, rest, count);
    int end = rest + count;
    int position = 0;
    long now = System.nanoTime();
    for (int next = ServerFrame.end(bytes, position, end);
        next >= 0;
        next = ServerFrame.end(bytes, position, end)) {
      int payload = position + ServerFrame.headerBytes(bytes, position);
      int opcode = bytes[position] & 0xff;
      if (opcode == ServerFrame.CLOSE) {
        throw new IOException(
            "the server closed the connection: "
                + new String(bytes, payload, next - payload, UTF_8));
      } else if (opcode == ServerFrame.PING) {
        client.send(ByteBuffer.wrap(PONG));
      } else {
        for (int message = payload;
            message < next;
            message = wireFormat.endOfMessage(bytes, message, next) + 1) {
          receive(client, message, next, now);
        }
      }
      position = next;
      frames += counting ? 1 : 0;
    }
    reads += counting ? 1 : 0;
    client.partialFrame = position == end ? NOTHING : Arrays.copyOfRange(bytes, position, end);
  }

  private void receive(LoadClient client, int from, int end, long now) throws IOException {
    if (scenario.isEcho() && wireFormat.readReply(bytes, from, client.id)) {
      countMessage(client, now);
      return;
    }
    if (wireFormat.read(bytes, from, end)) {
      countMessage(client, now);
      return;
    }
    ByteBuffer reply = wireFormat.replyTo(bytes, from, end);
    if (reply != null) {
      client.send(reply);
    }
  }

  private void countMessage(LoadClient client, long now) {
    int sender = wireFormat.sender();
    if (sender == client.id && !scenario.isEcho()) {
      return; // Tyrus's broadcast includes the sender
    }
    int index = sender % scenario.members();
    if (sender / scenario.members() != client.room || index >= scenario.publishers()) {
      wrong++;
      return;
    }
    int number = wireFormat.number();
    int expected = client.received[index];
    if (number < expected) {
      wrong++;
      return;
    }
    missed += number - expected;
    client.received[index] = number + 1;
    publishers.get(client.room * scenario.publishers() + index).copiesReceived++;
    deliveries += counting ? 1 : 0;
    long clock = wireFormat.clock();
    if (clock >= from && clock < to) {
      latencies.add(now - clock);
    }
  }

  private long missing() {
    long missing = 0;
    for (LoadClient client : clients) {
      for (int i = 0; i < scenario.publishers(); i++) {
        LoadPublisher publisher = publishers.get(client.room * scenario.publishers() + i);
        if (publisher.client != client || scenario.isEcho()) {
          missing += publisher.sent - client.received[i];
        }
      }
    }
    return missing;
  }

  @Override
  public void close() throws IOException {
    for (LoadClient client : clients) {
      client.close();
    }
    selector.close();
  }
}
