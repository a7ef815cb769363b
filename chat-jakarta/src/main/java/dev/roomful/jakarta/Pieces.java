package dev.roomful.jakarta;

import dev.roomful.transport.Receiver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Puts messages together from the pieces in which a container brings them, and counts them
 * meanwhile: containers count in different units, some not at all, and some set the memory for the
 * largest message aside for each connection. Called for one piece at a time.
 */
final class Pieces {
  private final Receiver receiver;
  private final int limit;
  private final StringBuilder text = new StringBuilder(0);
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
  private boolean tooBig;

  Pieces(Receiver receiver, int limit) {
    this.receiver = receiver;
    this.limit = limit;
  }

  void text(String piece, boolean last) {
    if (tooBig) {
      return;
    }
    if (last && text.length() == 0) {
      receiver.text(piece);
      return;
    }
    text.append(piece);
    tooBig = text.length() > limit; // at least so many bytes; the chat counts them exactly
    if (last || tooBig) {
      String whole = text.toString();
      text.setLength(0);
      text.trimToSize();
      receiver.text(whole);
    }
  }

  void binary(ByteBuffer piece, boolean last) {
    if (tooBig) {
      return;
    }
    if (last && bytes.size() == 0) {
      receiver.binary(piece);
      return;
    }
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    bytes.writeBytes(copy);
    tooBig = bytes.size() > limit;
    if (last || tooBig) {
      ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
      bytes = new ByteArrayOutputStream(0);
      receiver.binary(whole);
    }
  }
}
