package dev.roomful.centrifuge;

import dev.roomful.admission.Handshake;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that is over, asked about once more: for one room, by somebody who is known by now.
 *
 * @param original the handshake, of which only the path, the query and the attributes of the HTTP
 *     session are still asked
 * @param headers what its headers were
 * @param remoteAddress where it came from
 * @param principal who it was, or who the token says
 * @param room what is to be entered, empty for nothing
 */
record ChannelHandshake(
    Handshake original,
    Map<String, List<String>> headers,
    Optional<String> remoteAddress,
    Optional<Principal> principal,
    String room)
    implements Handshake {
  /** What a server forgets when the handshake is over is kept. */
  static ChannelHandshake of(Handshake handshake) {
    return new ChannelHandshake(
        handshake,
        Map.copyOf(handshake.headers()),
        handshake.remoteAddress(),
        handshake.principal(),
        "");
  }

  ChannelHandshake withUser(String user) {
    return new ChannelHandshake(
        original, headers, remoteAddress, Optional.of(new TokenPrincipal(user)), room);
  }

  ChannelHandshake forChannel(String channel) {
    return new ChannelHandshake(original, headers, remoteAddress, principal, channel);
  }

  @Override
  public Optional<String> path(String name) {
    return name.equals("room") && !room.isEmpty() ? Optional.of(room) : original.path(name);
  }

  /** The client's own word for the room does not count. */
  @Override
  public Optional<String> query(String name) {
    return name.equals("room") && !room.isEmpty() ? Optional.of(room) : original.query(name);
  }

  @Override
  public Optional<Object> sessionAttribute(String name) {
    return original.sessionAttribute(name);
  }

  /** Whom a token names. */
  private record TokenPrincipal(String id) implements Principal {
    @Override
    public String getName() {
      return id;
    }
  }

  /** Of the entry that stands for the handshake until the connection is open. */
  static final String KEY = ChannelHandshake.class.getName();

  static @Nullable ChannelHandshake from(Map<String, Object> attributes) {
    return attributes.get(KEY) instanceof ChannelHandshake handshake ? handshake : null;
  }
}
