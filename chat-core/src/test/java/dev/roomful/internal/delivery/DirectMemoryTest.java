package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testsupport.LogCapture;
import dev.roomful.transport.Batch;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DirectMemoryTest {
  @Test
  void allocatesUpToItsBoundAndAgainWhatWasReleased() {
    DirectMemory memory = new DirectMemory(2 * Batch.MAX_BYTES, ByteBuffer::allocateDirect);
    ByteBuffer first = memory.allocate(Batch.MAX_BYTES);
    assertNotNull(first);
    assertTrue(memory.hasRoom());
    assertNotNull(memory.allocate(1));
    assertFalse(memory.hasRoom());
    assertNull(memory.allocate(Batch.MAX_BYTES));
    assertEquals(Batch.MAX_BYTES + 1, memory.used());
    memory.release(first);
    assertTrue(memory.hasRoom());
    assertNotNull(memory.allocate(Batch.MAX_BYTES));
  }

  @Test
  void aBufferOnTheHeapIsNotCounted() {
    DirectMemory memory = new DirectMemory();
    memory.release(ByteBuffer.allocate(100));
    assertEquals(0, memory.used());
  }

  @Test
  void asksTheJvmNoMoreThanItHasOnceItHasRunOut() {
    AtomicInteger attempts = new AtomicInteger();
    DirectMemory memory =
        new DirectMemory(
            10 * Batch.MAX_BYTES,
            capacity -> {
              if (attempts.incrementAndGet() > 1) {
                throw new OutOfMemoryError("Cannot reserve direct buffer memory");
              }
              return ByteBuffer.allocateDirect(capacity);
            });
    assertNotNull(memory.allocate(Batch.MAX_BYTES));
    try (LogCapture log = new LogCapture()) {
      assertNull(memory.allocate(Batch.MAX_BYTES));
      assertNull(memory.allocate(Batch.MAX_BYTES));
      assertEquals(1, log.messages().size());
    }
    assertEquals(2, attempts.get());
    assertFalse(memory.hasRoom());
    assertEquals(Batch.MAX_BYTES, memory.used());
  }
}
