/**
 * Chat rooms: {@link dev.roomful.Room}s, {@link dev.roomful.Participant}s, and who hears what.
 *
 * <p>An application writes a {@link dev.roomful.RoomHandler}, makes a {@link dev.roomful.Chat} of
 * it, and mounts that on its server with one of the adapters. To test a handler without a server,
 * see {@code dev.roomful.testing}.
 */
@NullMarked
package dev.roomful;

import org.jspecify.annotations.NullMarked;
