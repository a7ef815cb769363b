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
    for (String around : List.of("%s", " %s ", "\t%s\r")) {
      String frame = "{}\n{\"publish\":{\"data\":" + around.formatted(data) + "},\"id\":1}";

      Request.Publish publish = (Request.Publish) only(codec.commands(frame), 1).request();

      assertEquals(data, publish.data().text());
      assertTrue(publish.data().isJson());
    }
  }

  @Test
  void dataThatIsNullIsNone() throws Exception {
    assertEquals(new Request.Send(Data.NONE), read("{\"send\":{\"data\":null}}"));
    assertEquals(new Request.Send(Data.NONE), read("{\"send\":{}}"));
  }

  @Test
  void aSendMayHaveAnId() throws Exception {
    assertEquals(
        List.of(new Command(2, new Request.Send(Data.of("1")))),
        codec.commands("{\"id\":2,\"send\":{\"data\":1}}"));
  }

  @Test
  void aMemberThatIsNullIsAsGoodAsNone() throws Exception {
    assertEquals(new Request.Pong(), read("{\"id\":null,\"connect\":null}"));
    assertEquals(
        new Request.History("", 0, null, false),
        read("{\"id\":1,\"history\":{\"channel\":null,\"since\":null,\"limit\":null}}"));
  }

  @Test
  void unknownMembersAreSkippedWhateverTheyHold() throws Exception {
    assertEquals(
        new Request.Unsubscribe("a"),
        read(
            "{\"x\":[{\"id\":[]}],\"id\":1,\"unsubscribe\":{\"token\":{\"channel\":1},"
                + "\"channel\":\"a\",\"y\":\"\\u0041\"},\"z\":{}}"));
    assertEquals(
        new Request.Connect("", Data.NONE, Map.of(), "", "", Map.of()),
        read("{\"id\":1,\"connect\":{\"channel\":7,\"flag\":1,\"dict\":\"x\",\"profile\":\"y\"}}"));
    assertEquals(new Request.Pong(), read("{\"later\":{\"channel\":\"a\"}}"));
  }

  @Test
  void aRequestThatIsNotKnownIsRefusedAndNoReasonToEndTheConnection() throws Exception {
    Request unknown = read("{\"id\":7,\"later\":{\"channel\":\"a\"}}");

    assertEquals(new Request.Unknown(), unknown);
    assertEquals(ClientError.METHOD_NOT_FOUND, unknown.refusal());
  }

  @Test
  void offsetsGoToTheHighestThatTheSchemaHas() throws Exception {
    assertEquals(Long.MAX_VALUE, since("9223372036854775807"));
    assertEquals(Long.MAX_VALUE, since("9223372036854775808"));
    assertEquals(Long.MAX_VALUE, since("18446744073709551615"));
    assertThrows(Malformed.class, () -> since("18446744073709551616"));
    assertThrows(Malformed.class, () -> since("-1"));
  }

  private long since(String offset) throws Malformed {
    Request request =
        read("{\"id\":1,\"subscribe\":{\"channel\":\"a\",\"offset\":" + offset + "}}");
    return ((Request.Subscribe) request).since().offset();
  }

  @Test
  void idsAreThoseOfTheSchema() throws Exception {
    assertEquals(4294967295L, codec.commands("{\"id\":4294967295,\"ping\":{}}").get(0).id());
    assertThrows(Malformed.class, () -> read("{\"id\":4294967296,\"ping\":{}}"));
    assertThrows(Malformed.class, () -> read("{\"id\":18446744073709551617,\"ping\":{}}"));
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
  void whatIsNoCommandIsMalformed(String frame) {
    assertThrows(Malformed.class, () -> codec.commands(frame));
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
  void aMemberThatComesTwiceIsMalformed(String frame) {
    assertThrows(Malformed.class, () -> codec.commands(frame));
  }

  @Test
  void depthIsLimited() throws Exception {
    int inData = Json.DEEPEST - 2;

    read("{\"send\":{\"data\":" + "[".repeat(inData) + "]".repeat(inData) + "}}");
    for (int depth : List.of(inData + 1, 100_000)) {
      String deep = "[".repeat(depth);
      assertThrows(Malformed.class, () -> read("{\"send\":{\"data\":" + deep));
      assertThrows(Malformed.class, () -> read("{\"later\":" + deep + "["));
    }
  }

  @Test
  void namesAreLimited() throws Exception {
    read("{\"" + "n".repeat(Json.LONGEST_NAME) + "\":1}");
    assertThrows(
        Malformed.class, () -> read("{\"" + "n".repeat(Json.LONGEST_NAME + 4000) + "\":1}"));
  }

  @Test
  void numbersThatAreReadAreLimited() {
    assertThrows(
        Malformed.class,
        () -> read("{\"id\":" + "1".repeat(Json.LONGEST_NUMBER + 1) + ",\"ping\":{}}"));
  }

  @Test
  void commandsInAFrameAreLimited() throws Exception {
    String most = "{}\n".repeat(Codec.MOST_COMMANDS);

    assertEquals(Codec.MOST_COMMANDS, codec.commands(most).size());
    assertThrows(Malformed.class, () -> codec.commands(most + "{}"));
  }

  @Test
  void whatIsSaidAboutAMalformedFrameHasNoWordOfTheClients() {
    for (String frame : List.of("{\"id\":SECRET}", "{\"id\":\"SECRET\"}", "{\"SECRET\":1]")) {
      Malformed malformed = assertThrows(Malformed.class, () -> codec.commands(frame));
      assertFalse(malformed.getMessage().contains("SECRET"), malformed.getMessage());
    }
  }

  private Request read(String line) throws Malformed {
    return only(codec.commands(line), 0).request();
  }

  private static Command only(List<Command> commands, int before) {
    assertEquals(before + 1, commands.size());
    return commands.get(before);
  }
}
