package dev.roomful.jakarta.frames;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One buffer for each thread that reads, so that no connection needs one of its own. */
public final class ReadBuffers {
  static final int BYTES = 16 * 1024;

  @SuppressWarnings("ThreadLocalUsage") // not static: they go with the mount
  private final ThreadLocal<@Nullable ByteBuffer> buffers = new ThreadLocal<>();

  /** Creates the buffers of one mount. */
  public ReadBuffers() {}

  /** Takes the buffer of the current thread; a second one has no effect on the first. */
  ByteBuffer take() {
    ByteBuffer buffer = buffers.get();
    if (buffer == null) {
      return ByteBuffer.allocateDirect(BYTES);
    }
    buffers.set(null);
    return buffer.clear();
  }

  void release(ByteBuffer buffer) {
    buffers.set(buffer);
  }
}
