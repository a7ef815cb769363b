package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.roomful.centrifuge.wire.Wire;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufCodecTest {
  private final Codec codec = new ProtobufCodec();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // empty
        "01", // shorter than its length
        "ff", // a length that does not end
        "ffffffffff0100", // a negative length
        "ffffffff0700", // a length beyond the frame
        "0108", // a field without its value
        "0300", // shorter than its length
        "0307ffff", // field 0
        "03082a03", // a message that is shorter than its length
        "025a00" + "01", // a second command that is shorter than its length
        "0408015a0108", // an inner message that ends in the middle
        "0208010c", // the end of a group that never began
        "025a00", // a request without an id
        "0608015a006200", // two requests
        "0708013204" + "0a02c328", // a channel that is not UTF-8
      })
  void anInvalidCommandIsMalformed(String hex) {
    assertThrows(MalformedFrameException.class, () -> read(hex));
  }

  @Test
  void unknownFieldsAreSkipped() throws Exception {
    // Field 99 as a number, as bytes and as a group, beside and inside an unsubscribe.
    String unknown = "9806019a06020102" + "9b069c06";
    String unsubscribe = "0a0163" + unknown;
    String command = "0801" + unknown + "32" + length(unsubscribe) + unsubscribe;

    assertEquals(
        List.of(new Command(1, new ClientRequest.Unsubscribe("c"))),
        read(length(command) + command));
  }

  @Test
  void anUnknownRequestIsAnsweredWithMethodNotFound() throws Exception {
    Command command = read("0508079a0600").get(0);

    assertEquals(new Command(7, new ClientRequest.Unknown()), command);
    assertEquals(ClientError.METHOD_NOT_FOUND, command.request().unsupportedError());
    assertEquals(new ClientRequest.Pong(), read("039a0600").get(0).request());
  }

  @Test
  void idsAndOffsetsAreUnsigned() throws Exception {
    Wire.Command command =
        Wire.Command.newBuilder()
            .setId(-1)
            .setSubscribe(Wire.SubscribeRequest.newBuilder().setOffset(-1))
            .build();

    Command read = read(command);

    assertEquals(4294967295L, read.id());
    assertEquals(Long.MAX_VALUE, ((ClientRequest.Subscribe) read.request()).since().offset());
  }

  @Test
  void dataMayBeAnyBytes() throws Exception {
    byte[] bytes = {0, -1, '\n', '{'};
    Wire.Command command =
        Wire.Command.newBuilder()
            .setSend(Wire.SendRequest.newBuilder().setData(ByteString.copyFrom(bytes)))
            .build();

    assertEquals(new ClientRequest.Send(RawData.of(bytes)), read(command).request());
  }

  @Test
  void nestingOfGroupsIsLimited() {
    String command = "9b06".repeat(10_000);

    assertThrows(MalformedFrameException.class, () -> read(length(command) + command));
  }

  @Test
  void commandsInAFrameAreLimited() throws Exception {
    byte[] maxCommands = new byte[Codec.MAX_COMMANDS];

    assertEquals(Codec.MAX_COMMANDS, codec.decode(ByteBuffer.wrap(maxCommands)).size());
    assertThrows(
        MalformedFrameException.class,
        () -> codec.decode(ByteBuffer.wrap(new byte[Codec.MAX_COMMANDS + 1])));
  }

  private Command read(Wire.Command command) throws MalformedFrameException {
    String hex = HexFormat.of().formatHex(command.toByteArray());
    return read(length(hex) + hex).get(0);
  }

  private List<Command> read(String hex) throws MalformedFrameException {
    return codec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  private static String length(String hex) {
    int bytes = hex.length() / 2;
    return bytes < 128
        ? HexFormat.of().toHexDigits((byte) bytes)
        : HexFormat.of()
            .formatHex(
                bytes < 1 << 14
                    ? new byte[] {(byte) (bytes | 0x80), (byte) (bytes >> 7)}
                    : new byte[] {
                      (byte) (bytes | 0x80), (byte) ((bytes >> 7) | 0x80), (byte) (bytes >> 14)
                    });
  }
}
