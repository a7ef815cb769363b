package dev.roomful.cluster;

import org.jspecify.annotations.Nullable;

/** The cluster engine could not be reached or did not answer; the operation may have happened. */
public final class EngineUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message which engine, and what happened
   * @param cause the failure, or null
   */
  public EngineUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
