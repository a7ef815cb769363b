package dev.roomful.examples;

import dev.roomful.Payload;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Converts between payloads and JSON. */
final class JsonPayloads {
  private static final JsonMapper MAPPER = new JsonMapper();

  static final JsonNode MISSING = MissingNode.getInstance();

  private JsonPayloads() {}

  /** {@return the value of a JSON text, or {@link #MISSING} if the text is not JSON} */
  static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException invalid) {
      return MISSING;
    }
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static Payload payload(JsonNode value) {
    return Payload.text(value.toString());
  }
}
