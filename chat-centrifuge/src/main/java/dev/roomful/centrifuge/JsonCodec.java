package dev.roomful.centrifuge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The JSON form: text frames with one object a line. */
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
  public List<Command> decode(String frame) throws MalformedFrameException {
    char[] text = frame.toCharArray();
    // A line feed may also follow the last line.
    int length = text.length > 0 && text[text.length - 1] == '\n' ? text.length - 1 : text.length;
    List<Command> commands = new ArrayList<>();
    for (int start = 0; start <= length; ) {
      int end = start;
      while (end < length && text[end] != '\n') {
        end++;
      }
      if (commands.size() == MAX_COMMANDS) {
        throw new MalformedFrameException("more than " + MAX_COMMANDS + " commands in one frame");
      }
      commands.add(JsonCommands.read(text, start, end - start));
      start = end + 1;
    }
    return commands;
  }

  @Override
  public List<Command> decode(ByteBuffer frame) throws MalformedFrameException {
    throw new MalformedFrameException("binary frame on a JSON connection");
  }

  @Override
  public byte[] encode(ServerMessage message) {
    return JsonWriter.encode(message);
  }

  @Override
  public byte[] mergeFrames(List<byte[]> frames) {
    ByteBuffer merged =
        ByteBuffer.allocate(
            frames.stream().mapToInt(f -> f.length).sum() + Math.max(0, frames.size() - 1));
    for (byte[] frame : frames) {
      if (merged.position() > 0) {
        merged.put((byte) '\n');
      }
      merged.put(frame);
    }
    return merged.array();
  }

  @Override
  public PublicationTemplate publicationTemplate(String channel, Publication publication) {
    byte[] prefix = new JsonWriter().upToTime(channel, publication);
    return (offset, time) -> {
      byte[] suffix = (time + ",\"offset\":" + offset + "}}}").getBytes(StandardCharsets.US_ASCII);
      byte[] frame = new byte[prefix.length + suffix.length];
      System.arraycopy(prefix, 0, frame, 0, prefix.length);
      System.arraycopy(suffix, 0, frame, prefix.length, suffix.length);
      return frame;
    };
  }
}
