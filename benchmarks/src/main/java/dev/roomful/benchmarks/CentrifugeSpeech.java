package dev.roomful.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The Centrifuge protocol in JSON: what is said is a string, who said it is a user. */
final class CentrifugeSpeech extends Speech {
  private static final byte[] PONG = "{}".getBytes(US_ASCII);
  private static final int PUSH = "{\"".length();
  private static final int COLONS_TO_DATA = 4; // push, channel, pub, data
  private static final int TO_USER = "\",\"info\":{\"user\":\"".length();

  @Override
  void join(SocketChannel channel, int room) throws IOException {
    String wish = "{\"subscribe\":{\"channel\":\"r" + room + "\"},\"id\":2}";
    channel.write(masked(("{\"connect\":{},\"id\":1}\n" + wish).getBytes(US_ASCII)));
    String answer = "";
    while (!answer.contains("\"subscribe\"")) {
      answer = frame(channel);
      if (answer.contains("\"error\"")) {
        throw new IOException("the server refused: " + answer);
      }
    }
  }

  /** A short frame of the server's. */
  private static String frame(SocketChannel channel) throws IOException {
    int length = whole(channel, 2).get(1) & 0x7f;
    if (length == 126) {
      length = whole(channel, 2).getShort() & 0xffff;
    }
    return US_ASCII.decode(whole(channel, length)).toString();
  }

  private static ByteBuffer whole(SocketChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("closed before it was in the room");
      }
    }
    return bytes.flip();
  }

  @Override
  ByteBuffer frame(int room, int number, long clock, int length) {
    String command = "{\"publish\":{\"channel\":\"r" + room + "\",\"data\":\"";
    byte[] start = command.getBytes(US_ASCII);
    byte[] end = ("\"},\"id\":" + (number + 3) + "}").getBytes(US_ASCII);
    ByteBuffer whole = ByteBuffer.allocate(start.length + length + end.length);
    return masked(whole.put(start).put(text(number, clock, length)).put(end).array());
  }

  @Override
  boolean read(byte[] bytes, int from, int end) {
    if (end - from <= PUSH || bytes[from + PUSH] != 'p') {
      return false;
    }
    at = from;
    for (int colons = 0; colons < COLONS_TO_DATA; at++) {
      if (bytes[at] == ':') {
        colons++;
      }
    }
    at++;
    readSaid(bytes);
    while (bytes[at] != '"') {
      at++;
    }
    at += TO_USER;
    readSender(bytes);
    return true;
  }

  @Override
  @Nullable ByteBuffer answer(byte[] bytes, int from, int end) {
    return end - from == PONG.length ? masked(PONG) : null;
  }
}
