package dev.roomful.centrifuge;

import java.nio.ByteBuffer;
import java.util.List;

/** One of the protocol's two forms. Has no state, and is free to share between threads. */
sealed interface Codec permits JsonCodec, ProtobufCodec {
  /** How many commands one frame may have. SDKs send one for each subscription in one frame. */
  int MAX_COMMANDS = 1024;

  /** The WebSocket subprotocol that selects this form. */
  String subprotocol();

  /** Whether frames are text. */
  boolean isText();

  /**
   * Reads a text frame, the size of which the caller has bounded.
   *
   * @return the commands in it, at least one and at most {@link #MAX_COMMANDS}
   * @throws MalformedFrameException if it is none of this form
   */
  List<Command> decode(String frame) throws MalformedFrameException;

  /**
   * Reads a binary frame, the size of which the caller has bounded.
   *
   * @param frame from position to limit, both left as they are
   * @return the commands in it, at least one and at most {@link #MAX_COMMANDS}
   * @throws MalformedFrameException if it is none of this form
   */
  List<Command> decode(ByteBuffer frame) throws MalformedFrameException;

  /**
   * Writes one message; a text form in UTF-8.
   *
   * @return a whole frame
   */
  byte[] encode(ServerMessage message);

  /** Makes one frame of several. */
  byte[] mergeFrames(List<byte[]> frames);

  /**
   * Writes a publication up to its offset, which is not known yet.
   *
   * @param publication what was said, whatever its offset
   */
  PublicationTemplate publicationTemplate(String channel, Publication publication);
}
