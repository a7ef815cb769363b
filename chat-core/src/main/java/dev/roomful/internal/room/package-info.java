/** The state of rooms: membership, presence, messages, history and moderation. */
@NullMarked
package dev.roomful.internal.room;

import org.jspecify.annotations.NullMarked;
