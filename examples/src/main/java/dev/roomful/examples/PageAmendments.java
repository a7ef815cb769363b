package dev.roomful.examples;

import dev.roomful.Amendment;
import dev.roomful.Message;
import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import tools.jackson.databind.JsonNode;

/**
 * What the page sends to change a message: {@code {"amend": "edit", "target": "5x8f:12", "text":
 * "hello"}}, or {@code react} and {@code unreact} with a {@code reaction}. Deletions are a call of
 * {@link ModerationCalls}, which moderators use for messages of others too.
 */
final class PageAmendments {
  private PageAmendments() {}

  static boolean isAmendment(JsonNode content) {
    return content.path("amend").isString();
  }

  /**
   * Turns what a client sent into an amendment.
   *
   * @throws RejectedException if the content is not an amendment of this page
   */
  static Message amending(Message message, JsonNode content) {
    Position target =
        Position.parse(content.path("target").asString(""))
            .orElseThrow(() -> invalid("target is not a position"));
    String kind = content.path("amend").asString();
    try {
      return switch (kind) {
        case "edit" ->
            message
                .withPayload(JsonPayloads.payload(JsonPayloads.object().put("text", text(content))))
                .withAmendment(Amendment.edit(target));
        case "react" -> reacting(message, Amendment.react(target, reaction(content)));
        case "unreact" -> reacting(message, Amendment.unreact(target, reaction(content)));
        default -> throw invalid("amend is none of edit, react, unreact");
      };
    } catch (IllegalArgumentException invalid) {
      throw invalid(String.valueOf(invalid.getMessage()));
    }
  }

  private static Message reacting(Message message, Amendment reaction) {
    return message.withPayload(JsonPayloads.payload(JsonPayloads.object())).withAmendment(reaction);
  }

  private static String text(JsonNode content) {
    String text = content.path("text").asString("").strip();
    if (text.isEmpty()) {
      throw invalid("text is empty: delete the message instead");
    }
    return text;
  }

  private static String reaction(JsonNode content) {
    return content.path("reaction").asString("");
  }

  private static RejectedException invalid(String reason) {
    return new RejectedException(Rejection.of(400, reason));
  }
}
