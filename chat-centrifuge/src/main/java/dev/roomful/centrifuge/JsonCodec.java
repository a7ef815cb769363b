package dev.roomful.centrifuge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The protocol in JSON: text frames of one object a line. */
final class JsonCodec implements Codec {
  @Override
  public String subprotocol() {
    return "centrifuge-json";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public List<Command> commands(String frame) throws Malformed {
    char[] text = frame.toCharArray();
    // One line feed may end the last line, too.
    int length = text.length > 0 && text[text.length - 1] == '\n' ? text.length - 1 : text.length;
    List<Command> commands = new ArrayList<>();
    for (int start = 0; start <= length; ) {
      int end = start;
      while (end < length && text[end] != '\n') {
        end++;
      }
      if (commands.size() == MOST_COMMANDS) {
        throw new Malformed("more than " + MOST_COMMANDS + " commands in one frame");
      }
      commands.add(JsonCommands.read(text, start, end - start));
      start = end + 1;
    }
    return commands;
  }

  @Override
  public List<Command> commands(ByteBuffer frame) throws Malformed {
    throw new Malformed("a binary frame on a connection that speaks JSON");
  }

  @Override
  public byte[] encode(Outgoing message) {
    return JsonWriter.whole(message);
  }

  @Override
  public byte[] join(List<byte[]> frames) {
    ByteBuffer joined =
        ByteBuffer.allocate(
            frames.stream().mapToInt(f -> f.length).sum() + Math.max(0, frames.size() - 1));
    for (byte[] frame : frames) {
      if (joined.position() > 0) {
        joined.put((byte) '\n');
      }
      joined.put(frame);
    }
    return joined.array();
  }

  @Override
  public Stencil publication(String channel, Publication publication) {
    byte[] before = new JsonWriter().beforeOffset(channel, publication);
    return offset -> {
      byte[] after = (offset + "}}}").getBytes(StandardCharsets.US_ASCII);
      byte[] frame = new byte[before.length + after.length];
      System.arraycopy(before, 0, frame, 0, before.length);
      System.arraycopy(after, 0, frame, before.length, after.length);
      return frame;
    };
  }

  @Override
  public boolean carries(Data data) {
    return data.isEmpty() || data.isJson();
  }
}
