package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeFieldsTest {
  private static byte[] encoded(Map<String, ?> attributes) {
    FieldWriter writer = new FieldWriter();
    AttributeFields.write(writer, 1, attributes);
    return writer.toByteArray();
  }

  private static Map<String, Object> decoded(byte[] data) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    FieldReader reader = new FieldReader(data);
    while (reader.next()) {
      AttributeFields.read(reader.message(), attributes);
    }
    return attributes;
  }

  private static Object nested(int depth, boolean inMaps) {
    Object value = "inner";
    for (int i = 0; i < depth; i++) {
      value = inMaps ? Map.of("key", value) : List.of(value);
    }
    return value;
  }

  @Test
  void valuesKeepTheirTypes() {
    RandomEvents random = new RandomEvents(new Random(2), new LogFormatExamples().fixture);
    for (int i = 0; i < 2_000; i++) {
      Map<String, Object> attributes = random.attributes();
      attributes.forEach(AttributeFields::requireEncodable);
      assertEquals(attributes, decoded(encoded(attributes)));
    }
  }

  @Test
  void equalAttributesHaveEqualBytes() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", Map.of("x", 1, "y", 2, "z", 3));
    one.put("b", 2);
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", 2);
    Map<String, Object> inner = new LinkedHashMap<>();
    List.of("z", "y", "x").forEach(key -> inner.put(key, key.charAt(0) - 'w'));
    other.put("a", inner);
    assertEquals(one, other);
    assertArrayEquals(encoded(one), encoded(other));
  }

  @Test
  void decodedValuesAreImmutable() {
    Map<String, Object> decoded =
        decoded(encoded(Map.of("list", List.of(1), "map", Map.of("key", 1))));
    List<?> list = (List<?>) decoded.get("list");
    Map<?, ?> map = (Map<?, ?>) decoded.get("map");
    assertThrows(UnsupportedOperationException.class, list::clear);
    assertThrows(UnsupportedOperationException.class, map::clear);
  }

  static List<Object> notEncodable() {
    return List.of(
        Instant.EPOCH,
        'c',
        (short) 1,
        new int[0],
        List.of(Instant.EPOCH),
        Map.of("inner", List.of(Instant.EPOCH)),
        Map.of(1, "value"),
        Arrays.asList("a", null));
  }

  @ParameterizedTest
  @MethodSource("notEncodable")
  void aValueOfAnotherTypeIsRejectedByNameAndClass(Object value) {
    IllegalArgumentException rejected =
        assertThrows(
            IllegalArgumentException.class,
            () -> AttributeFields.requireEncodable("the key", value));
    assertTrue(rejected.getMessage().contains("\"the key\""), rejected.getMessage());
    assertTrue(rejected.getMessage().contains("String"), rejected.getMessage());
    IllegalArgumentException same =
        assertThrows(IllegalArgumentException.class, () -> encoded(Map.of("the key", value)));
    assertEquals(rejected.getMessage(), same.getMessage());
  }

  @Test
  void theClassOfARejectedValueIsNamed() {
    IllegalArgumentException rejected =
        assertThrows(
            IllegalArgumentException.class,
            () -> AttributeFields.requireEncodable("since", Instant.EPOCH));
    assertTrue(rejected.getMessage().contains("java.time.Instant"), rejected.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> AttributeFields.requireEncodable("since", null));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listsAndMapsAreNestedAtMost16Deep(boolean inMaps) {
    Map<String, Object> deepest = Map.of("key", nested(16, inMaps));
    AttributeFields.requireEncodable("key", deepest.get("key"));
    assertEquals(deepest, decoded(encoded(deepest)));

    Object tooDeep = nested(17, inMaps);
    assertThrows(
        IllegalArgumentException.class, () -> AttributeFields.requireEncodable("key", tooDeep));
    assertThrows(IllegalArgumentException.class, () -> encoded(Map.of("key", tooDeep)));
    byte[] data = new FieldWriter().message(1, 17, write(inMaps ? 9 : 8)).toByteArray();
    assertThrows(IllegalArgumentException.class, () -> decoded(data));
  }

  /** Writes an attribute with nested lists or maps, which are this field of an attribute. */
  private static BiConsumer<FieldWriter, Integer> write(int field) {
    return (attribute, depth) -> {
      attribute.string(1, "key");
      if (depth > 0) {
        attribute.message(
            field, depth - 1, (entries, left) -> entries.message(1, left, write(field)));
      } else {
        attribute.string(2, "inner");
      }
    };
  }

  @Test
  void aValueOfALaterTypeIsLeftOut() {
    FieldWriter writer = new FieldWriter();
    writer.message(1, "a", (entry, key) -> entry.string(1, key).string(99, "later"));
    writer.message(1, "b", (entry, key) -> entry.string(1, key).string(2, "known"));
    Map<String, Object> attributes = decoded(writer.toByteArray());
    assertEquals(Map.of("b", "known"), attributes);
    assertFalse(attributes.containsKey("a"));
  }
}
