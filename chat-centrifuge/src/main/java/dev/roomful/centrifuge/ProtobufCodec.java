package dev.roomful.centrifuge;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.roomful.centrifuge.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The Protobuf form: binary frames of messages, each with its length before it. */
final class ProtobufCodec implements Codec {
  private static final int LENGTH_DELIMITED = 2;

  @Override
  public String subprotocol() {
    return ProtobufSupport.SUBPROTOCOL;
  }

  @Override
  public boolean isText() {
    return false;
  }

  @Override
  public List<Command> decode(String frame) throws MalformedFrameException {
    throw new MalformedFrameException("text frame on a Protobuf connection");
  }

  @Override
  public List<Command> decode(ByteBuffer frame) throws MalformedFrameException {
    byte[] bytes = new byte[frame.remaining()];
    frame.duplicate().get(bytes);
    List<Command> commands = new ArrayList<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      do {
        if (commands.size() == MAX_COMMANDS) {
          throw new MalformedFrameException("more than " + MAX_COMMANDS + " commands in one frame");
        }
        // Also throws if the length is malformed or exceeds the rest of the frame.
        int length = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        in.skipRawBytes(length);
        commands.add(ProtobufCommands.read(Wire.Command.parser().parseFrom(bytes, start, length)));
      } while (!in.isAtEnd());
    } catch (IOException e) {
      throw new MalformedFrameException("not a Protobuf message of the schema");
    }
    return commands;
  }

  @Override
  public byte[] encode(ServerMessage message) {
    Wire.Reply reply = ProtobufReplies.of(message);
    int size = reply.getSerializedSize();
    byte[] frame = new byte[CodedOutputStream.computeUInt32SizeNoTag(size) + size];
    return fill(
        frame,
        out -> {
          out.writeUInt32NoTag(size);
          reply.writeTo(out);
        });
  }

  @Override
  public byte[] mergeFrames(List<byte[]> frames) {
    ByteBuffer merged = ByteBuffer.allocate(frames.stream().mapToInt(f -> f.length).sum());
    frames.forEach(merged::put);
    return merged.array();
  }

  @Override
  public PublicationTemplate publicationTemplate(String channel, Publication publication) {
    byte[] pushPrefix = Wire.Push.newBuilder().setChannel(channel).build().toByteArray();
    byte[] pubPrefix = ProtobufReplies.withoutOffsetAndTime(publication).build().toByteArray();
    return (offset, time) -> publicationFrame(pushPrefix, pubPrefix, offset, time);
  }

  /** Fields may come in any order; hence offset and time can be the last ones of their message. */
  private static byte[] publicationFrame(
      byte[] pushPrefix, byte[] pubPrefix, long offset, long time) {
    int pubSize =
        pubPrefix.length
            + (offset == 0
                ? 0
                : CodedOutputStream.computeUInt64Size(Wire.Publication.OFFSET_FIELD_NUMBER, offset))
            + (time == 0
                ? 0
                : CodedOutputStream.computeInt64Size(Wire.Publication.TIME_FIELD_NUMBER, time));
    int pushSize =
        pushPrefix.length + 1 + CodedOutputStream.computeUInt32SizeNoTag(pubSize) + pubSize;
    int replySize = 1 + CodedOutputStream.computeUInt32SizeNoTag(pushSize) + pushSize;
    byte[] frame = new byte[CodedOutputStream.computeUInt32SizeNoTag(replySize) + replySize];
    return fill(
        frame,
        out -> {
          out.writeUInt32NoTag(replySize);
          out.writeTag(Wire.Reply.PUSH_FIELD_NUMBER, LENGTH_DELIMITED);
          out.writeUInt32NoTag(pushSize);
          out.writeRawBytes(pushPrefix);
          out.writeTag(Wire.Push.PUB_FIELD_NUMBER, LENGTH_DELIMITED);
          out.writeUInt32NoTag(pubSize);
          out.writeRawBytes(pubPrefix);
          if (offset != 0) {
            out.writeUInt64(Wire.Publication.OFFSET_FIELD_NUMBER, offset);
          }
          if (time != 0) {
            out.writeInt64(Wire.Publication.TIME_FIELD_NUMBER, time);
          }
        });
  }

  private interface FrameWriter {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] fill(byte[] frame, FrameWriter writer) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(frame);
      writer.write(out);
      out.checkNoSpaceLeft();
      return frame;
    } catch (IOException e) {
      throw new UncheckedIOException("encoded message differs from its computed size", e);
    }
  }
}
