package dev.roomful.centrifuge;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes the fields of a message in JSON. Empty texts, 0 and false are omitted, as the schema
 * defines for unset values.
 */
final class JsonFieldWriter {
  private final StringWriter text = new StringWriter(256);

  /** For fields that are written even if they are empty. */
  final JsonGenerator json = JsonSettings.LENIENT.createGenerator(ObjectWriteContext.empty(), text);

  /** {@return an upper bound of the size of a text as a JSON string or in Protobuf} */
  static long encodedSize(String text) {
    long size = 6; // quotes, a separator, and the length of a Protobuf field
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      size += c < ' ' ? 6 : c < 0x80 ? 2 : 3;
    }
    return size;
  }

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
  void data(String name, RawData data) {
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

  /** {@return the complete message} */
  String finish() {
    json.close();
    return text.toString();
  }

  /** {@return the message up to a name whose value follows} */
  byte[] upToValue(String name) {
    json.writeName(name);
    json.flush();
    text.append(':');
    byte[] written = text.toString().getBytes(StandardCharsets.UTF_8);
    json.close(); // returns its buffer; what it still writes is discarded
    return written;
  }
}
