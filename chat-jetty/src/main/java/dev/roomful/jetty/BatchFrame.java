package dev.roomful.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.Frame;

/**
 * Several whole frames that Jetty takes for one: it writes the header of the first from what this
 * says of its length, then everything that {@link #getPayload} has, which goes on with the other
 * frames. That Jetty asks the length here, and not the payload, is no promise of its own: {@link
 * BatchCheck} tries it out.
 *
 * <p>The first payload must not be longer than the session's largest frame, or Jetty would cut the
 * batch into fragments: batches of more than one frame are not larger than 64 KiB.
 */
final class BatchFrame extends Frame {
  private final ByteBuffer rest;
  private final int firstLength;

  private BatchFrame(byte finAndOpcode, ByteBuffer rest, int firstLength) {
    super(finAndOpcode, null, null);
    this.rest = rest;
    this.firstLength = firstLength;
  }

  /** Of complete, unmasked, unfragmented frames (RFC 6455 section 5.2); consumes the buffer. */
  static BatchFrame of(ByteBuffer wire) {
    byte finAndOpcode = wire.get();
    int length = wire.get();
    if (length == 126) {
      length = Short.toUnsignedInt(wire.getShort());
    } else if (length == 127) {
      length = Math.toIntExact(wire.getLong());
    }
    return new BatchFrame(finAndOpcode, wire, length);
  }

  @Override
  public int getPayloadLength() {
    return firstLength;
  }

  /** The same buffer on every call: Jetty consumes it as it writes. */
  @Override
  public ByteBuffer getPayload() {
    return rest;
  }

  @Override
  public boolean hasPayload() {
    return rest.hasRemaining();
  }
}
