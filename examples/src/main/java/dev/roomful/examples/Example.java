package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.centrifuge.Tokens;
import dev.roomful.jakarta.JakartaChat;
import java.util.Locale;
import java.util.Optional;

/** The examples by name. */
enum Example {
  ECHO("/ws", "says back to each what it said"),
  BROADCAST("/ws/{client_id}", "what one says, everyone hears"),
  EXCLUDING_SELF("/ws/{client_id}", "what one says, everyone else hears"),
  PLAIN_ROOMS("/ws", "rooms in plain text: names, history, somebody in charge, coming back"),
  ROOMS("/connection/websocket", "a chat for people, on the SDKs of the Centrifuge protocol");

  /** Bounds the memory and the descriptors that clients can use up, whatever they do. */
  static final int MAX_CONNECTIONS = 10_000;

  final String path;
  final String description;

  Example(String path, String description) {
    this.path = path;
    this.description = description;
  }

  /**
   * The chat, to be mounted.
   *
   * @param tokens which tokens are believed, of which only {@link #ROOMS} knows something
   */
  JakartaChat mount(Limits limits, Optional<Tokens> tokens) {
    return switch (this) {
      case ECHO -> mountPlainText(Echo.chat(), limits);
      case BROADCAST -> mountPlainText(Broadcast.chat(), limits);
      case EXCLUDING_SELF -> mountPlainText(ExcludingSelf.chat(), limits);
      case PLAIN_ROOMS -> mountPlainText(PlainRooms.chat(), limits);
      case ROOMS -> RoomsExample.mount(path, limits, tokens);
    };
  }

  private JakartaChat mountPlainText(Chat.Builder builder, Limits limits) {
    return JakartaChat.of(builder.limits(limits).build(), path);
  }

  /** The first three close who is too fast without a word between. */
  Limits limits() {
    return switch (this) {
      case PLAIN_ROOMS -> PlainRooms.LIMITS;
      case ROOMS -> RoomsExample.LIMITS;
      default -> Limits.defaults().withConnections(MAX_CONNECTIONS).withRateViolations(0);
    };
  }

  /** As on the command line, and in the name of its page. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
