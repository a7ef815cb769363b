package dev.roomful.centrifuge;

import dev.roomful.admission.Handshake;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A past handshake, presented to the authenticator again for one room, with the user that is known
 * by now.
 *
 * @param original the handshake, which is asked for its path, its query and its session only
 * @param headers a copy of its headers
 * @param remoteAddress its remote address
 * @param principal its principal, or the user of the token
 * @param room the room to join, empty for none
 */
record ChannelHandshake(
    Handshake original,
    Map<String, List<String>> headers,
    Optional<String> remoteAddress,
    Optional<Principal> principal,
    String room)
    implements Handshake {
  /** Copies what a server may discard after the handshake. */
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

  /** {@inheritDoc} The {@code room} of the query does not count: it is chosen by the client. */
  @Override
  public Optional<String> query(String name) {
    return name.equals("room") && !room.isEmpty() ? Optional.of(room) : original.query(name);
  }

  @Override
  public Optional<Object> sessionAttribute(String name) {
    return original.sessionAttribute(name);
  }

  /** The user of a token. */
  private record TokenPrincipal(String id) implements Principal {
    @Override
    public String getName() {
      return id;
    }
  }

  /** The attribute of the admission that carries the handshake until the connection opens. */
  static final String KEY = ChannelHandshake.class.getName();

  static @Nullable ChannelHandshake from(Map<String, Object> attributes) {
    return attributes.get(KEY) instanceof ChannelHandshake handshake ? handshake : null;
  }
}
