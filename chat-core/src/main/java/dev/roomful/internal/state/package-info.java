/**
 * A room as a state machine: events, and the state that they lead to. The same events in the same
 * order lead to the same state, on every node: nothing here reads a clock, uses randomness, or
 * calls the application.
 */
@NullMarked
package dev.roomful.internal.state;

import org.jspecify.annotations.NullMarked;
