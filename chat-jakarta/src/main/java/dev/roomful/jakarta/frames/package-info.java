/**
 * RFC 6455 for the adapters of this project: reads and writes the frames of one client on a socket
 * of the server, below the server's own WebSocket layer. Not for applications.
 */
@NullMarked
package dev.roomful.jakarta.frames;

import org.jspecify.annotations.NullMarked;
