package dev.roomful.centrifuge;

import dev.roomful.admission.Credential;
import java.util.Map;

/**
 * The content of a valid connection token.
 *
 * @param user the user, empty if anonymous
 * @param expireAt when the connection expires, in seconds since 1970; 0 for never
 * @param info what other clients receive about the connection
 * @param meta what only the server receives
 * @param subs server-side subscriptions, by channel
 * @param credential by which it can be revoked
 */
record ConnectionToken(
    String user,
    long expireAt,
    RawData info,
    RawData meta,
    Map<String, SubscriptionTerms> subs,
    Credential credential) {
  ConnectionToken {
    subs = Map.copyOf(subs);
  }
}
