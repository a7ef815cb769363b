package dev.roomful;

import dev.roomful.protocol.Protocol;
import dev.roomful.transport.Frame;
import org.jspecify.annotations.Nullable;

/** How one event looks in each dialect but plain text. */
@FunctionalInterface
interface EventEncoder {
  /** The frame; null if the event cannot be said in that dialect. */
  @Nullable Frame encode(Protocol protocol);
}
