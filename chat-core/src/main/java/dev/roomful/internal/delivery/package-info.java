/** Delivers frames to connections: outboxes, fan-out, write loops. Knows frames, not rooms. */
@NullMarked
package dev.roomful.internal.delivery;

import org.jspecify.annotations.NullMarked;
