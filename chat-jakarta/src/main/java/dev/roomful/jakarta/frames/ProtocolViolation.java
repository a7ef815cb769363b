package dev.roomful.jakarta.frames;

/** A client has broken RFC 6455; its connection is closed with a code that says how. */
final class ProtocolViolation extends Exception {
  static final int PROTOCOL_ERROR = 1002;
  static final int INVALID_DATA = 1007;

  private static final long serialVersionUID = 1;

  private final int code;

  /**
   * @param code the close code
   * @param reason what the client did, at most 123 characters of ASCII
   */
  ProtocolViolation(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
