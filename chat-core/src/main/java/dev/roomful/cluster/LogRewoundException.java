package dev.roomful.cluster;

/** A log has lost entries that a node has applied, or has other entries in their place. */
public final class LogRewoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient LogEnd end;

  /**
   * Creates an exception.
   *
   * @param log the name of the log
   * @param end how the log ends
   */
  public LogRewoundException(String log, LogEnd end) {
    super("log \"" + log + "\" ends with entry " + end.sequence() + " and has lost later entries");
    this.end = end;
  }

  /** {@return how the log ends} */
  public LogEnd end() {
    return end;
  }
}
