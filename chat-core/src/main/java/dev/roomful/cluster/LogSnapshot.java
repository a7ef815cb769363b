package dev.roomful.cluster;

/** The state of a log after one of its entries. Immutable, except for its data. */
public final class LogSnapshot {
  private final LogEnd end;
  private final byte[] data;

  /**
   * Creates a snapshot.
   *
   * @param end the last entry that the state contains
   * @param data the state; is not copied
   */
  public LogSnapshot(LogEnd end, byte[] data) {
    this.end = end;
    this.data = data;
  }

  /** {@return the last entry that the state contains} */
  public LogEnd end() {
    return end;
  }

  /** {@return the state, which must not be changed} */
  public byte[] data() {
    return data;
  }

  @Override
  public String toString() {
    return "snapshot after entry " + end.sequence() + ", " + data.length + " bytes";
  }
}
