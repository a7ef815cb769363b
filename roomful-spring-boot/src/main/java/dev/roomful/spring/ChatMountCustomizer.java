package dev.roomful.spring;

import dev.roomful.jakarta.JakartaChat;

/**
 * Changes how the chat is mounted in the servlet container. Beans of this type are called in their
 * order ({@link org.springframework.core.annotation.Order}); those of the server's adapter come
 * last.
 */
@FunctionalInterface
public interface ChatMountCustomizer {
  /**
   * Changes the mount.
   *
   * @param mount the mount as the properties describe it
   * @return the mount to use
   */
  JakartaChat customize(JakartaChat mount);
}
