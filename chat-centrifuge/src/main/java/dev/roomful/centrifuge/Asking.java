package dev.roomful.centrifuge;

import dev.roomful.Handshake;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that is over, asked about once more: for one room, by somebody who is known by now.
 *
 * @param once the handshake, of which only the path and the query are still asked
 * @param headers what its headers were
 * @param remoteAddress where it came from
 * @param principal who it was, or who the token says
 * @param room what is to be entered, empty for nothing
 */
record Asking(
    Handshake once,
    Map<String, List<String>> headers,
    Optional<String> remoteAddress,
    Optional<Principal> principal,
    String room)
    implements Handshake {
  /** What a server forgets when the handshake is over is kept. */
  static Asking of(Handshake handshake) {
    return new Asking(
        handshake,
        Map.copyOf(handshake.headers()),
        handshake.remoteAddress(),
        handshake.principal(),
        "");
  }

  Asking by(String user) {
    return new Asking(once, headers, remoteAddress, Optional.of(new User(user)), room);
  }

  Asking into(String channel) {
    return new Asking(once, headers, remoteAddress, principal, channel);
  }

  @Override
  public Optional<String> path(String name) {
    return name.equals("room") && !room.isEmpty() ? Optional.of(room) : once.path(name);
  }

  /** The client's own word for the room does not count. */
  @Override
  public Optional<String> query(String name) {
    return name.equals("room") && !room.isEmpty() ? Optional.of(room) : once.query(name);
  }

  /** Whom a token names. */
  private record User(String id) implements Principal {
    @Override
    public String getName() {
      return id;
    }
  }

  /** Of the entry that stands for the handshake until the connection is open. */
  static final String KEY = Asking.class.getName();

  static @Nullable Asking in(Map<String, Object> attributes) {
    return attributes.get(KEY) instanceof Asking asking ? asking : null;
  }
}
