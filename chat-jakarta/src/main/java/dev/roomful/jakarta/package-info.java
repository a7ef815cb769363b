/**
 * The transport for any container of the Jakarta WebSocket API. {@link
 * dev.roomful.jakarta.JakartaChat} mounts a chat; an adapter to one server implements {@link
 * dev.roomful.jakarta.ServerBinding}.
 */
@NullMarked
package dev.roomful.jakarta;

import org.jspecify.annotations.NullMarked;
