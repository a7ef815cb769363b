package dev.roomful.examples;

import dev.roomful.Payload;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What is said in JSON. */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();

  static final JsonNode NOTHING = MissingNode.getInstance();

  private Json() {}

  /** The value of a text; of one that is no JSON, nothing. */
  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException foreign) {
      return NOTHING;
    }
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static Payload payload(JsonNode value) {
    return Payload.text(value.toString());
  }
}
