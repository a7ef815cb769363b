package dev.roomful.centrifuge;

/**
 * A client sent what is no frame of the protocol, or one beyond its limits: the connection is to be
 * ended with {@link Disconnect#BAD_REQUEST}. None of the commands in the frame has been taken. The
 * message says what was wrong, without a word of the client's.
 */
final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1;

  /** Has no stack trace: clients cause it, as often as they like. */
  MalformedFrameException(String message) {
    super(message, null, false, false);
  }
}
