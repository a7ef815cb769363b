package dev.roomful.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The least that a chat in Java has to do: one thread with a {@link Selector} encodes a message
 * once, and calls {@link SocketChannel#write} of one direct buffer for each member. It has no
 * queues, no bounds and no control frames, and waits for a member that does not read, so it shows
 * what a JVM costs, and is no server.
 */
final class SelectorLoop {
  private static final int LARGEST_INPUT = 128 << 10;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Map<String, List<Member>> rooms = new HashMap<>();
  private final ByteBuffer output = ByteBuffer.allocateDirect(LARGEST_INPUT);

  private SelectorLoop(Selector selector, ServerSocketChannel server) {
    this.selector = selector;
    this.server = server;
  }

  /** Starts the thread, which runs until the process ends; returns the port. */
  static int start(String host, int port) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(host, port), 4096);
    server.configureBlocking(false);
    Selector selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    SelectorLoop loop = new SelectorLoop(selector, server);
    new Thread(loop::run, "selector-loop").start();
    return server.socket().getLocalPort();
  }

  private void run() {
    while (true) {
      try {
        selector.select(
            key -> {
              if (key.attachment() instanceof Member member) {
                member.onReadable();
              } else {
                accept();
              }
            });
      } catch (IOException failure) {
        throw new IllegalStateException("the selector failed", failure);
      }
    }
  }

  private void accept() {
    try {
      for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new Member(channel));
      }
    } catch (IOException failure) {
      throw new IllegalStateException("accepting a connection failed", failure);
    }
  }

  /** Encodes a text frame (RFC 6455 section 5.2). */
  private ByteBuffer textFrame(String prefix, ByteBuffer text) {
    int length = prefix.length() + text.remaining();
    output.clear().put((byte) 0x81);
    if (length < 126) {
      output.put((byte) length);
    } else if (length < 1 << 16) {
      output.put((byte) 126).putShort((short) length);
    } else {
      output.put((byte) 127).putLong(length);
    }
    return output.put(prefix.getBytes(ISO_8859_1)).put(text.duplicate()).flip();
  }

  private final class Member {
    private final SocketChannel channel;
    private final ByteBuffer input = ByteBuffer.allocate(LARGEST_INPUT);
    private String id = "";
    private List<Member> room = new ArrayList<>(); // its room after the handshake

    Member(SocketChannel channel) {
      this.channel = channel;
    }

    void onReadable() {
      try {
        if (channel.read(input) < 0) {
          close();
          return;
        }
        input.flip();
        if (id.isEmpty()) {
          handshake();
        }
        while (!id.isEmpty() && nextFrame()) {
          // Each call handles one.
        }
        input.compact();
      } catch (IOException failure) { // The client has reset the connection.
        close();
      }
    }

    private void close() {
      room.remove(this);
      try {
        channel.close();
      } catch (IOException failure) {
        throw new IllegalStateException("closing a channel failed", failure);
      }
    }

    /** Answers the handshake once it is complete (RFC 6455 section 4.2.2). */
    private void handshake() {
      String request = new String(input.array(), 0, input.limit(), ISO_8859_1);
      int end = request.indexOf("\r\n\r\n");
      if (end < 0) {
        return;
      }
      input.position(end + 4);
      String path = request.substring("GET /ws/".length(), request.indexOf(' ', 4));
      int query = path.indexOf("?room=");
      id = query < 0 ? path : path.substring(0, query);
      String name = query < 0 ? "" : path.substring(query + "?room=".length());
      int key = request.toLowerCase(Locale.ROOT).indexOf("sec-websocket-key:");
      String value = request.substring(key + 18, request.indexOf("\r\n", key)).strip();
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accept(value)
              + "\r\n\r\n";
      write(ByteBuffer.wrap(answer.getBytes(ISO_8859_1)));
      room = rooms.computeIfAbsent(name, ignored -> new ArrayList<>());
      room.add(this);
    }

    private static String accept(String key) {
      try {
        byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException("every Java platform has SHA-1", impossible);
      }
    }

    /** Handles one masked frame; returns false if it is incomplete. */
    private boolean nextFrame() {
      int start = input.position();
      if (input.remaining() < 6) {
        return false;
      }
      int opcode = input.get(start) & 15;
      int length = input.get(start + 1) & 127;
      int header = 2;
      if (length == 126) {
        length = input.getShort(start + 2) & 0xFFFF;
        header = 4;
      } else if (length == 127) {
        length = (int) input.getLong(start + 2);
        header = 10;
      }
      int mask = start + header;
      int text = mask + 4;
      if (text + length > input.limit()) {
        return false;
      }
      byte[] bytes = input.array();
      for (int i = 0; i < length; i++) {
        bytes[text + i] ^= bytes[mask + (i & 3)];
      }
      input.position(text + length);
      if (opcode == 1) {
        publish(ByteBuffer.wrap(bytes, text, length));
      }
      return true;
    }

    private void publish(ByteBuffer text) {
      write(textFrame("You wrote: ", text));
      ByteBuffer frame = textFrame("Client #" + id + " says: ", text);
      for (int i = room.size() - 1; i >= 0; i--) { // a write may remove its member
        Member other = room.get(i);
        if (other != this) {
          other.write(frame.rewind());
        }
      }
    }

    private void write(ByteBuffer bytes) {
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException failure) { // The client has reset the connection.
        close();
      }
    }
  }
}
