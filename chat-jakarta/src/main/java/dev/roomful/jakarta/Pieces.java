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
final class Pieces {
  private final Receiver receiver;
  private final int limit;
  private @Nullable StringBuilder text; // only while the pieces of one message come, as is the next
  private @Nullable ByteArrayOutputStream bytes;
  private boolean tooBig;

  Pieces(Receiver receiver, int limit) {
    this.receiver = receiver;
    this.limit = limit;
  }

  void text(String piece, boolean last) {
    StringBuilder begun = text;
    if (tooBig) {
      return;
    }
    if (last && begun == null) {
      receiver.text(piece);
      return;
    }
    StringBuilder whole = (begun == null ? new StringBuilder() : begun).append(piece);
    tooBig = whole.length() > limit; // at least so many bytes; the chat counts them exactly
    boolean complete = last || tooBig;
    text = complete ? null : whole;
    if (complete) {
      receiver.text(whole.toString());
    }
  }

  void binary(ByteBuffer piece, boolean last) {
    ByteArrayOutputStream begun = bytes;
    if (tooBig) {
      return;
    }
    if (last && begun == null) {
      receiver.binary(piece);
      return;
    }
    ByteArrayOutputStream whole = begun == null ? new ByteArrayOutputStream() : begun;
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    whole.writeBytes(copy);
    tooBig = whole.size() > limit;
    boolean complete = last || tooBig;
    bytes = complete ? null : whole;
    if (complete) {
      receiver.binary(ByteBuffer.wrap(whole.toByteArray()));
    }
  }
}
