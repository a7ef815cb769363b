package dev.roomful.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One listener, which may be a speaker too: its connection, and what it has heard. */
final class LoadClient {
  final int id;
  final int room;

  /** How many messages of each speaker in the room have come, or were missed. */
  final int[] received;

  /** The beginning of a frame that has not come whole yet. */
  byte[] partialFrame = new byte[0];

  private final SocketChannel channel;
  private final SelectionKey key;
  private ByteBuffer unsent = ByteBuffer.allocate(0);

  LoadClient(int id, int room, int publishers, SocketChannel channel, Selector selector)
      throws IOException {
    this.id = id;
    this.room = room;
    this.received = new int[publishers];
    this.channel = channel;
    channel.configureBlocking(false);
    this.key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  /** Sends a frame, as soon as the socket takes it. */
  void send(ByteBuffer frame) throws IOException {
    if (unsent.hasRemaining()) {
      unsent =
          ByteBuffer.allocate(unsent.remaining() + frame.remaining()).put(unsent).put(frame).flip();
    } else {
      unsent = frame;
    }
    flush();
  }

  void flush() throws IOException {
    channel.write(unsent);
    int reading = SelectionKey.OP_READ;
    key.interestOps(unsent.hasRemaining() ? reading | SelectionKey.OP_WRITE : reading);
  }

  void close() throws IOException {
    channel.close();
  }
}
