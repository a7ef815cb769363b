package dev.roomful.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
  private final Batch batch = new Batch();

  @Test
  void keepsItsFramesInTheirOrder() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      frames.add(Frame.text("frame " + i));
      assertTrue(batch.add(frames.get(i)));
    }
    assertEquals(100, batch.size());
    assertEquals(frames.stream().mapToInt(Frame::size).sum(), batch.bytes());
    for (int i = 0; i < 100; i++) {
      assertSame(frames.get(i), batch.frame(i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(100));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(-1));
  }

  @Test
  void takesFramesWhileTheyFitInto64KiB() {
    Frame half = Frame.binary(new byte[32 * 1024 - 4]);
    assertTrue(batch.add(half));
    assertTrue(batch.add(half));
    assertEquals(Batch.MAX_BYTES, batch.bytes());
    assertFalse(batch.add(Frame.text("")));
    assertEquals(2, batch.size());
    assertEquals(Batch.MAX_BYTES, batch.bytes());
  }

  @Test
  void takesAFrameOfAnySizeIfItIsTheFirst() {
    assertTrue(batch.add(Frame.binary(new byte[1_000_000])));
    assertFalse(batch.add(Frame.text("")));
    assertEquals(1, batch.size());
  }

  @Test
  void isEmptyOnceItIsCleared() {
    assertTrue(batch.add(Frame.text("one")));
    batch.clear();
    assertEquals(0, batch.size());
    assertEquals(0, batch.bytes());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(0));
    Frame two = Frame.text("two");
    assertTrue(batch.add(two));
    assertSame(two, batch.frame(0));
  }

  /** Frames are copied once for all that hear the same; the same number is not the same yet. */
  @Test
  void isNotTakenForTheOneBeforeIfOneFrameIsAnother() {
    Frame a = Frame.text("a");
    Frame b = Frame.text("b");
    for (List<Frame> frames : List.of(List.of(a, b), List.of(a, a), List.of(b, a), List.of(b, a))) {
      ByteBuffer expected = ByteBuffer.allocate(a.size() + b.size());
      for (Frame frame : frames) {
        assertTrue(batch.add(frame));
        frame.copyTo(expected);
      }
      assertEquals(expected.flip(), batch.wire());
      batch.clear();
    }
  }

  @Test
  void goesOverTheWireAsItsFramesOneBehindTheOther() {
    List<Integer> counts = List.of(1, 3, 2, 60, 1);
    for (int count : counts) {
      ByteBuffer expected = ByteBuffer.allocate(1 << 16);
      for (int i = 0; i < count; i++) {
        Frame frame = Frame.text("frame " + i + "x".repeat(i * 10));
        assertTrue(batch.add(frame));
        frame.copyTo(expected);
      }
      ByteBuffer wire = batch.wire();
      assertEquals(expected.flip(), wire);
      assertTrue(wire.isReadOnly());
      assertEquals(batch.bytes(), wire.remaining());
      batch.clear();
    }
  }
}
