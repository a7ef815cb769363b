package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.jakarta.JakartaChat;
import java.util.Locale;

/** The examples, each with the path of its WebSocket and a description. */
enum Example {
  ECHO("/ws", "replies to each message"),
  BROADCAST("/ws/{client_id}", "delivers each message to everyone, the sender included"),
  EXCLUDING_SELF("/ws/{client_id}", "delivers each message to everyone but its sender"),
  PLAIN_ROOMS("/ws", "rooms in plain text: names, history, moderation, resume"),
  ROOMS(
      "/connection/websocket", "a chat with a full page, for the SDKs of the Centrifuge protocol");

  /** Bounds the memory and the file descriptors that clients can use up. */
  static final int MAX_CONNECTIONS = 10_000;

  final String path;
  final String description;

  Example(String path, String description) {
    this.path = path;
    this.description = description;
  }

  /**
   * Starts the chat of this example.
   *
   * @param settings its settings; only {@link #ROOMS} has tokens
   * @return the chat, to be mounted on a server
   */
  JakartaChat mount(ChatSettings settings) {
    return switch (this) {
      case ECHO -> mountPlainText(Echo.chat(), settings);
      case BROADCAST -> mountPlainText(Broadcast.chat(), settings);
      case EXCLUDING_SELF -> mountPlainText(ExcludingSelf.chat(), settings);
      case PLAIN_ROOMS -> mountPlainText(PlainRooms.chat(), settings);
      case ROOMS -> RoomsExample.mount(path, settings);
    };
  }

  private JakartaChat mountPlainText(Chat.Builder builder, ChatSettings settings) {
    return JakartaChat.of(
        builder.limits(settings.limits()).allowOrigins(settings.origins()).build(), path);
  }

  /** The first three examples close a connection at its first message above the rate. */
  Limits limits() {
    return switch (this) {
      case PLAIN_ROOMS -> PlainRooms.LIMITS;
      case ROOMS -> RoomsExample.LIMITS;
      default -> Limits.defaults().withConnections(MAX_CONNECTIONS).withRateViolations(0);
    };
  }

  /** {@return the name on the command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
