package dev.roomful;

import java.time.Duration;

/**
 * Figures of a chat at one moment, of this node only: {@link Chat#stats}. Applications do not
 * implement this interface, and methods may be added to it.
 *
 * <p><b>Consistency.</b> The object is immutable. Each figure is exact for some moment during the
 * call of {@link Chat#stats}; two of them may be of different moments. Those that count since the
 * start never decrease.
 */
public interface ChatStats {
  /** {@return the number of connections; one that is being closed counts until it is closed} */
  int sessions();

  /** {@return the number of sessions without a connection that their clients can resume} */
  int suspendedSessions();

  /** {@return the number of rooms that exist} */
  int rooms();

  /** {@return the number of participants, as of {@link Chat#participants}} */
  int participants();

  /** {@return the bytes in all outboxes, writes in flight and 16 bytes for each frame included} */
  long queuedBytes();

  /**
   * Returns the age of the oldest write to a client, or ping, that has not completed: what is
   * queued behind it is no older than that. A write is timed from the first look at it, by this
   * call or by the deadline timer (at most every 500 ms).
   *
   * @return the age of the oldest operation in flight; zero if there is none
   */
  Duration outboxAge();

  /** {@return how many sessions were opened since the start} */
  long sessionsOpened();

  /** {@return how many sessions were closed since the start, those that can be resumed included} */
  long sessionsClosed();

  /**
   * Returns how many messages of clients have reached the check of their role, since the start:
   * those that were rejected then included, those of connections that were closed for them not.
   *
   * @return messages since the start
   */
  long messagesReceived();

  /**
   * Returns how many messages and signals were queued for the members of a room since the start,
   * those of other nodes included.
   *
   * @return messages and signals since the start
   */
  long messagesPublished();

  /** {@return how many frames were given to connections since the start; pings do not count} */
  long deliveries();

  /** {@return how many batches of frames were given to connections since the start} */
  long batches();

  /** {@return the bytes of the frames that were given to connections since the start} */
  long bytesWritten();

  /** {@return how many frames were dropped since the start, as of {@link ChatObserver#dropped}} */
  long drops();

  /** {@return how much was rejected since the start, as of {@link ChatObserver#rejected}} */
  long rejections();

  /** {@return how many callbacks have failed since the start, see {@link Chat#failedCallbacks}} */
  long failedCallbacks();

  /** {@return how many calls of observers have failed since the start} */
  long failedObservers();

  /** {@return whether the chat can reach its cluster} */
  ChatHealth health();

  /**
   * Returns for how long the oldest event of this node has waited until the cluster ordered it.
   *
   * @return the age of that event; zero if none waits, and without a cluster
   */
  Duration clusterLag();
}
