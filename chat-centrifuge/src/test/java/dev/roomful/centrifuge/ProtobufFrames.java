package dev.roomful.centrifuge;

import com.google.protobuf.ByteString;
import dev.roomful.centrifuge.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Frames of Protobuf clients. */
final class ProtobufFrames {
  private ProtobufFrames() {}

  static byte[] connect(int id) throws IOException {
    return frame(
        Wire.Command.newBuilder().setId(id).setConnect(Wire.ConnectRequest.getDefaultInstance()));
  }

  static byte[] subscribe(int id, String channel) throws IOException {
    return frame(
        Wire.Command.newBuilder()
            .setId(id)
            .setSubscribe(Wire.SubscribeRequest.newBuilder().setChannel(channel)));
  }

  static byte[] publish(int id, String channel, byte[] data) throws IOException {
    return frame(
        Wire.Command.newBuilder()
            .setId(id)
            .setPublish(
                Wire.PublishRequest.newBuilder()
                    .setChannel(channel)
                    .setData(ByteString.copyFrom(data))));
  }

  private static byte[] frame(Wire.Command.Builder command) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    command.build().writeDelimitedTo(out);
    return out.toByteArray();
  }
}
