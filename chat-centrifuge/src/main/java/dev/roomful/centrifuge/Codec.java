package dev.roomful.centrifuge;

import java.nio.ByteBuffer;
import java.util.List;

/** One of the protocol's two forms. Has no state, and is free to share between threads. */
sealed interface Codec permits JsonCodec, ProtobufCodec {
  /** How many commands one frame may have. SDKs send one for each subscription in one frame. */
  int MOST_COMMANDS = 1024;

  /** The WebSocket subprotocol that selects this form. */
  String subprotocol();

  /** Whether frames are text. */
  boolean isText();

  /**
   * Reads a text frame, the size of which the caller has bounded.
   *
   * @return the commands in it, at least one and at most {@link #MOST_COMMANDS}
   * @throws Malformed if it is none of this form
   */
  List<Command> commands(String frame) throws Malformed;

  /**
   * Reads a binary frame, the size of which the caller has bounded.
   *
   * @param frame from position to limit, both left as they are
   * @return the commands in it, at least one and at most {@link #MOST_COMMANDS}
   * @throws Malformed if it is none of this form
   */
  List<Command> commands(ByteBuffer frame) throws Malformed;

  /**
   * Writes one message; a text form in UTF-8.
   *
   * @return a whole frame
   * @throws IllegalArgumentException if this form cannot carry its data: ask {@link #carries} first
   */
  byte[] encode(Outgoing message);

  /** Makes one frame of several. */
  byte[] join(List<byte[]> frames);

  /**
   * Writes a publication up to its offset, which is not known yet.
   *
   * @param publication what was said, whatever its offset
   * @throws IllegalArgumentException if this form cannot carry its data: ask {@link #carries} first
   */
  Stencil publication(String channel, Publication publication);

  /** Whether this form can carry that data. */
  boolean carries(Data data);
}
