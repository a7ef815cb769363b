package dev.roomful.internal.delivery;

import dev.roomful.transport.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one event for the clients of a format.
 *
 * @param <F> the type of formats, such as protocols
 */
@FunctionalInterface
public interface EventEncoder<F> {
  /** {@return the frame, or null if the event cannot be represented in that format} */
  @Nullable Frame encode(F format);
}
