package dev.roomful.centrifuge;

import dev.roomful.Role;

/**
 * What somebody may come into a room with.
 *
 * @param role what the participant is to be there
 * @param terms of the subscription
 * @param lease how long it is good for
 */
record Pass(Role role, SubscriptionTerms terms, Lease lease) {}
