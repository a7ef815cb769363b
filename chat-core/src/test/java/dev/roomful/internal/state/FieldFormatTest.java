package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldFormatTest {
  private static FieldReader written(Consumer<FieldWriter> fields) {
    FieldWriter writer = new FieldWriter(1);
    fields.accept(writer);
    FieldReader reader = new FieldReader(writer.toByteArray());
    assertTrue(reader.next());
    assertEquals(7, reader.field());
    return reader;
  }

  private static FieldReader reader(String hex) {
    return new FieldReader(HexFormat.of().parseHex(hex));
  }

  /** Reads all fields, and the first one as a value. */
  private static void read(String hex, Consumer<FieldReader> value) {
    FieldReader reader = reader(hex);
    if (reader.next()) {
      value.accept(reader);
      while (reader.next()) {
        reader.field();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void numbersAreReadAsWritten(long number) {
    assertEquals(number, written(writer -> writer.int64(7, number)).int64());
    assertEquals(number, written(writer -> writer.sint64(7, number)).sint64());
    int narrow = (int) number;
    assertEquals(narrow, written(writer -> writer.int64(7, narrow)).int32());
    assertEquals(narrow, written(writer -> writer.sint64(7, narrow)).sint32());
    double real = number / 3.0;
    assertEquals(real, written(writer -> writer.float64(7, real)).float64());
    assertEquals((float) real, written(writer -> writer.float32(7, (float) real)).float32());
  }

  @Test
  void valuesHaveTheBytesOfProtocolBuffers() {
    FieldWriter writer =
        new FieldWriter(1)
            .int64(1, 150)
            .string(2, "testing")
            .sint64(3, -2)
            .bool(4, true)
            .float32(5, 1)
            .float64(6, 1)
            .message(16, 150L, (nested, number) -> nested.int64(1, number))
            .int64(17, -1);
    assertEquals(
        "089601"
            + "120774657374696e67"
            + "1803"
            + "2001"
            + "2d0000803f"
            + "31000000000000f03f"
            + "820103089601"
            + "8801ffffffffffffffffff01",
        HexFormat.of().formatHex(writer.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "Grüße",
        "世界",
        "\uFFFD",
        "\uD83D\uDE00 and after",
        "\uFFFD\u007F\u0080\u07FF\u0800\uFFFF\uD800\uDC00\uDBFF\uDFFF",
        "\uD800",
        "\uDC00",
        "\uDC00\uD800",
        "\uD83D\uDE00\uD83D",
        "\uDBFF\uDFFF"
      })
  void textsAreReadAsWritten(String text) {
    String repeated = text.repeat(100);
    assertEquals(text, written(writer -> writer.string(7, text)).string());
    assertEquals(repeated, written(writer -> writer.string(7, repeated)).string());
  }

  @Test
  void theCapacityOfAWriterMakesNoDifference() {
    byte[] expected = fields(new FieldWriter());
    for (int capacity = 1; capacity <= expected.length; capacity++) {
      assertArrayEquals(expected, fields(new FieldWriter(capacity)));
    }
  }

  private static byte[] fields(FieldWriter writer) {
    return writer
        .float64(1, 1)
        .float64(1, 2)
        .float64(1, 3)
        .message(
            1 << 28,
            "x".repeat(130),
            (nested, text) ->
                nested
                    .message(2, text, (inner, content) -> inner.string(3, content))
                    .string(4, "\u00FC\u4E16")
                    .float32(5, 4)
                    .bytes(6, new byte[11]))
        .toByteArray();
  }

  @Test
  void theLargestNumberOfAFieldIs29BitsWide() {
    FieldReader reader = new FieldReader(new FieldWriter().bool((1 << 29) - 1, true).toByteArray());
    assertTrue(reader.next());
    assertEquals((1 << 29) - 1, reader.field());
    assertThrows(IllegalArgumentException.class, reader("808080801001")::next);
  }

  @Test
  void aTextWithoutUnpairedSurrogatesIsUtf8() {
    String text = "Grüße, 世界 \uD83D\uDE00";
    assertArrayEquals(
        text.getBytes(StandardCharsets.UTF_8), written(writer -> writer.string(7, text)).bytes());
  }

  @Test
  void bytesAreReadAsWritten() {
    byte[] bytes = {1, 2, 3, 4};
    ByteBuffer part = ByteBuffer.wrap(bytes, 1, 2);
    assertArrayEquals(bytes, written(writer -> writer.bytes(7, bytes)).bytes());
    assertEquals(part, written(writer -> writer.bytes(7, part)).buffer());
    assertEquals(2, part.remaining());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 126, 127, 128, 16_383, 16_384, 3_000_000})
  void aRecordWithinARecordHasAnySize(int size) {
    String text = "x".repeat(size);
    FieldReader reader =
        written(
            writer -> {
              writer.message(
                  7,
                  text,
                  (outer, value) ->
                      outer.message(
                          1,
                          value,
                          (inner, content) -> {
                            if (!content.isEmpty()) {
                              inner.string(2, content);
                            }
                          }));
              writer.bool(8, true);
            });
    FieldReader outer = reader.message();
    assertTrue(outer.next());
    FieldReader inner = outer.message();
    assertEquals(size > 0, inner.next());
    assertEquals(text, size == 0 ? "" : inner.string());
    assertFalse(inner.next());
    assertFalse(outer.next());
    assertTrue(reader.next());
    assertTrue(reader.bool());
    assertFalse(reader.next());
  }

  @Test
  void absentValuesAreNotWritten() {
    byte[] nothing =
        new FieldWriter()
            .int64IfNotZero(1, 0)
            .boolIfTrue(2, false)
            .stringIfPresent(3, null)
            .messageIfPresent(4, null, (nested, value) -> nested.bool(1, true))
            .toByteArray();
    assertEquals(0, nothing.length);
  }

  @ParameterizedTest
  @CsvSource({
    "00, the number 0",
    "07, the wire type 7",
    "06, the wire type 6",
    "0c, the end of a group that did not begin",
    "08, a number that is missing",
    "0880, a number that is cut off",
    "08ffffffffffffffffff02, a number of more than 64 bits",
    "08ffffffffffffffffffff01, a number of eleven bytes",
    "ffffffffff0f00, a field number of more than 29 bits",
    "09, a double that is missing",
    "0900000000000000, a double that is cut off",
    "0d000000, a float that is cut off",
    "0a, a length that is missing",
    "0a02, a text that is missing",
    "0a0241, a text that is cut off",
    "0affffffff0f, a text of 4 GiB",
    "0affffffffffffffffff01, a text of a negative length",
    "0b, a group without an end",
    "0b0801, a group with a number and without an end",
    "0b14, a group that another group ends"
  })
  void malformedFieldsAreRejected(String hex, String what) {
    FieldReader reader = reader(hex);
    assertThrows(IllegalArgumentException.class, reader::next, what);
  }

  @Test
  void groupsNestedTooDeepAreRejected() {
    String start = "0b".repeat(100_000);
    String end = "0c".repeat(100_000);
    assertThrows(IllegalArgumentException.class, reader(start + end)::next);
    read("0b".repeat(32) + "0c".repeat(32) + "0801", FieldReader::field);
  }

  @ParameterizedTest
  @CsvSource({
    "0a0180, a continuation without a beginning",
    "0a01c3, a character that is cut off",
    "0a02c341, a character without its second byte",
    "0a02c080, a character of more bytes than it needs",
    "0a03e08080, a character of more bytes than it needs",
    "0a04f0808080, a character of more bytes than it needs",
    "0a04f4908080, a character beyond Unicode",
    "0a04f8888080, a character beyond Unicode",
    "0a01ff, a byte that never occurs"
  })
  void textsThatAreNotUtf8AreRejected(String hex, String what) {
    assertThrows(IllegalArgumentException.class, () -> read(hex, FieldReader::string), what);
  }

  @Test
  void aFieldOfAnotherTypeIsRejected() {
    String number = "0801";
    String text = "0a00";
    assertThrows(IllegalArgumentException.class, () -> read(number, FieldReader::string));
    assertThrows(IllegalArgumentException.class, () -> read(number, FieldReader::bytes));
    assertThrows(IllegalArgumentException.class, () -> read(number, FieldReader::buffer));
    assertThrows(IllegalArgumentException.class, () -> read(number, FieldReader::message));
    assertThrows(IllegalArgumentException.class, () -> read(number, FieldReader::float32));
    assertThrows(IllegalArgumentException.class, () -> read(number, FieldReader::float64));
    assertThrows(IllegalArgumentException.class, () -> read(text, FieldReader::int64));
    assertThrows(IllegalArgumentException.class, () -> read(text, FieldReader::sint64));
    assertThrows(IllegalArgumentException.class, () -> read(text, FieldReader::bool));
    assertThrows(IllegalArgumentException.class, () -> read("0b0c", FieldReader::string));
  }

  @Test
  void aNumberThatIsNotWithin32BitsIsRejected() {
    FieldReader wide = written(writer -> writer.int64(7, 1L << 31));
    assertThrows(IllegalArgumentException.class, wide::int32);
    FieldReader signed = written(writer -> writer.sint64(7, -1L << 32));
    assertThrows(IllegalArgumentException.class, signed::sint32);
  }
}
