package dev.roomful.internal.state;

import dev.roomful.Payload;
import dev.roomful.internal.delivery.PayloadEncoder;
import dev.roomful.transport.Frame;
import org.jspecify.annotations.Nullable;

/** A notice of the application about an event of a room, with its frame for plain text. */
public record Notice(Payload payload, Frame frame) {
  public static @Nullable Notice of(@Nullable Payload payload, PayloadEncoder encoder) {
    return payload == null ? null : new Notice(payload, encoder.of(payload));
  }

  /** A notice that another node, which has checked its size, has decided about. */
  static @Nullable Notice decoded(@Nullable Payload payload) {
    return payload == null ? null : new Notice(payload, PayloadEncoder.encode(payload));
  }
}
