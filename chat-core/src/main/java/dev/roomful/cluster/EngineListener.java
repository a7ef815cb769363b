package dev.roomful.cluster;

/**
 * Receives what a cluster engine reports. The methods do not block and do not throw.
 *
 * <p>The engine may call them from any of its threads, but never two of them at the same time for
 * one log, and never {@link #connected} or {@link #disconnected} at the same time as another
 * method.
 */
public interface EngineListener {
  /**
   * Receives an entry of a subscribed log. Entries of one log come in their order. An entry may
   * come twice, and entries may be missing.
   *
   * @param log the name of the log
   * @param entry the entry
   */
  void entry(String log, LogEntry entry);

  /**
   * Called when the engine was reached, for the first time and again after each {@link
   * #disconnected}. All subscriptions are in place. Entries may have been missed, and the engine
   * may have lost data.
   */
  void connected();

  /**
   * Called when the engine cannot be reached any more.
   *
   * @param cause why
   */
  void disconnected(Throwable cause);
}
