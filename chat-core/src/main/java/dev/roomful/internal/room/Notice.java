package dev.roomful.internal.room;

import dev.roomful.Payload;
import dev.roomful.internal.delivery.PayloadEncoder;
import dev.roomful.transport.Frame;
import org.jspecify.annotations.Nullable;

/** A notice of the application about an event of a room, with its frame for plain text. */
record Notice(Payload payload, Frame frame) {
  static @Nullable Notice of(@Nullable Payload payload, PayloadEncoder encoder) {
    return payload == null ? null : new Notice(payload, encoder.of(payload));
  }
}
