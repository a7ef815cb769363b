package dev.roomful.internal.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of the attributes of participants: texts, booleans, numbers, and lists and maps
 * of them, which keep their types. Maps are written in the order of their keys, so that equal maps
 * have equal bytes.
 */
public final class AttributeFields {
  /** How deep lists and maps may be nested. */
  public static final int MAX_DEPTH = 16;

  private static final int KEY = 1;
  private static final int TEXT = 2;
  private static final int BOOLEAN = 3;
  private static final int INTEGER = 4;
  private static final int LONG = 5;
  private static final int FLOAT = 6;
  private static final int DOUBLE = 7;
  private static final int LIST = 8;
  private static final int MAP = 9;
  private static final int ENTRY = 1;

  private AttributeFields() {}

  /**
   * Checks that an attribute can be sent to other nodes.
   *
   * @param key the key of the attribute
   * @param value its value
   * @throws IllegalArgumentException if the value, or a value within it, is neither a String,
   *     Boolean, Integer, Long, Float or Double, nor a List or Map of them, or if lists and maps
   *     are nested more than {@value #MAX_DEPTH} deep
   */
  public static void requireEncodable(String key, @Nullable Object value) {
    requireEncodable(key, value, 0);
  }

  private static void requireEncodable(String key, @Nullable Object value, int depth) {
    if (value instanceof List<?> list) {
      requireDepth(key, depth + 1);
      list.forEach(element -> requireEncodable(key, element, depth + 1));
    } else if (value instanceof Map<?, ?> map) {
      requireDepth(key, depth + 1);
      map.forEach(
          (name, element) -> {
            requireName(key, name);
            requireEncodable(key, element, depth + 1);
          });
    } else if (!(value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Float
        || value instanceof Double)) {
      throw notEncodable(key, value);
    }
  }

  private static void requireDepth(String key, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "attribute \""
              + key
              + "\" has lists or maps that are nested more than "
              + MAX_DEPTH
              + " deep: flatten them, or store them as a text");
    }
  }

  private static String requireName(String key, @Nullable Object name) {
    if (name instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(
        "attribute \""
            + key
            + "\" has a map with a key of "
            + classOf(name)
            + ": in a cluster the keys of maps are String");
  }

  private static IllegalArgumentException notEncodable(String key, @Nullable Object value) {
    return new IllegalArgumentException(
        "attribute \""
            + key
            + "\" has a value of "
            + classOf(value)
            + ", which cannot be sent to other nodes: use String, Boolean, Integer, Long, Float,"
            + " Double, or a List or Map of them; leave out an attribute that has no value");
  }

  private static String classOf(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getName();
  }

  /** Writes attributes as a repeated field. */
  public static void write(FieldWriter writer, int field, Map<String, ?> attributes) {
    // A copy, because others may change the attributes meanwhile.
    new TreeMap<>(attributes)
        .forEach(
            (key, value) ->
                writer.message(
                    field,
                    value,
                    (entry, attribute) -> {
                      entry.string(KEY, key);
                      writeValue(entry, key, attribute, 0);
                    }));
  }

  private static void writeValue(
      FieldWriter writer, String key, @Nullable Object value, int depth) {
    if (value instanceof String text) {
      writer.string(TEXT, text);
    } else if (value instanceof Boolean bool) {
      writer.bool(BOOLEAN, bool);
    } else if (value instanceof Integer number) {
      writer.sint64(INTEGER, number);
    } else if (value instanceof Long number) {
      writer.sint64(LONG, number);
    } else if (value instanceof Float number) {
      writer.float32(FLOAT, number);
    } else if (value instanceof Double number) {
      writer.float64(DOUBLE, number);
    } else if (value instanceof List<?> list) {
      requireDepth(key, depth + 1);
      writer.message(LIST, list, (entries, all) -> writeList(entries, key, all, depth + 1));
    } else if (value instanceof Map<?, ?> map) {
      requireDepth(key, depth + 1);
      writer.message(MAP, map, (entries, all) -> writeMap(entries, key, all, depth + 1));
    } else {
      throw notEncodable(key, value);
    }
  }

  private static void writeList(FieldWriter writer, String key, List<?> list, int depth) {
    for (Object element : list) {
      writer.message(ENTRY, list, (entry, ignored) -> writeValue(entry, key, element, depth));
    }
  }

  private static void writeMap(FieldWriter writer, String key, Map<?, ?> map, int depth) {
    Map<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((name, value) -> sorted.put(requireName(key, name), value));
    sorted.forEach(
        (name, value) ->
            writer.message(
                ENTRY,
                name,
                (entry, text) -> {
                  entry.string(KEY, text);
                  writeValue(entry, key, value, depth);
                }));
  }

  /** Reads one attribute of a repeated field; a value of a type that is not known is left out. */
  public static void read(FieldReader entry, Map<String, Object> attributes) {
    read(entry, attributes, 0);
  }

  private static void read(FieldReader entry, Map<String, Object> attributes, int depth) {
    String key = null;
    Object value = null;
    while (entry.next()) {
      if (entry.field() == KEY) {
        key = entry.string();
      } else {
        value = readValue(entry, value, depth);
      }
    }
    if (value != null) {
      attributes.put(CommonFields.required(key, "key of an attribute"), value);
    }
  }

  private static @Nullable Object readValue(
      FieldReader entry, @Nullable Object otherwise, int depth) {
    return switch (entry.field()) {
      case TEXT -> entry.string();
      case BOOLEAN -> entry.bool();
      case INTEGER -> entry.sint32();
      case LONG -> entry.sint64();
      case FLOAT -> entry.float32();
      case DOUBLE -> entry.float64();
      case LIST -> readList(entry.message(), depth + 1);
      case MAP -> readMap(entry.message(), depth + 1);
      default -> otherwise;
    };
  }

  private static List<Object> readList(FieldReader entries, int depth) {
    requireDepth("", depth);
    List<Object> list = new ArrayList<>();
    while (entries.next()) {
      if (entries.field() == ENTRY) {
        FieldReader entry = entries.message();
        Object value = null;
        while (entry.next()) {
          value = readValue(entry, value, depth);
        }
        if (value != null) {
          list.add(value);
        }
      }
    }
    return Collections.unmodifiableList(list);
  }

  private static Map<String, Object> readMap(FieldReader entries, int depth) {
    requireDepth("", depth);
    Map<String, Object> map = new LinkedHashMap<>();
    while (entries.next()) {
      if (entries.field() == ENTRY) {
        read(entries.message(), map, depth);
      }
    }
    return Collections.unmodifiableMap(map);
  }
}
