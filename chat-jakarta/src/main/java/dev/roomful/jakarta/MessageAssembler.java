package dev.roomful.jakarta;

import dev.roomful.transport.Receiver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from the pieces in which a container brings them, and counts them
 * meanwhile: containers count in different units, some not at all, and some set the memory for the
 * largest message aside for each connection. Called for one piece at a time.
 */
final class MessageAssembler {
  private final Receiver receiver;
  private final int limit;
  private @Nullable StringBuilder text; // only while the pieces of one message come, as is the next
  private @Nullable ByteArrayOutputStream bytes;
  private boolean tooLarge;

  MessageAssembler(Receiver receiver, int limit) {
    this.receiver = receiver;
    this.limit = limit;
  }

  void text(String part, boolean last) {
    StringBuilder started = text;
    if (tooLarge) {
      return;
    }
    if (last && started == null) {
      receiver.text(part);
      return;
    }
    StringBuilder assembled = (started == null ? new StringBuilder() : started).append(part);
    tooLarge = assembled.length() > limit; // at least so many bytes; the chat counts them exactly
    boolean complete = last || tooLarge;
    text = complete ? null : assembled;
    if (complete) {
      receiver.text(assembled.toString());
    }
  }

  void binary(ByteBuffer part, boolean last) {
    ByteArrayOutputStream started = bytes;
    if (tooLarge) {
      return;
    }
    if (last && started == null) {
      receiver.binary(part);
      return;
    }
    ByteArrayOutputStream assembled = started == null ? new ByteArrayOutputStream() : started;
    byte[] copy = new byte[part.remaining()];
    part.get(copy);
    assembled.writeBytes(copy);
    tooLarge = assembled.size() > limit;
    boolean complete = last || tooLarge;
    bytes = complete ? null : assembled;
    if (complete) {
      receiver.binary(ByteBuffer.wrap(assembled.toByteArray()));
    }
  }
}
