package dev.roomful.jakarta;

import dev.roomful.transport.Receiver;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Assembles messages from the parts in which a container delivers them, enforces the size limit
 * while parts arrive, and reports small parts to the receiver, which counts them against the
 * sender's rate. Containers limit sizes in different units or not at all, and some reserve memory
 * for the largest message in each connection. Called for one part at a time.
 */
final class MessageAssembler {
  /**
   * The parts of a message that are not reported, whatever their size. A container also splits
   * frames, Jetty at the end of each read and Tomcat at 8 KiB, and the API does not tell which
   * parts are frames. A client that sends large messages must not pay for that.
   */
  static final int FREE_PARTS = 16;

  /** The message length for which one further part is not reported. */
  static final int LENGTH_OF_A_FREE_PART = 256;

  private final Receiver receiver;
  private final int limit;
  private @Nullable StringBuilder text; // null unless a text message is incomplete
  private @Nullable ByteArrayOutputStream bytes; // null unless a binary message is incomplete
  private int parts; // of the incomplete message
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
    tooLarge = assembled.length() > limit; // A lower bound; the chat counts the bytes of UTF-8.
    boolean complete = last || tooLarge;
    text = complete ? null : assembled;
    if (complete) {
      parts = 0;
      receiver.text(assembled.toString());
    } else {
      countPart(part.length(), assembled.length());
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
      parts = 0;
      receiver.binary(ByteBuffer.wrap(assembled.toByteArray()));
    } else {
      countPart(copy.length, assembled.size());
    }
  }

  private void countPart(int partLength, int messageLength) {
    parts++;
    if (partLength == 0 || parts > FREE_PARTS + messageLength / LENGTH_OF_A_FREE_PART) {
      receiver.fragment();
    }
  }
}
