package dev.roomful.examples;

import dev.roomful.Message;
import dev.roomful.admission.Position;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a message of the page refers to: {@code {"text": "no, @Ann", "reply": "5x8f:12", "mentions":
 * ["ann"]}}. What is not valid is ignored.
 */
final class MessageReferences {
  static final int MAX_MENTIONS = 20;

  /** Leaves space for other headers within {@link Message#MAX_HEADER_BYTES}. */
  private static final int MAX_MENTION_BYTES = 3 * 1024;

  private MessageReferences() {}

  /** {@return the message with the headers for what its content refers to} */
  static Message addTo(Message message, JsonNode content) {
    Message reply =
        Position.parse(content.path("reply").asString(""))
            .map(message::withReplyTo)
            .orElse(message);
    Set<String> mentions = mentions(content.path("mentions"));
    return mentions.isEmpty() ? reply : reply.withMentions(mentions);
  }

  private static Set<String> mentions(JsonNode values) {
    Set<String> ids = new LinkedHashSet<>();
    int bytes = 0;
    for (JsonNode value : values) {
      String id = value.isString() ? value.asString() : "";
      if (isId(id) && ids.size() < MAX_MENTIONS && !ids.contains(id)) {
        bytes += id.getBytes(StandardCharsets.UTF_8).length + 1;
        if (bytes > MAX_MENTION_BYTES) {
          break;
        }
        ids.add(id);
      }
    }
    return ids;
  }

  private static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= CallArguments.MAX_ID_LENGTH
        && text.chars().noneMatch(Character::isISOControl);
  }
}
