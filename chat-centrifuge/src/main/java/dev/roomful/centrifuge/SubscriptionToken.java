package dev.roomful.centrifuge;

/**
 * The content of a valid subscription token.
 *
 * @param user the user whose connections may subscribe with it
 * @param channel the channel
 * @param client the connection that may subscribe with it, empty for any of the user's
 * @param expireAt when the subscription expires, in seconds since 1970; 0 for never
 * @param terms the terms of the subscription
 */
record SubscriptionToken(
    String user, String channel, String client, long expireAt, SubscriptionTerms terms) {}
