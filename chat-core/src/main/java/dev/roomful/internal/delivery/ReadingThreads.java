package dev.roomful.internal.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that read input at the moment, and write what is ready at the end of their turn. */
final class ReadingThreads {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** The caller begins to read. */
  void begin() {
    threads.add(Thread.currentThread());
  }

  /** The caller has read. From now on it looks for what is ready in the write loops. */
  void end() {
    threads.remove(Thread.currentThread());
  }

  /** {@return whether the caller reads} */
  boolean isCurrent() {
    return threads.contains(Thread.currentThread());
  }

  /** {@return whether a thread reads, and will look for what is ready} */
  boolean areAny() {
    return !threads.isEmpty();
  }
}
