package dev.roomful.centrifuge;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes the fields of a message in JSON. What is empty, 0 or false is left out, as the schema has
 * it for a value that was not set.
 */
final class JsonFields {
  private final StringWriter text = new StringWriter(256);

  /** For what is there even if it is empty. */
  final JsonGenerator json =
      CentrifugeJson.LENIENT.createGenerator(ObjectWriteContext.empty(), text);

  void string(String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  void number(String name, long value) {
    if (value != 0) {
      json.writeNumberProperty(name, value);
    }
  }

  void bool(String name, boolean value) {
    if (value) {
      json.writeBooleanProperty(name, true);
    }
  }

  /** As it is, but for line feeds: they end messages, and mean nothing between JSON's tokens. */
  void data(String name, Data data) {
    if (data.isEmpty()) {
      return;
    }
    if (!data.isJson()) {
      throw new IllegalArgumentException(
          "a client that speaks JSON cannot be sent \""
              + name
              + "\" of "
              + data
              + ", which are no JSON: ask Codec.carries first");
    }
    json.writeName(name);
    json.writeRawValue(data.text().replace('\n', ' '));
  }

  /** What was written, complete. */
  byte[] finish() {
    json.close();
    return bytes();
  }

  /** What was written up to a name, the value of which is to follow. */
  byte[] upToValue(String name) {
    json.writeName(name);
    json.flush();
    text.append(':');
    byte[] written = bytes();
    json.close(); // it gives back its buffer; what it still writes is not of interest
    return written;
  }

  private byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
