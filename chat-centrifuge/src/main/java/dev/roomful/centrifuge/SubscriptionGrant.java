package dev.roomful.centrifuge;

import dev.roomful.admission.Role;

/**
 * The permission to join a room.
 *
 * @param role the participant's role in the room
 * @param terms the terms of the subscription
 * @param expiry the expiry of the subscription
 */
record SubscriptionGrant(Role role, SubscriptionTerms terms, Expiry expiry) {}
