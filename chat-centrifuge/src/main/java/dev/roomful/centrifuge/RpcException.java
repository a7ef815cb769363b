package dev.roomful.centrifuge;

/**
 * What a {@link Centrifuge.RpcHandler} throws to refuse: the client gets the code and the message.
 */
public final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What programs look at. */
  private final int code;

  /**
   * A refusal.
   *
   * @param code the application's own, from 400 to 1999
   * @param message what people read
   * @throws IllegalArgumentException if the code is out of range
   */
  public RpcException(int code, String message) {
    super(message, null, false, false);
    if (code < 400 || code > 1999) {
      throw new IllegalArgumentException(
          "an application's error has a code from 400 to 1999, not " + code);
    }
    this.code = code;
  }

  /**
   * What programs look at.
   *
   * @return the code
   */
  public int code() {
    return code;
  }
}
