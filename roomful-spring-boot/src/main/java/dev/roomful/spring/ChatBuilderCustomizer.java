package dev.roomful.spring;

import dev.roomful.Chat;

/**
 * Changes the builder of the application's chat before the chat starts, for what no property can
 * express. Beans of this type are called in their order ({@link
 * org.springframework.core.annotation.Order}), after the properties and the other beans of the
 * application were applied.
 */
@FunctionalInterface
public interface ChatBuilderCustomizer {
  /**
   * Changes the builder.
   *
   * @param builder the builder of the chat
   */
  void customize(Chat.Builder builder);
}
