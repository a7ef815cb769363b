package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.jakarta.JakartaChat;
import java.time.Duration;
import java.util.Locale;

/** The examples, each with the path of its WebSocket and a description. */
enum Example {
  ECHO("/ws", "replies to each message"),
  BROADCAST("/ws/{client_id}", "delivers each message to everyone, the sender included"),
  EXCLUDING_SELF("/ws/{client_id}", "delivers each message to everyone but its sender"),
  PLAIN_ROOMS("/ws", "rooms in plain text: names, history, moderation, resume"),
  ROOMS(
      "/connection/websocket", "a chat with a full page, for the SDKs of the Centrifuge protocol");

  /** The text that clients with plain text receive regularly. The pages do not show it. */
  static final String HEARTBEAT = "heartbeat";

  /** A page reconnects after two and a half intervals in which it received nothing. */
  static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(20);

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
   * @param settings its settings; only {@link #ROOMS} has tokens, and only examples that {@link
   *     #hasCluster} use an engine
   * @return the chat, to be mounted on a server
   */
  JakartaChat mount(ChatSettings settings) {
    return this == ROOMS
        ? RoomsExample.mount(path, settings)
        : JakartaChat.of(plainTextChat(settings).build(), path);
  }

  /** {@return the chat of an example whose clients send plain text} */
  Chat.Builder plainTextChat(ChatSettings settings) {
    Chat.Builder builder =
        switch (this) {
          case ECHO -> Echo.chat();
          case BROADCAST -> Broadcast.chat();
          case EXCLUDING_SELF -> ExcludingSelf.chat();
          case PLAIN_ROOMS -> settings.applyCluster(PlainRooms.chat());
          case ROOMS -> throw new IllegalStateException(this + " has a protocol");
        };
    return builder
        .limits(settings.limits())
        .allowOrigins(settings.origins())
        .heartbeat(HEARTBEAT_INTERVAL, HEARTBEAT);
  }

  /** {@return whether its rooms can be shared by several nodes} */
  boolean hasCluster() {
    return this == PLAIN_ROOMS || this == ROOMS;
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
