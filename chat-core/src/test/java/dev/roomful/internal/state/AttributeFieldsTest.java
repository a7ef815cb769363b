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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  private static Object nested(int depth) {
    Object value = "inner";
    for (int i = 0; i < depth; i++) {
      value = i % 2 == 0 ? List.of(value) : Map.of("key", value);
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

  @Test
  void listsAndMapsAreNestedAtMost16Deep() {
    AttributeFields.requireEncodable("key", nested(16));
    Map<String, Object> deepest = Map.of("key", nested(16));
    byte[] data = encoded(deepest);
    assertEquals(deepest, decoded(data));
    assertThrows(
        IllegalArgumentException.class, () -> AttributeFields.requireEncodable("key", nested(17)));
    assertThrows(IllegalArgumentException.class, () -> encoded(Map.of("key", nested(17))));

    FieldWriter deeper = new FieldWriter();
    write(deeper, 17);
    byte[] tooDeep =
        new FieldWriter().string(1, "key").bytes(8, deeper.toByteArray()).toByteArray();
    assertThrows(
        IllegalArgumentException.class,
        () -> AttributeFields.read(new FieldReader(tooDeep), new LinkedHashMap<>()));
  }

  private static void write(FieldWriter list, int depth) {
    list.message(
        1,
        depth,
        (entry, left) ->
            entry.message(
                8,
                left,
                (inner, rest) -> {
                  if (rest > 1) {
                    write(inner, rest - 1);
                  }
                }));
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
