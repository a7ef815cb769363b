package dev.roomful.internal.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages that docs/log-format.md documents. */
final class LogFormatSchema {
  private static final Pattern BLOCK = Pattern.compile("```proto\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile(
          "^(?:message (\\w+) \\{|\\s+(?:repeated |optional )?(\\w+) (\\w+) = (\\d+);)",
          Pattern.MULTILINE);

  private final Map<String, Map<Integer, Field>> messages = new TreeMap<>();

  /** One field of a message. */
  record Field(String type, String name) {}

  LogFormatSchema() {
    Map<Integer, Field> fields = new HashMap<>();
    Matcher blocks = BLOCK.matcher(document());
    while (blocks.find()) {
      Matcher lines = LINE.matcher(blocks.group(1));
      while (lines.find()) {
        if (lines.group(1) != null) {
          fields = new TreeMap<>();
          messages.put(lines.group(1), fields);
        } else if (fields.put(
                Integer.valueOf(lines.group(4)), new Field(lines.group(2), lines.group(3)))
            != null) {
          throw new AssertionError("two fields have the number of " + lines.group(3));
        }
      }
    }
  }

  private static String document() {
    try {
      return Files.readString(Path.of("..", "docs", "log-format.md"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** All fields of all messages, as {@code Message.field}. */
  Set<String> fields() {
    Set<String> all = new TreeSet<>();
    messages.forEach(
        (message, fields) ->
            fields.values().forEach(field -> all.add(message + "." + field.name())));
    return all;
  }

  /**
   * Copies a record, and fails if it has a field that is not documented.
   *
   * @param message what the record is
   * @param later what each message of the copy has before and after its fields
   * @param found receives the names of the fields
   */
  byte[] copy(String message, FieldReader reader, byte[] later, Set<String> found) {
    Map<Integer, Field> fields = messages.get(message);
    FieldWriter writer = new FieldWriter();
    while (reader.next()) {
      int number = reader.field();
      Field field = fields.get(number);
      if (field == null) {
        throw new AssertionError("field " + number + " of " + message + " is not documented");
      }
      found.add(message + "." + field.name());
      switch (field.type()) {
        case "string" -> writer.string(number, reader.string());
        case "bytes" -> writer.bytes(number, reader.bytes());
        case "bool" -> writer.bool(number, reader.bool());
        case "int64", "int32", "uint32", "Role" -> writer.int64(number, reader.int64());
        case "sint64", "sint32" -> writer.sint64(number, reader.sint64());
        case "float" -> writer.float32(number, reader.float32());
        case "double" -> writer.float64(number, reader.float64());
        default -> writer.bytes(number, copy(field.type(), reader.message(), later, found));
      }
    }
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    copy.writeBytes(later);
    copy.writeBytes(writer.toByteArray());
    copy.writeBytes(later);
    return copy.toByteArray();
  }

  /** Fields of a later version, one of each type that the wire format has. */
  static byte[] laterFields() {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    fields.writeBytes(
        new FieldWriter()
            .int64(1000, -1)
            .float32(1001, 1)
            .float64(1002, 1)
            .string(1003, "later")
            .message(1004, "later", (nested, text) -> nested.string(1, text))
            .toByteArray());
    // A group with the number 1005, which contains a text and a group with a number.
    fields.writeBytes(HexFormat.of().parseHex("eb3e0a0178130801" + "14ec3e"));
    return fields.toByteArray();
  }
}
