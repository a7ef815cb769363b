package dev.roomful;

import dev.roomful.admission.Rejection;

/**
 * Receives what happens in a chat, for metrics: {@link Chat.Builder#observer}. What can be counted
 * is in {@link Chat#stats} too, without an observer.
 *
 * <pre>{@code
 * ChatObserver observer = new ChatObserver() {
 *   @Override
 *   public void sessionClosed(CloseStatus status, long nanos) {
 *     closes.computeIfAbsent(status.code(), code -> new LongAdder()).increment();
 *   }
 * };
 * Chat chat = Chat.builder(handler).observer(observer).build();
 * }</pre>
 *
 * <p><b>Threads.</b> Methods are called on the thread on which something happened, by many threads
 * at the same time, and with no lock of the chat held. They must not block: they delay publishers
 * and threads that read from connections. They are not called on write loops; what those do is
 * counted in {@link Chat#stats}.
 *
 * <p><b>Cost.</b> There is no call for a delivery to one connection: a message to a thousand
 * connections is one call of {@link #fannedOut}. Nothing is allocated for a call. Without an
 * observer no clock is read.
 *
 * <p><b>Failures.</b> What a method throws is counted in {@link ChatStats#failedObservers}, and the
 * first failure of each observer is logged. It has no other effect.
 *
 * <p>Times are in nanoseconds of a monotonic clock. Methods may be added in later versions; each
 * does nothing by default.
 */
public interface ChatObserver {
  /** What was rejected. */
  enum Attempt {
    /** A connection, before it was opened. */
    HANDSHAKE,
    /** A join of a room by a connection that was open. */
    JOIN,
    /** A message of a client, or a command of a client with a protocol. */
    MESSAGE
  }

  /** Why a frame was dropped of a connection that remains open. */
  enum Drop {
    /** The outbox was full and the room's policy is {@link Overflow#DROP_OLDEST}. */
    OLDEST,
    /** The outbox was full, and nothing older in it could be dropped. */
    NEWEST,
    /** A signal, while less than three quarters of the outbox were free. */
    SIGNAL
  }

  /**
   * The chat has started. The observer may keep the chat to read {@link Chat#stats} later. If this
   * method throws, {@link Chat.Builder#build} closes the chat and throws the same.
   *
   * @param chat the chat
   */
  default void started(Chat chat) {}

  /**
   * The chat has closed. {@link Chat#stats} still returns its last figures.
   *
   * @param chat the chat
   */
  default void closed(Chat chat) {}

  /**
   * A session was closed, for the first reason that was given. Its client may still resume it.
   *
   * @param status why; a client may have chosen code and reason
   * @param nanos how long it was open
   */
  default void sessionClosed(CloseStatus status, long nanos) {}

  /**
   * A method of {@link RoomHandler} has returned or thrown. The time of {@code onMessage} includes
   * the check of the sender's role and mute, and what the handler publishes.
   *
   * @param callback {@code onJoin}, {@code onLeave}, {@code onMessage}, {@code onRejected} or
   *     {@code onUpdate}
   * @param nanos how long it ran
   * @param failed whether it threw something other than a {@link RejectedException}
   */
  default void handlerReturned(String callback, long nanos, boolean failed) {}

  /**
   * Something that a client asked for was rejected.
   *
   * @param attempt what it was
   * @param rejection why; an authenticator or a handler may have chosen code and reason
   */
  default void rejected(Attempt attempt, Rejection rejection) {}

  /**
   * A message or a signal was queued for its recipients.
   *
   * @param recipients for how many connections of this node
   * @param nanos the time from the call of the publisher until then, the wait for the room's lock
   *     included; on a node of a cluster, the time to apply it
   */
  default void fannedOut(int recipients, long nanos) {}

  /**
   * One message, signal or notice was dropped for connections that remain open. Connections that
   * are closed because they are too slow are reported by {@link #sessionClosed} alone.
   *
   * @param drop why
   * @param frames how many frames were dropped
   */
  default void dropped(Drop drop, int frames) {}
}
