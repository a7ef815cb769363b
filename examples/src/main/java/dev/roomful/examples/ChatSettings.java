package dev.roomful.examples;

import dev.roomful.Limits;
import dev.roomful.centrifuge.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * The settings of an example's chat that the command line can change.
 *
 * @param limits the limits of the chat
 * @param tokens the check of connection tokens; without it everybody may connect
 * @param allowedOrigins the origins of pages that may connect, beside the chat's own
 */
record ChatSettings(Limits limits, Optional<Tokens> tokens, List<String> allowedOrigins) {
  static ChatSettings of(Limits limits) {
    return new ChatSettings(limits, Optional.empty(), List.of());
  }

  ChatSettings withTokens(Tokens required) {
    return new ChatSettings(limits, Optional.of(required), allowedOrigins);
  }

  ChatSettings withAllowedOrigins(List<String> origins) {
    return new ChatSettings(limits, tokens, List.copyOf(origins));
  }

  String[] origins() {
    return allowedOrigins.toArray(String[]::new);
  }
}
