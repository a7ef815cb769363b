package dev.roomful.centrifuge;

/**
 * A client sent something that is not a frame of the protocol, or a frame beyond its limits. The
 * connection has to be closed with {@link Disconnect#BAD_REQUEST}; no command of the frame is
 * executed. The message names the problem and never contains text of the client.
 */
final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1;

  /** Has no stack trace: clients cause it, as often as they like. */
  MalformedFrameException(String message) {
    super(message, null, false, false);
  }
}
