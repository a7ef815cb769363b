package dev.roomful.internal.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that read input at the moment, or write what that has made ready. */
final class ReadingThreads {
  private final Set<Thread> reading = ConcurrentHashMap.newKeySet();
  private final Set<Thread> writing = ConcurrentHashMap.newKeySet();

  /** The caller begins to read. */
  void beginRead() {
    reading.add(Thread.currentThread());
  }

  /** The caller has read. */
  void endRead() {
    reading.remove(Thread.currentThread());
  }

  /** {@return whether the caller reads} */
  boolean currentReads() {
    return reading.contains(Thread.currentThread());
  }

  /** The caller has read, and begins to write. */
  void beginWrite() {
    writing.add(Thread.currentThread());
  }

  /** The caller has written. */
  void endWrite() {
    writing.remove(Thread.currentThread());
  }

  /** {@return whether the caller writes, after it has read} */
  boolean currentWrites() {
    return writing.contains(Thread.currentThread());
  }
}
