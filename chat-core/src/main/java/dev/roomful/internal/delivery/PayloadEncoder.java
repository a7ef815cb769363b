package dev.roomful.internal.delivery;

import dev.roomful.Payload;
import dev.roomful.transport.Frame;

/** Encodes payloads as frames, and rejects those that are too large for an outbox. */
public final class PayloadEncoder {
  private final int outboxBytes;

  /**
   * Creates an encoder.
   *
   * @param outboxBytes the bound of an outbox
   */
  public PayloadEncoder(int outboxBytes) {
    this.outboxBytes = outboxBytes;
  }

  /** {@return the plain text or binary frame of a payload} */
  public static Frame encode(Payload payload) {
    return payload.isText() ? Frame.text(payload.text()) : Frame.binary(payload.bytes());
  }

  /** {@return the frame of a payload, which is at most half of an outbox} */
  public Frame of(Payload payload) {
    return requireFitting(encode(payload));
  }

  /** Returns the frame, or throws if it is larger than half of an outbox. */
  public Frame requireFitting(Frame frame) {
    if (frame.size() > outboxBytes / 2) {
      throw new IllegalArgumentException(
          "a frame of "
              + frame.size()
              + " bytes is more than half of an outbox: send less, or raise Limits.outboxBytes,"
              + " which is "
              + outboxBytes);
    }
    return frame;
  }
}
