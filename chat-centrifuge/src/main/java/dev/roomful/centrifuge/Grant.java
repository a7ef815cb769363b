package dev.roomful.centrifuge;

import dev.roomful.admission.Role;

/**
 * What somebody may come into a room with.
 *
 * @param role what the participant is to be there
 * @param terms of the subscription
 * @param expiry how long it is good for
 */
record Grant(Role role, SubscriptionTerms terms, Expiry expiry) {}
