package dev.roomful;

import dev.roomful.admission.Rejection;

/** Thrown, or used to fail a stage, when an operation was rejected. */
public final class RejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  /**
   * Creates an exception with the code and reason of a rejection as its message.
   *
   * @param rejection why the operation was rejected
   */
  public RejectedException(Rejection rejection) {
    super(rejection.code() + ": " + rejection.reason());
    this.rejection = rejection;
  }

  /** {@return why the operation was rejected} */
  public Rejection rejection() {
    return rejection;
  }
}
