/**
 * What a dialect implements: how the events of rooms look on the wire of its clients, and what
 * those clients can ask for.
 */
@NullMarked
package dev.roomful.protocol;

import org.jspecify.annotations.NullMarked;
