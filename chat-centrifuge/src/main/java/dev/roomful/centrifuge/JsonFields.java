package dev.roomful.centrifuge;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

  /**
   * Writes JSON as it is, but without line feeds: these separate messages in a frame, and mean
   * nothing between the tokens of a JSON value. Other data becomes an object.
   */
  void data(String name, Data data) {
    if (data.isEmpty()) {
      return;
    }
    json.writeName(name);
    if (data.isJson()) {
      json.writeRawValue(data.text().replace('\n', ' '));
    } else {
      json.writeStartObject();
      json.writeStringProperty("base64", Base64.getEncoder().encodeToString(data.bytes()));
      json.writeEndObject();
    }
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
