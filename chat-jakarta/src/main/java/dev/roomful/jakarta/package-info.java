/**
 * A chat on any container of the Jakarta WebSocket API: {@link dev.roomful.jakarta.JakartaChat}
 * mounts it, and {@link dev.roomful.jakarta.ServerBinding} lets an adapter give its server's faster
 * ways.
 */
@NullMarked
package dev.roomful.jakarta;

import org.jspecify.annotations.NullMarked;
