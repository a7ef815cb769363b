package dev.roomful.centrifuge;

/**
 * What a good subscription token says.
 *
 * @param user whose connections may subscribe with it: the connection's own user has to be the same
 * @param channel which channel it is good for
 * @param client which connection it is good for, empty for any of the user's
 * @param expireAt when the subscription expires, in seconds since 1970; 0 for never
 * @param terms of the subscription
 */
record SubscriptionToken(
    String user, String channel, String client, long expireAt, SubscriptionTerms terms) {}
