package dev.roomful.centrifuge;

import java.nio.ByteBuffer;
import java.util.List;

/** One of the two wire forms of the protocol. Stateless, and safe for use by many threads. */
sealed interface Codec permits JsonCodec, ProtobufCodec {
  /**
   * The largest number of commands in a frame. SDKs send one for each subscription in one frame.
   */
  int MAX_COMMANDS = 1024;

  /** {@return the WebSocket subprotocol that selects this form} */
  String subprotocol();

  /** {@return whether frames are text} */
  boolean isText();

  /**
   * Reads a text frame, whose size the caller has bounded.
   *
   * @return the commands in it, at least one and at most {@link #MAX_COMMANDS}
   * @throws MalformedFrameException if it is not a frame of this form
   */
  List<Command> decode(String frame) throws MalformedFrameException;

  /**
   * Reads a binary frame, whose size the caller has bounded.
   *
   * @param frame the frame, whose position and limit do not change
   * @return the commands in it, at least one and at most {@link #MAX_COMMANDS}
   * @throws MalformedFrameException if it is not a frame of this form
   */
  List<Command> decode(ByteBuffer frame) throws MalformedFrameException;

  /**
   * Encodes one message; a text form in UTF-8.
   *
   * @return a whole frame
   */
  byte[] encode(ServerMessage message);

  /** {@return one frame with the messages of several} */
  byte[] mergeFrames(List<byte[]> frames);

  /**
   * Encodes a publication up to its offset and time, which are not known yet.
   *
   * @param publication the publication, whose offset and time are ignored
   */
  PublicationTemplate publicationTemplate(String channel, Publication publication);
}
