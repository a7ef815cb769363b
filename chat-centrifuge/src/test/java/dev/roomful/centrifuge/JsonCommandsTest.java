package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCommandsTest {
  private final Codec codec = new JsonCodec();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "-0.10",
        "1e400",
        "12345678901234567890.12345678901234567890",
        "true",
        "\"a \\\"b\\\" \\u00e9 \\ud83d\\ude00 \\/ é 😀\"",
        "\"\"",
        "{}",
        "[]",
        "{\"b\":1,\"a\":[2, 3.00 ,{\"z\":null}] , \"é\":\"\\n\"}",
        "[[[[[[[[1]]]]]]]]",
      })
  void dataIsKeptLetterForLetter(String data) throws Exception {
    for (String padding : List.of("%s", " %s ", "\t%s\r")) {
      String frame = "{}\n{\"publish\":{\"data\":" + padding.formatted(data) + "},\"id\":1}";

      ClientRequest.Publish publish =
          (ClientRequest.Publish) only(codec.decode(frame), 1).request();

      assertEquals(data, publish.data().text());
      assertTrue(publish.data().isJson());
    }
  }

  @Test
  void dataThatIsNullIsNone() throws Exception {
    assertEquals(new ClientRequest.Send(RawData.NONE), read("{\"send\":{\"data\":null}}"));
    assertEquals(new ClientRequest.Send(RawData.NONE), read("{\"send\":{}}"));
  }

  @Test
  void aSendMayHaveAnId() throws Exception {
    assertEquals(
        List.of(new Command(2, new ClientRequest.Send(RawData.of("1")))),
        codec.decode("{\"id\":2,\"send\":{\"data\":1}}"));
  }

  @Test
  void aMemberThatIsNullIsTreatedAsAbsent() throws Exception {
    assertEquals(new ClientRequest.Pong(), read("{\"id\":null,\"connect\":null}"));
    assertEquals(
        new ClientRequest.History("", 0, null, false),
        read("{\"id\":1,\"history\":{\"channel\":null,\"since\":null,\"limit\":null}}"));
  }

  @Test
  void unknownMembersAreSkippedWhateverTheirValue() throws Exception {
    assertEquals(
        new ClientRequest.Unsubscribe("a"),
        read(
            "{\"x\":[{\"id\":[]}],\"id\":1,\"unsubscribe\":{\"token\":{\"channel\":1},"
                + "\"channel\":\"a\",\"y\":\"\\u0041\"},\"z\":{}}"));
    assertEquals(
        new ClientRequest.Connect("", RawData.NONE, Map.of(), "", "", Map.of()),
        read("{\"id\":1,\"connect\":{\"channel\":7,\"flag\":1,\"dict\":\"x\",\"profile\":\"y\"}}"));
    assertEquals(new ClientRequest.Pong(), read("{\"later\":{\"channel\":\"a\"}}"));
  }

  @Test
  void anUnknownRequestIsAnsweredWithMethodNotFound() throws Exception {
    ClientRequest unknown = read("{\"id\":7,\"later\":{\"channel\":\"a\"}}");

    assertEquals(new ClientRequest.Unknown(), unknown);
    assertEquals(ClientError.METHOD_NOT_FOUND, unknown.unsupportedError());
  }

  @Test
  void offsetsUpToTheSchemasMaximumAreAccepted() throws Exception {
    assertEquals(Long.MAX_VALUE, since("9223372036854775807"));
    assertEquals(Long.MAX_VALUE, since("9223372036854775808"));
    assertEquals(Long.MAX_VALUE, since("18446744073709551615"));
    assertThrows(MalformedFrameException.class, () -> since("18446744073709551616"));
    assertThrows(MalformedFrameException.class, () -> since("-1"));
  }

  private long since(String offset) throws MalformedFrameException {
    ClientRequest request =
        read("{\"id\":1,\"subscribe\":{\"channel\":\"a\",\"offset\":" + offset + "}}");
    return ((ClientRequest.Subscribe) request).since().offset();
  }

  @Test
  void idsAreUnsigned32BitNumbers() throws Exception {
    assertEquals(4294967295L, codec.decode("{\"id\":4294967295,\"ping\":{}}").get(0).id());
    assertThrows(MalformedFrameException.class, () -> read("{\"id\":4294967296,\"ping\":{}}"));
    assertThrows(
        MalformedFrameException.class, () -> read("{\"id\":18446744073709551617,\"ping\":{}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        " ",
        "{}\n\n{}",
        "{}\n\n",
        "\n{}",
        "null",
        "1",
        "\"a\"",
        "[]",
        "[{}]",
        "{",
        "}",
        "{}}",
        "{}{}",
        "{} 1",
        "{\"id\"}",
        "{id:1}",
        "{'id':1}",
        "{\"id\":1,}",
        "{\"id\":01,\"ping\":{}}",
        "{\"id\":+1,\"ping\":{}}",
        "{\"id\":1.0,\"ping\":{}}",
        "{\"id\":1e0,\"ping\":{}}",
        "{\"id\":-1,\"ping\":{}}",
        "{\"id\":\"1\",\"ping\":{}}",
        "{\"id\":true,\"ping\":{}}",
        "{\"id\":NaN,\"ping\":{}}",
        "/**/{}",
        "{}//",
        "\uFEFF{}",
        "\0{\0}",
        "{\"ping\":{}}",
        "{\"subscribe\":{\"channel\":\"a\"}}",
        "{\"id\":0,\"rpc\":{}}",
        "{\"id\":1,\"ping\":[]}",
        "{\"id\":1,\"ping\":1}",
        "{\"id\":1,\"ping\":\"\"}",
        "{\"id\":1,\"ping\":{},\"send\":{}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":1}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":{}}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":\"\\ud800\"}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":\"\\x\"}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":\"a\u0001\"}}",
        "{\"id\":1,\"subscribe\":{\"recover\":1}}",
        "{\"id\":1,\"subscribe\":{\"recover\":\"true\"}}",
        "{\"id\":1,\"subscribe\":{\"flag\":1.5}}",
        "{\"id\":1,\"history\":{\"limit\":2147483648}}",
        "{\"id\":1,\"history\":{\"since\":[]}}",
        "{\"id\":1,\"connect\":{\"headers\":{\"a\":1}}}",
        "{\"id\":1,\"connect\":{\"headers\":[]}}",
        "{\"id\":1,\"connect\":{\"subs\":{\"a\":1}}}",
        "{\"id\":1,\"connect\":{\"subs\":{\"\\ud800\":{}}}}",
        "{\"id\":1,\"publish\":{\"data\":}}",
        "{\"id\":1,\"publish\":{\"data\":nul}}",
        "{\"id\":1,\"publish\":{\"data\":{\"a\":1,}}}",
        "{\"id\":1,\"publish\":{\"data\":\"\t\"}}",
        "{\"id\":1,\"publish\":{\"data\":\"\\q\"}}",
        "{\"id\":1,\"publish\":{\"data\":00}}",
      })
  void anInvalidCommandIsMalformed(String frame) {
    assertThrows(MalformedFrameException.class, () -> codec.decode(frame));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"id\":1,\"ping\":{}}",
        "{\"id\":1,\"ping\":{},\"ping\":{}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":\"a\",\"channel\":\"b\"}}",
        "{\"id\":1,\"unsubscribe\":{\"channel\":\"a\",\"ch\\u0061nnel\":\"b\"}}",
        "{\"id\":1,\"connect\":{\"subs\":{\"a\":{},\"a\":{}}}}",
        "{\"id\":1,\"connect\":{\"headers\":{\"a\":\"\",\"a\":\"\"}}}",
        "{\"send\":{\"data\":{\"a\":1,\"b\":2,\"a\":3}}}",
        "{\"send\":{\"data\":[{\"x\":{\"a\":1,\"a\":1}}]}}",
        "{\"later\":{\"a\":1,\"a\":1}}",
      })
  void aDuplicateMemberIsMalformed(String frame) {
    assertThrows(MalformedFrameException.class, () -> codec.decode(frame));
  }

  @Test
  void depthIsLimited() throws Exception {
    int inData = JsonSettings.MAX_DEPTH - 2;

    read("{\"send\":{\"data\":" + "[".repeat(inData) + "]".repeat(inData) + "}}");
    for (int depth : List.of(inData + 1, 100_000)) {
      String deep = "[".repeat(depth);
      assertThrows(MalformedFrameException.class, () -> read("{\"send\":{\"data\":" + deep));
      assertThrows(MalformedFrameException.class, () -> read("{\"later\":" + deep + "["));
    }
  }

  @Test
  void nameLengthIsLimited() throws Exception {
    read("{\"" + "n".repeat(JsonSettings.MAX_NAME_LENGTH) + "\":1}");
    assertThrows(
        MalformedFrameException.class,
        () -> read("{\"" + "n".repeat(JsonSettings.MAX_NAME_LENGTH + 4000) + "\":1}"));
  }

  @Test
  void numberLengthIsLimited() {
    assertThrows(
        MalformedFrameException.class,
        () -> read("{\"id\":" + "1".repeat(JsonSettings.MAX_NUMBER_LENGTH + 1) + ",\"ping\":{}}"));
  }

  @Test
  void commandsInAFrameAreLimited() throws Exception {
    String maxCommands = "{}\n".repeat(Codec.MAX_COMMANDS);

    assertEquals(Codec.MAX_COMMANDS, codec.decode(maxCommands).size());
    assertThrows(MalformedFrameException.class, () -> codec.decode(maxCommands + "{}"));
  }

  @Test
  void theErrorMessageOfAMalformedFrameHasNoClientData() {
    for (String frame : List.of("{\"id\":SECRET}", "{\"id\":\"SECRET\"}", "{\"SECRET\":1]")) {
      MalformedFrameException malformed =
          assertThrows(MalformedFrameException.class, () -> codec.decode(frame));
      assertFalse(malformed.getMessage().contains("SECRET"), malformed.getMessage());
    }
  }

  private ClientRequest read(String line) throws MalformedFrameException {
    return only(codec.decode(line), 0).request();
  }

  private static Command only(List<Command> commands, int before) {
    assertEquals(before + 1, commands.size());
    return commands.get(before);
  }
}
