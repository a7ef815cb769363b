package dev.roomful.spring.autoconfigure;

/** The application has a chat, but no container that could accept its connections. */
final class MissingWebSocketContainerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MissingWebSocketContainerException(String message) {
    super(message);
  }
}
