package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import java.util.Locale;

/** The examples by name. */
enum Example {
  ECHO("/ws", "says back to each what it said"),
  BROADCAST("/ws/{client_id}", "what one says, everyone hears"),
  EXCLUDING_SELF("/ws/{client_id}", "what one says, everyone else hears"),
  ROOMS("/ws", "names, history, typing, somebody in charge; survives a lost connection");

  final String path;
  final String about;

  Example(String path, String about) {
    this.path = path;
    this.about = about;
  }

  Chat.Builder chat() {
    return switch (this) {
      case ECHO -> Echo.chat();
      case BROADCAST -> Broadcast.chat();
      case EXCLUDING_SELF -> ExcludingSelf.chat();
      case ROOMS -> Rooms.chat();
    };
  }

  /** The first three close who is too fast without a word between. */
  Limits limits() {
    return this == ROOMS ? Rooms.LIMITS : Limits.defaults().patience(0);
  }

  /** As on the command line, and in the name of its page. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
