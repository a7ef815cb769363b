package dev.roomful.jakarta;

/** The open connections of one HTTP session. */
interface HttpSessionRegistry {
  /**
   * Adds a connection.
   *
   * @param close closes the connection when the HTTP session ends; called at most once
   * @return false if the HTTP session has ended, and the connection has to be closed
   */
  boolean add(Runnable close);

  /** Removes a connection that has closed; does nothing if it is not there. */
  void remove(Runnable close);
}
