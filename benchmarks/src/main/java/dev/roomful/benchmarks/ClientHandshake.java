package dev.roomful.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client's handshake (RFC 6455 section 4.1) without extensions. */
final class ClientHandshake {
  private static final String END = "\r\n\r\n";

  private ClientHandshake() {}

  /** Opens a connection. Nothing after the server's response has been read from it. */
  static SocketChannel connect(InetSocketAddress address, String path) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.write(ByteBuffer.wrap(request(address, path)));
      String response = readResponse(channel);
      if (!response.startsWith("HTTP/1.1 101 ")) {
        throw new IOException("the server rejected the handshake: " + response);
      }
      return channel;
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  /** {@return the request of a handshake} */
  static byte[] request(InetSocketAddress address, String path) {
    return String.join(
            "\r\n",
            "GET " + path + " HTTP/1.1",
            "Host: " + address.getHostString() + ":" + address.getPort(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            END.substring(2))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads byte by byte, since frames may follow at once. */
  private static String readResponse(SocketChannel channel) throws IOException {
    StringBuilder response = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (response.indexOf(END, Math.max(0, response.length() - END.length())) < 0) {
      if (channel.read(one.clear()) < 0) {
        throw new EOFException(
            "the server closed the connection during the handshake, after: " + response);
      }
      response.append((char) one.get(0));
    }
    return response.toString();
  }

  /** Reads a short frame of the server from a blocking connection. */
  static String readFrame(SocketChannel channel) throws IOException {
    int length = readFully(channel, 2).get(1) & 0x7f;
    if (length == 126) {
      length = readFully(channel, 2).getShort() & 0xffff;
    }
    return StandardCharsets.UTF_8.decode(readFully(channel, length)).toString();
  }

  private static ByteBuffer readFully(SocketChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the server closed the connection before the client had joined");
      }
    }
    return bytes.flip();
  }
}
