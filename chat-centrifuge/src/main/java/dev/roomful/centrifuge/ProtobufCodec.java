package dev.roomful.centrifuge;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.roomful.centrifuge.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The protocol in Protobuf: binary frames of messages, each with its length before it. */
final class ProtobufCodec implements Codec {
  private static final int LENGTH_DELIMITED = 2;

  @Override
  public String subprotocol() {
    return "centrifuge-protobuf";
  }

  @Override
  public boolean isText() {
    return false;
  }

  @Override
  public List<Command> commands(String frame) throws Malformed {
    throw new Malformed("a text frame on a connection that speaks Protobuf");
  }

  @Override
  public List<Command> commands(ByteBuffer frame) throws Malformed {
    byte[] bytes = new byte[frame.remaining()];
    frame.duplicate().get(bytes);
    List<Command> commands = new ArrayList<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      do {
        if (commands.size() == MOST_COMMANDS) {
          throw new Malformed("more than " + MOST_COMMANDS + " commands in one frame");
        }
        // Also throws if the length is none, or longer than what is left.
        int end = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        in.skipRawBytes(end);
        commands.add(ProtobufCommands.read(Wire.Command.parser().parseFrom(bytes, start, end)));
      } while (!in.isAtEnd());
    } catch (IOException e) {
      throw new Malformed("no Protobuf, or none of the schema");
    }
    return commands;
  }

  @Override
  public byte[] encode(Outgoing message) {
    Wire.Reply reply = ProtobufReplies.of(message);
    int size = reply.getSerializedSize();
    byte[] frame = new byte[CodedOutputStream.computeUInt32SizeNoTag(size) + size];
    return filled(
        frame,
        out -> {
          out.writeUInt32NoTag(size);
          reply.writeTo(out);
        });
  }

  @Override
  public byte[] join(List<byte[]> frames) {
    ByteBuffer joined = ByteBuffer.allocate(frames.stream().mapToInt(f -> f.length).sum());
    frames.forEach(joined::put);
    return joined.array();
  }

  @Override
  public Stencil publication(String channel, Publication publication) {
    byte[] push = Wire.Push.newBuilder().setChannel(channel).build().toByteArray();
    byte[] pub = ProtobufReplies.beforeOffset(publication).build().toByteArray();
    return offset -> stencil(push, pub, offset);
  }

  /** Fields may come in any order, so that the offset can be the last of its message. */
  private static byte[] stencil(byte[] push, byte[] pub, long offset) {
    int pubSize =
        pub.length
            + (offset == 0
                ? 0
                : CodedOutputStream.computeUInt64Size(
                    Wire.Publication.OFFSET_FIELD_NUMBER, offset));
    int pushSize = push.length + 1 + CodedOutputStream.computeUInt32SizeNoTag(pubSize) + pubSize;
    int replySize = 1 + CodedOutputStream.computeUInt32SizeNoTag(pushSize) + pushSize;
    byte[] frame = new byte[CodedOutputStream.computeUInt32SizeNoTag(replySize) + replySize];
    return filled(
        frame,
        out -> {
          out.writeUInt32NoTag(replySize);
          out.writeTag(Wire.Reply.PUSH_FIELD_NUMBER, LENGTH_DELIMITED);
          out.writeUInt32NoTag(pushSize);
          out.writeRawBytes(push);
          out.writeTag(Wire.Push.PUB_FIELD_NUMBER, LENGTH_DELIMITED);
          out.writeUInt32NoTag(pubSize);
          out.writeRawBytes(pub);
          if (offset != 0) {
            out.writeUInt64(Wire.Publication.OFFSET_FIELD_NUMBER, offset);
          }
        });
  }

  @Override
  public boolean carries(Data data) {
    return true;
  }

  private interface Filler {
    void fill(CodedOutputStream out) throws IOException;
  }

  private static byte[] filled(byte[] frame, Filler filler) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(frame);
      filler.fill(out);
      out.checkNoSpaceLeft();
      return frame;
    } catch (IOException e) {
      throw new UncheckedIOException("an array was too short for what its size was taken from", e);
    }
  }
}
