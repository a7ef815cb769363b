package dev.roomful.centrifuge;

import dev.roomful.admission.Handshake;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A past handshake, presented to the authenticator again for one room, with the user who is known
 * by now.
 *
 * @param original the handshake, which is immutable and does not refer to the server's request
 * @param user the user of the token, null for the principal of the handshake
 * @param room the room to join, empty for none
 */
record SubscribeHandshake(Handshake original, @Nullable Principal user, String room)
    implements Handshake {
  static SubscribeHandshake of(Handshake handshake) {
    return new SubscribeHandshake(handshake, null, "");
  }

  SubscribeHandshake withUser(String id) {
    return new SubscribeHandshake(original, new TokenPrincipal(id), room);
  }

  SubscribeHandshake forChannel(String channel) {
    return new SubscribeHandshake(original, user, channel);
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
  public Map<String, List<String>> headers() {
    return original.headers();
  }

  @Override
  public Optional<Object> sessionAttribute(String name) {
    return original.sessionAttribute(name);
  }

  @Override
  public Optional<String> remoteAddress() {
    return original.remoteAddress();
  }

  @Override
  public Optional<Principal> principal() {
    return user == null ? original.principal() : Optional.of(user);
  }

  /** The user of a token. */
  private record TokenPrincipal(String id) implements Principal {
    @Override
    public String getName() {
      return id;
    }
  }

  /** The attribute of the admission that carries the handshake until the connection opens. */
  static final String KEY = SubscribeHandshake.class.getName();

  static @Nullable SubscribeHandshake from(Map<String, Object> attributes) {
    return attributes.get(KEY) instanceof SubscribeHandshake handshake ? handshake : null;
  }
}
