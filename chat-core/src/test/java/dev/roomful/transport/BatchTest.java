package dev.roomful.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BatchTest {
  @Test
  void aBatchForTestsHasItsFramesAndTheirBytesInOrder() {
    Frame text = Frame.text("one");
    Frame binary = Frame.binary(new byte[] {1, 2});
    Batch batch = Batch.of(text, binary);
    assertEquals(2, batch.size());
    assertSame(text, batch.frame(0));
    assertSame(binary, batch.frame(1));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(2));
    ByteBuffer expected = ByteBuffer.allocate(text.size() + binary.size());
    expected.put(text.wire()).put(binary.wire()).flip();
    assertEquals(expected, batch.wire());
    assertEquals(0, batch.wire().position(), "each call returns a view of its own");
    assertTrue(batch.wire().isReadOnly());
  }
}
