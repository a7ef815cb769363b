package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection over a socket, with one thread that reads and one that writes. */
final class SocketLink implements Connection {
  private final Socket socket;
  private final DataInputStream in;
  private final int limit;
  private final Function<byte[], byte[]> wire;

  /** At most one write, one ping, one pong and one close frame wait here. */
  private final LinkedBlockingQueue<Runnable> writes = new LinkedBlockingQueue<>();

  private final AtomicReference<byte @Nullable []> latestPing = new AtomicReference<>();
  private volatile boolean closeSent;
  private volatile boolean over;

  SocketLink(Socket socket, DataInputStream in, int limit, Function<byte[], byte[]> wire) {
    this.socket = socket;
    this.in = in;
    this.limit = limit;
    this.wire = wire;
    SocketServer.start(this::write);
  }

  private void write() {
    try {
      while (!over || !writes.isEmpty()) {
        writes.take().run();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void write(Batch batch, Completion completion) {
    writes.add(
        () -> {
          ByteBuffer frames = batch.wire();
          byte[] all = new byte[frames.remaining()];
          frames.get(all);
          send(wire.apply(all), completion);
        });
    wakeIfOver();
  }

  @Override
  public void ping(Completion completion) {
    writes.add(() -> send(frame(WireFrames.PING, new byte[0]), completion));
    wakeIfOver();
  }

  private void send(byte[] bytes, Completion completion) {
    if (closeSent) {
      completion.failed(new IOException("a close frame was sent"));
      return;
    }
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException lost) {
      completion.failed(lost);
      return;
    }
    completion.succeeded();
  }

  /** Runs waiting writes on the caller's thread if the writing thread may have ended. */
  private void wakeIfOver() {
    if (over) {
      for (Runnable write = writes.poll(); write != null; write = writes.poll()) {
        write.run();
      }
    }
  }

  private static byte[] frame(int opcode, byte[] payload) {
    return WireFrames.encode(true, 0, opcode, payload, false);
  }

  @Override
  public void close(int code, String reason) {
    byte[] utf8 = reason.getBytes(UTF_8);
    byte[] payload = ByteBuffer.allocate(2 + utf8.length).putShort((short) code).put(utf8).array();
    writes.add(() -> sendClose(payload));
    wakeIfOver();
  }

  private void sendClose(byte[] payload) {
    if (!closeSent) {
      closeSent = true;
      sendQuietly(frame(WireFrames.CLOSE, payload));
    }
  }

  private void sendQuietly(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException lost) {
      // The reading thread reports the end.
    }
  }

  @Override
  public Optional<String> remoteAddress() {
    return Optional.of(socket.getInetAddress().getHostAddress());
  }

  @Override
  public void abort() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // The socket is closed in any case.
    }
  }

  /** Reads until the connection ends, and reports how. */
  void read(Receiver receiver) {
    int code = 1006;
    String reason = "";
    try {
      byte[] close = messages(receiver);
      if (close.length == 0) {
        code = 1005;
      } else {
        code = ByteBuffer.wrap(close).getShort() & 0xFFFF;
        reason = new String(close, 2, close.length - 2, UTF_8);
        if (code < 1000 || code > 4999 || code == 1004 || code == 1006 || code == 1015) {
          throw new Breach(1002, "no code to send");
        }
      }
      receiver.closing(code, reason); // first: writes fail when the close frame was answered
      writes.add(() -> sendClose(close));
    } catch (Breach breach) {
      code = breach.code;
      reason = breach.reason;
      close(code, reason);
    } catch (IOException lost) {
      abort();
    }
    CountDownLatch written = new CountDownLatch(1);
    writes.add(
        () -> {
          over = true;
          written.countDown();
        });
    receiver.closed(code, reason);
    linger(written);
    abort();
    wakeIfOver();
  }

  /**
   * Lingers: closing a socket with unread input resets it, and the client may miss the close frame.
   */
  private void linger(CountDownLatch written) {
    try {
      if (written.await(1, TimeUnit.SECONDS)) {
        socket.shutdownOutput();
        socket.setSoTimeout(500);
        in.skipNBytes(64 << 10);
      }
    } catch (IOException ended) {
      // The client has ended its side.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Delivers messages until a close frame arrives. {@return the payload of the close frame} */
  private byte[] messages(Receiver receiver) throws IOException, Breach {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int type = 0;
    while (true) {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      int opcode = first & 15;
      boolean fin = first > 127;
      long length = second & 127;
      length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
      boolean control = opcode >= 8;
      require((first & 0x70) == 0 && second > 127, 1002, "reserved bits, or no mask");
      require(opcode < 3 || (control && opcode < 11), 1002, "a reserved opcode");
      require(!control || (fin && length < 126), 1002, "a large or fragmented control frame");
      require(control || (opcode == 0) == (type != 0), 1002, "fragments out of order");
      require(control || length + message.size() <= limit, 1009, "message too big");
      byte[] payload = unmasked((int) length);
      if (control) {
        if (opcode == WireFrames.CLOSE) {
          return payload;
        } else if (opcode == WireFrames.PONG) {
          receiver.pong();
        } else {
          answerPing(payload);
        }
      } else {
        type = opcode == 0 ? type : opcode;
        message.writeBytes(payload);
        if (fin) {
          bring(receiver, type == WireFrames.TEXT, message.toByteArray());
          message.reset();
          type = 0;
        } else {
          receiver.fragment();
        }
      }
    }
  }

  /** Keeps one pong waiting at most, for the latest ping (RFC 6455 section 5.5.3). */
  private void answerPing(byte[] payload) {
    if (latestPing.getAndSet(payload) == null) {
      writes.add(() -> sendQuietly(frame(WireFrames.PONG, latestPing.getAndSet(null))));
    }
  }

  private byte[] unmasked(int length) throws IOException {
    byte[] mask = new byte[4];
    in.readFully(mask);
    byte[] payload = new byte[length];
    in.readFully(payload);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return payload;
  }

  private static void bring(Receiver receiver, boolean text, byte[] message) throws Breach {
    if (!text) {
      receiver.binary(ByteBuffer.wrap(message));
      return;
    }
    String decoded;
    try {
      decoded = UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
    } catch (CharacterCodingException wrong) {
      throw new Breach(1007, "not UTF-8");
    }
    receiver.text(decoded);
  }

  private static void require(boolean kept, int code, String reason) throws Breach {
    if (!kept) {
      throw new Breach(code, reason);
    }
  }

  /** The client violated the protocol. */
  private static final class Breach extends Exception {
    private static final long serialVersionUID = 1;
    private final int code;
    private final String reason;

    Breach(int code, String reason) {
      super(reason);
      this.code = code;
      this.reason = reason;
    }
  }
}
