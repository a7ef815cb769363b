package dev.roomful.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The Centrifuge protocol in JSON. The data of a publication is a string. */
final class CentrifugeWireFormat extends WireFormat {
  private static final byte[] PONG = "{}".getBytes(US_ASCII);
  private static final int PUSH_INDEX = "{\"".length();
  private static final int TO_ROOM_NUMBER = "{\"push\":{\"channel\":\"r".length();
  private static final int TO_DATA = "\",\"pub\":{\"data\":\"".length();
  private static final int TO_USER = "\",\"info\":{\"user\":\"".length();

  @Override
  byte[] joinCommand(int room) {
    String subscribe = "{\"subscribe\":{\"channel\":\"r" + room + "\"},\"id\":2}";
    return ("{\"connect\":{\"name\":\"loopback\"},\"id\":1}\n" + subscribe).getBytes(US_ASCII);
  }

  @Override
  boolean isJoined(String answer) {
    if (answer.contains("\"error\"")) {
      throw new IllegalStateException("the server rejected the command: " + answer);
    }
    return answer.contains("\"subscribe\"");
  }

  @Override
  byte[] encode(int room, int number, long clock, int length) {
    String command = "{\"publish\":{\"channel\":\"r" + room + "\",\"data\":\"";
    byte[] start = command.getBytes(US_ASCII);
    byte[] end = ("\"},\"id\":" + (number + 3) + "}").getBytes(US_ASCII);
    ByteBuffer whole = ByteBuffer.allocate(start.length + length + end.length);
    return whole.put(start).put(payload(number, clock, length)).put(end).array();
  }

  @Override
  boolean read(byte[] bytes, int from, int end) {
    position = from;
    if (end - from <= PUSH_INDEX || bytes[from + PUSH_INDEX] != 'p') {
      return false;
    }
    position += TO_ROOM_NUMBER;
    skipTo(bytes, '"');
    position += TO_DATA;
    readPayload(bytes);
    skipTo(bytes, '"');
    position += TO_USER;
    readSender(bytes);
    return true;
  }

  private void skipTo(byte[] bytes, char wanted) {
    while (bytes[position] != wanted) {
      position++;
    }
  }

  /** {@return the end of a line, searched from the position that was read last} */
  @Override
  int endOfMessage(byte[] bytes, int from, int frameEnd) {
    int end = position;
    while (end < frameEnd && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  @Override
  @Nullable ByteBuffer replyTo(byte[] bytes, int from, int end) {
    return bytes[from + 1] == '}' ? maskedFrame(PONG) : null;
  }
}
