package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.transport.Frame;
import org.jspecify.annotations.Nullable;

/** How one event looks in each dialect but plain text. */
@FunctionalInterface
interface Wording {
  /** The frame; null if the event cannot be said in that dialect. */
  @Nullable Frame in(Dialect dialect);
}
