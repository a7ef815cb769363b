/**
 * Chat rooms for a Java program that already has a web server.
 *
 * <p>Seven types are enough to start, in this order:
 *
 * <ol>
 *   <li>{@link dev.roomful.Chat}: the rooms and participants of an application; it is built once
 *       and mounted on a server by an adapter.
 *   <li>{@link dev.roomful.RoomHandler}: the application's logic, called when participants join,
 *       publish and leave.
 *   <li>{@link dev.roomful.Room}: a named place for messages.
 *   <li>{@link dev.roomful.Participant}: a user with an id, a display name and attributes.
 *   <li>{@link dev.roomful.Message}: what was published, by whom, when and where.
 *   <li>{@link dev.roomful.BroadcastPolicy}: who receives a message.
 *   <li>{@link dev.roomful.admission.Authenticator}: who may connect, as whom, and to which room.
 * </ol>
 *
 * <p>To test a handler without a server, see {@code dev.roomful.testing}.
 */
@NullMarked
package dev.roomful;

import org.jspecify.annotations.NullMarked;
