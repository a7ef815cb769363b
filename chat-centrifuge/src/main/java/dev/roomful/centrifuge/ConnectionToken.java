package dev.roomful.centrifuge;

import java.util.Map;

/**
 * What a good connection token says.
 *
 * @param user whose connection it is, empty if anonymous
 * @param expireAt when the connection expires, in seconds since 1970; 0 for never
 * @param info what others are told about the connection
 * @param meta what only the server is told about it
 * @param subs server-side subscriptions, by channel
 */
record ConnectionToken(
    String user, long expireAt, Data info, Data meta, Map<String, SubscriptionTerms> subs) {
  ConnectionToken {
    subs = Map.copyOf(subs);
  }
}
