package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawDataTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"1", "null", "\"\"", " [1,\n 2] ", "{\"a\":1,\"a\":2}", "\"é😀\"", "-1.5e300"})
  void oneJsonValueIsJson(String text) {
    assertTrue(RawData.of(text).isJson());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "hello", "1 2", "1,", "[", "]", "{}{}", "01", "NaN", "'a'", "\"\\q\"", "nul"})
  void anythingElseIsNotJson(String text) {
    assertFalse(RawData.of(text).isJson());
  }

  @Test
  void jsonIsUtf8() {
    assertFalse(RawData.of(new byte[] {'"', (byte) 0xC3, '"'}).isJson());
    assertFalse(RawData.of("{}".getBytes(UTF_16BE)).isJson());
    assertFalse(RawData.of("\uFEFF{}").isJson());
  }

  @Test
  void dataIsCopiedOnInputAndOutput() {
    byte[] bytes = "[1]".getBytes(UTF_8);
    RawData data = RawData.of(bytes);
    bytes[0] = '(';
    data.bytes()[0] = '(';

    assertEquals("[1]", data.text());
    assertEquals(RawData.of("[1]"), data);
  }

  @Test
  void dataIsTheSameWhetherItCameAsTextOrAsBytes() {
    RawData text = RawData.of("\"é😀\"");
    RawData bytes = RawData.of("\"é😀\"".getBytes(UTF_8));

    assertEquals(bytes, text);
    assertEquals(bytes.hashCode(), text.hashCode());
    assertEquals(bytes.text(), text.text());
    assertEquals(8, text.size());
    assertEquals(8, bytes.size());
    assertTrue(RawData.of("").isEmpty());
    assertTrue(RawData.of(new byte[0]).isEmpty());
  }

  @Test
  void aJsonFrameNeverHasALineFeedInsideAMessage() {
    byte[] frame = new JsonCodec().encode(new Push.DirectMessage(RawData.of("[1,\n\n2]\n")));

    assertEquals("{\"push\":{\"message\":{\"data\":[1,  2] }}}", new String(frame, UTF_8));
  }

  @Test
  void dataThatIsNotJsonIsBase64InJson() {
    RawData plainText = RawData.of("hello");
    JsonCodec json = new JsonCodec();

    assertEquals(
        "{\"push\":{\"message\":{\"data\":{\"base64\":\"aGVsbG8=\"}}}}",
        new String(json.encode(new Push.DirectMessage(plainText)), UTF_8));
    byte[] publication = json.publicationTemplate("c", Publication.of(plainText)).frameAt(7, 5);
    assertEquals(
        "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":{\"base64\":\"aGVsbG8=\"},"
            + "\"time\":5,\"offset\":7}}}",
        new String(publication, UTF_8));
    for (int size = 0; size < 10; size++) {
      RawData bytes = RawData.of(new byte[size]);
      int written = json.encode(new Push.DirectMessage(bytes)).length;
      assertTrue(written <= bytes.encodedSize() + "{'push':{'message':{'data':}}}".length());
    }
  }

  @Test
  void namesAreEncodedAsValidUtf8() {
    ClientInfo odd = new ClientInfo("\ud800\"\n\u2028é😀", "c", RawData.NONE, RawData.NONE);

    String frame = new String(new JsonCodec().encode(new Push.Join("c", odd)), UTF_8);

    assertTrue(frame.contains("\"user\":\"?\\\"\\n\u2028é😀\""), frame);
    byte[] message = new ProtobufCodec().encode(new Push.Join("c", odd));
    assertTrue(new String(message, UTF_8).contains("?\"\n\u2028é😀"));
  }
}
