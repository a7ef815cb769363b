package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
  private final Codec json = new JsonCodec();
  private final Codec protobuf = new ProtobufCodec();

  static List<GoldenCommands> commands() {
    return GoldenCommands.all();
  }

  static List<GoldenReplies> replies() {
    return GoldenReplies.all();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsDecodedByBothCodecs(GoldenCommands golden) throws Exception {
    assertEquals(List.of(golden.command()), json.decode(golden.json()));
    assertEquals(List.of(golden.command()), protobuf.decode(bytes(golden.protobuf())));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void everyReplyAndPushIsEncodedByBothCodecs(GoldenReplies golden) {
    assertEquals(golden.json(), new String(json.encode(golden.message()), UTF_8));
    assertEquals(golden.protobuf(), HexFormat.of().formatHex(protobuf.encode(golden.message())));
  }

  @Test
  void allCommandsFitIntoOneFrame() throws Exception {
    List<Command> all = commands().stream().map(GoldenCommands::command).toList();
    String lines = commands().stream().map(GoldenCommands::json).collect(Collectors.joining("\n"));
    String hex = commands().stream().map(GoldenCommands::protobuf).collect(Collectors.joining());

    assertEquals(all, json.decode(lines));
    assertEquals(all, json.decode(lines + "\n"));
    assertEquals(all, protobuf.decode(bytes(hex)));
  }

  @Test
  void severalRepliesFitIntoOneFrame() {
    byte[] one = "{}".getBytes(UTF_8);
    byte[] two = "{\"id\":2}".getBytes(UTF_8);

    assertEquals("{}\n{\"id\":2}\n{}", new String(json.mergeFrames(List.of(one, two, one)), UTF_8));
    assertArrayEquals(
        new byte[] {0, 1, 8, 0},
        protobuf.mergeFrames(List.of(new byte[] {0}, new byte[] {1, 8}, new byte[] {0})));
  }

  @Test
  void aFrameIsReadFromItsPositionToItsLimitAndLeftAlone() throws Exception {
    ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex("ffff" + "0408085a00" + "ff"));
    frame.position(2).limit(7);

    assertEquals(
        new ClientRequest.Ping(), protobuf.decode(frame.asReadOnlyBuffer()).get(0).request());
    assertEquals(new ClientRequest.Ping(), protobuf.decode(frame).get(0).request());
    assertEquals(2, frame.position());
  }

  @Test
  void eachCodecDecodesOnlyItsOwnTypeOfFrame() {
    assertThrows(MalformedFrameException.class, () -> json.decode(bytes("00")));
    assertThrows(MalformedFrameException.class, () -> protobuf.decode("{}"));
  }

  @Test
  void jsonHasTheFieldsThatSomeSdksRequire() {
    for (Map.Entry<ServerMessage, String> message :
        Map.<ServerMessage, String>of(
                new Reply(1, new Reply.SubRefreshed(Reply.TimeToLive.ofSeconds(0))), "\"ttl\":0",
                new Reply(1, new ClientError(400, "", false)), "\"message\":\"\"",
                new Push.Unsubscribe("c", new UnsubscribeStatus(2000, "")), "\"reason\":\"\"",
                new Push.Disconnecting(new Disconnect(4000, "")), "\"reason\":\"\"")
            .entrySet()) {
      String written = new String(json.encode(message.getKey()), UTF_8);
      assertTrue(written.contains(message.getValue()), written);
    }
  }

  @Test
  void noCommandPrintsAToken() throws Exception {
    for (String request :
        List.of(
            "\"connect\":{\"token\":\"SECRET\",\"headers\":{\"a\":\"SECRET\"},"
                + "\"subs\":{\"c\":{\"token\":\"SECRET\"}}}",
            "\"subscribe\":{\"token\":\"SECRET\",\"channel\":\"c\"}",
            "\"refresh\":{\"token\":\"SECRET\"}",
            "\"sub_refresh\":{\"token\":\"SECRET\",\"channel\":\"c\"}")) {
      String printed = json.decode("{\"id\":1," + request + "}").toString();
      assertFalse(printed.contains("SECRET"), printed);
    }
  }

  @Test
  void subprotocolsAreThoseOfTheSdks() {
    assertEquals("centrifuge-json", json.subprotocol());
    assertEquals("centrifuge-protobuf", protobuf.subprotocol());
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
