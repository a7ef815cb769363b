package dev.roomful.centrifuge;

import dev.roomful.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who a client turned out to be.
 *
 * @param user what tokens have to name, empty if anonymous
 * @param id the participant's id
 * @param name the name to show
 * @param attributes the participant's
 * @param expiresAt when the connection expires, in seconds since 1970; 0 for never
 * @param subs server-side subscriptions
 */
record Identity(
    String user,
    String id,
    String name,
    Map<String, Object> attributes,
    long expiresAt,
    Map<String, SubscriptionTerms> subs) {
  /** As the doorman said. */
  static Identity of(Entry entry) {
    Map<String, Object> attributes = new HashMap<>(entry.attributes());
    attributes.remove(Asking.KEY);
    return new Identity(entry.id(), entry.id(), entry.name(), attributes, 0, Map.of());
  }

  static Identity of(ConnectionToken token, String connection) {
    String id = token.user().isEmpty() ? connection : token.user();
    String name = Words.name(token.info());
    return new Identity(
        token.user(),
        id,
        name == null ? id : name,
        attributes(token),
        token.expireAt(),
        token.subs());
  }

  private static Map<String, Object> attributes(ConnectionToken token) {
    Map<String, Object> attributes = new HashMap<>();
    if (!token.info().isEmpty()) {
      attributes.put(Centrifuge.INFO, token.info().text());
    }
    if (!token.meta().isEmpty()) {
      attributes.put(Centrifuge.META, token.meta().text());
    }
    return attributes;
  }

  static Identity anonymous(String connection, Data data) {
    String name = Words.name(data);
    return new Identity("", connection, name == null ? connection : name, Map.of(), 0, Map.of());
  }

  /** As a connect command shows it; nothing if it shows nothing, and has to. */
  static Optional<Identity> of(
      Centrifuge door, Entry entry, Request.Connect request, String connection)
      throws TokenRefused {
    Tokens tokens = door.tokens;
    if (!request.token().isEmpty()) {
      if (tokens == null) {
        throw TokenRefused.invalid("no tokens are believed here");
      }
      return Optional.of(of(tokens.connection(request.token(), door.wall.instant()), connection));
    }
    if (tokens == null) {
      return Optional.of(of(entry));
    }
    return door.anonymous ? Optional.of(anonymous(connection, request.data())) : Optional.empty();
  }
}
