/**
 * The SPI of wire formats: a protocol encodes the events of rooms for its clients, and executes what
 * those clients ask for. Exported to {@code chat-centrifuge} only.
 */
@NullMarked
package dev.roomful.protocol;

import org.jspecify.annotations.NullMarked;
