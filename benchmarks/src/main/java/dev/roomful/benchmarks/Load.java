package dev.roomful.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
 * All clients of a scenario, on the one thread that calls: connects, speaks, reads, counts, and
 * checks that each listener gets every message of each speaker once and in order.
 */
final class Load implements AutoCloseable {
  private static final int READ_BYTES = 256 * 1024;
  private static final int LONGEST_FRAME = 1024 * 1024;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final byte[] NOTHING = {};
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0};
  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Scenario scenario;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final List<Speaker> speakers = new ArrayList<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BYTES);
  private final byte[] bytes = new byte[READ_BYTES + LONGEST_FRAME];
  private final Speech speech;
  private final Latencies latencies = new Latencies();
  private boolean counting;
  private long from = Long.MAX_VALUE;
  private long to = Long.MAX_VALUE;
  private long deliveries;
  private long frames;
  private long reads;
  private long missed;
  private long wrong;

  Load(Scenario scenario, Speech speech, int port) throws IOException {
    this.scenario = scenario;
    this.speech = speech;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int room = 0; room < scenario.rooms(); room++) {
      for (int member = 0; member < scenario.members(); member++) {
        int id = clients.size();
        SocketChannel channel = Upgrade.connect(address, "/ws/" + id + "?room=r" + room);
        enter(channel, room);
        Client client = new Client(id, room, scenario.speakers(), channel, selector);
        clients.add(client);
        if (member < scenario.speakers()) {
          speakers.add(new Speaker(client));
        }
      }
    }
  }

  private void enter(SocketChannel channel, int room) throws IOException {
    byte[] wish = speech.entering(room);
    if (wish != null) {
      channel.write(Speech.masked(wish));
      while (!speech.isIn(Upgrade.frame(channel))) {
        // the answer to what came before that
      }
    }
  }

  /** Says numbered messages. */
  private static final class Speaker {
    private final Client client;
    private int said;
    private long copies; // of all that was said, with all listeners
    private long due;

    Speaker(Client client) {
      this.client = client;
    }
  }

  Measurement run(ServerProcess server) throws IOException {
    pump(System.nanoTime() + SETTLE.toNanos(), false);
    long start = System.nanoTime();
    for (int i = 0; i < speakers.size(); i++) {
      speakers.get(i).due = start + period() * i / speakers.size();
    }
    from = start + scenario.warmUp().toNanos();
    to = from + scenario.duration().toNanos();
    pump(from, true);
    Duration before = server.cpu();
    long counted = System.nanoTime();
    counting = true;
    pump(to, true);
    counting = false;
    Duration time = Duration.ofNanos(System.nanoTime() - counted);
    Duration cpu = server.cpu().minus(before);
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (missing() > 0 && System.nanoTime() < deadline) {
      pump(System.nanoTime() + Duration.ofMillis(20).toNanos(), false);
    }
    return new Measurement(
        deliveries,
        time,
        cpu,
        latencies,
        (double) frames / Math.max(1, reads),
        missed + missing(),
        wrong);
  }

  private void pump(long until, boolean speaking) throws IOException {
    for (long now = System.nanoTime(); now < until; now = System.nanoTime()) {
      long next = until;
      if (speaking) {
        next = Math.min(next, speak(now));
      }
      long millis = Math.max(0, next - System.nanoTime()) / 1_000_000;
      if (millis > 0) {
        selector.select(this::serve, millis);
      } else {
        selector.selectNow(this::serve);
      }
    }
  }

  /** All who may; returns when the next one may without having heard anything. */
  private long speak(long now) throws IOException {
    long next = Long.MAX_VALUE;
    for (Speaker speaker : speakers) {
      if (scenario.paced()) {
        for (; speaker.due <= now; speaker.due += period()) {
          say(speaker, speaker.due);
        }
        next = Math.min(next, speaker.due);
      } else {
        long done = speaker.copies / (scenario.members() - 1);
        while (speaker.said - done < scenario.inFlight()) {
          say(speaker, System.nanoTime());
        }
      }
    }
    return next;
  }

  private void say(Speaker speaker, long clock) throws IOException {
    Client client = speaker.client;
    byte[] said = speech.said(client.room, speaker.said++, clock, scenario.payload());
    client.send(Speech.masked(said));
  }

  private long period() {
    return scenario.paced() ? (long) (1e9 / scenario.perSecond()) : 0;
  }

  private void serve(SelectionKey key) {
    Client client = (Client) key.attachment();
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

  private void read(Client client) throws IOException {
    int count = client.read(input.clear());
    if (count < 0) {
      throw new IOException("the server hung up");
    }
    int rest = client.rest.length;
    System.arraycopy(client.rest, 0, bytes, 0, rest);
    input.flip().get(bytes, rest, count);
    int end = rest + count;
    int at = 0;
    long now = System.nanoTime();
    for (int next = frameEnd(at, end); next >= 0; next = frameEnd(at, end)) {
      int payload = at + headerBytes(at);
      int opcode = bytes[at] & 0xff;
      if (opcode == CLOSE) {
        throw new IOException(
            "the server closed: " + new String(bytes, payload, next - payload, UTF_8));
      } else if (opcode == PING) {
        client.send(ByteBuffer.wrap(PONG));
      } else {
        for (int said = payload; said < next; said = speech.end(bytes, said, next) + 1) {
          hear(client, said, next, now);
        }
      }
      at = next;
      frames += counting ? 1 : 0;
    }
    reads += counting ? 1 : 0;
    client.rest = at == end ? NOTHING : Arrays.copyOfRange(bytes, at, end);
  }

  private void hear(Client client, int from, int end, long now) throws IOException {
    if (speech.read(bytes, from, end)) {
      heard(client, now);
      return;
    }
    ByteBuffer answer = speech.answer(bytes, from, end);
    if (answer != null) {
      client.send(answer);
    }
  }

  /** Where the frame ends that begins here, or -1 if it has not come whole. */
  private int frameEnd(int at, int end) {
    if (end - at < 2 || end - at < headerBytes(at)) {
      return -1;
    }
    long length = bytes[at + 1] & 0x7f;
    if (length >= 126) {
      length = 0;
      for (int i = at + 2; i < at + headerBytes(at); i++) {
        length = (length << 8) | (bytes[i] & 0xff);
      }
    }
    long frameEnd = at + headerBytes(at) + length;
    return frameEnd <= end ? (int) frameEnd : -1;
  }

  private int headerBytes(int at) {
    int length = bytes[at + 1] & 0x7f;
    return length < 126 ? 2 : length == 126 ? 4 : 10;
  }

  private void heard(Client client, long now) {
    int sender = speech.sender();
    if (sender == client.id) {
      return; // Tyrus's broadcast tells the speaker too
    }
    int index = sender % scenario.members();
    if (sender / scenario.members() != client.room || index >= scenario.speakers()) {
      wrong++;
      return;
    }
    int number = speech.number();
    int expected = client.heard[index];
    if (number < expected) {
      wrong++;
      return;
    }
    missed += number - expected;
    client.heard[index] = number + 1;
    speakers.get(client.room * scenario.speakers() + index).copies++;
    deliveries += counting ? 1 : 0;
    long clock = speech.clock();
    if (clock >= from && clock < to) {
      latencies.add(now - clock);
    }
  }

  private long missing() {
    long missing = 0;
    for (Client client : clients) {
      for (int i = 0; i < scenario.speakers(); i++) {
        Speaker speaker = speakers.get(client.room * scenario.speakers() + i);
        if (speaker.client != client) {
          missing += speaker.said - client.heard[i];
        }
      }
    }
    return missing;
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.close();
    }
    selector.close();
  }
}
