package dev.roomful.internal.delivery;

import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Batch;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Allocates the direct memory of the batches of one write loop, up to a bound. A write that
 * outlives its call keeps its batch, so that without a bound each stalled client would hold 64 KiB
 * of memory that the JVM limits for all connections together. Safe for use by several threads.
 */
final class DirectMemory {
  /** The bound of a write loop: 64 batches of the largest size. */
  static final int MAX_BYTES = 64 * Batch.MAX_BYTES;

  private final IntFunction<ByteBuffer> allocator;
  private final AtomicInteger used = new AtomicInteger();
  private volatile int bound;

  DirectMemory() {
    this(MAX_BYTES, ByteBuffer::allocateDirect);
  }

  DirectMemory(int bound, IntFunction<ByteBuffer> allocator) {
    this.bound = bound;
    this.allocator = allocator;
  }

  /** {@return whether a buffer for a batch of the largest size can be allocated} */
  boolean hasRoom() {
    return used.get() <= bound - Batch.MAX_BYTES;
  }

  /** {@return the bytes that are allocated and not released} */
  int used() {
    return used.get();
  }

  /** Allocates a buffer, or returns null at the bound, or if the JVM has no direct memory left. */
  @Nullable ByteBuffer allocate(int capacity) {
    if (used.addAndGet(capacity) > bound) {
      used.addAndGet(-capacity);
      return null;
    }
    try {
      return allocator.apply(capacity);
    } catch (OutOfMemoryError exhausted) {
      int left = used.addAndGet(-capacity);
      bound = left; // Each further attempt could pause the write loop for a garbage collection.
      LogEvent.DIRECT_MEMORY_EXHAUSTED.log(
          () ->
              "The JVM has no direct memory left: a write loop is limited to the "
                  + left
                  + " bytes that it has; raise -XX:MaxDirectMemorySize",
          left);
      return null;
    }
  }

  /** Releases a buffer that nobody uses any more, if it is direct; the JVM frees it later. */
  void release(ByteBuffer buffer) {
    if (buffer.isDirect()) {
      used.addAndGet(-buffer.capacity());
    }
  }
}
