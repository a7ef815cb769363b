package dev.roomful.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A client of a room: its connection, and how many messages it has received. */
final class LoadClient {
  final int id;
  final int room;

  /** The number of the next message that is expected from each publisher in the room. */
  final int[] received;

  /** The beginning of a frame whose rest has not arrived yet. */
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

  /** Writes a frame, or as much as the socket accepts. The rest follows when it is writable. */
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
