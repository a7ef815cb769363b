package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.transport.Batch;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameBatchTest {
  private final DirectMemory memory = new DirectMemory();
  private final FrameBatch batch = new FrameBatch(memory);

  @Test
  void keepsItsFramesInTheirOrder() {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      frames.add(Frame.text("frame " + i));
      assertTrue(batch.add(frames.get(i)));
    }
    assertEquals(100, batch.size());
    assertEquals(frames.stream().mapToInt(Frame::size).sum(), batch.wire().remaining());
    for (int i = 0; i < 100; i++) {
      assertSame(frames.get(i), batch.frame(i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(100));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(-1));
  }

  @Test
  void acceptsFramesWhileTheyFitInto64KiB() {
    Frame half = Frame.binary(new byte[32 * 1024 - 4]);
    assertTrue(batch.add(half));
    assertTrue(batch.add(half));
    assertEquals(Batch.MAX_BYTES, batch.wire().remaining());
    assertFalse(batch.add(Frame.text("")));
    assertEquals(2, batch.size());
    assertEquals(Batch.MAX_BYTES, batch.wire().remaining());
  }

  @Test
  void acceptsAFrameOfAnySizeIfItIsTheFirst() {
    assertTrue(batch.add(Frame.binary(new byte[1_000_000])));
    assertFalse(batch.add(Frame.text("")));
    assertEquals(1, batch.size());
  }

  @Test
  void withoutDirectMemoryABatchOfSeveralFramesIsSmallAndOnTheHeap() {
    FrameBatch small = new FrameBatch(new DirectMemory(0, ByteBuffer::allocateDirect));
    Frame quarter = Frame.binary(new byte[FrameBatch.SMALL_BYTES / 4 - 4]);
    for (int i = 0; i < 4; i++) {
      assertTrue(small.add(quarter));
    }
    assertFalse(small.add(Frame.text("")));
    assertEquals(FrameBatch.SMALL_BYTES, small.wire().remaining());
    assertFalse(small.wire().isDirect());
    small.clear();
    assertTrue(small.add(Frame.binary(new byte[100_000])), "a single frame is not copied");
    assertFalse(small.add(Frame.text("")));
  }

  @Test
  void withTheDirectMemoryThatItHasABatchIsNotSmall() {
    FrameBatch large =
        new FrameBatch(new DirectMemory(Batch.MAX_BYTES, ByteBuffer::allocateDirect));
    Frame half = Frame.binary(new byte[Batch.MAX_BYTES / 2 - 4]);
    for (int round = 0; round < 3; round++) {
      assertTrue(large.add(half));
      assertTrue(large.add(half));
      assertEquals(Batch.MAX_BYTES, large.wire().remaining());
      assertTrue(large.wire().isDirect());
      large.clear();
    }
  }

  @Test
  void aLargerCopyReplacesASmallerOneInTheAccount() {
    for (int size : new int[] {10, 3_000, 5_000, 20_000, 32_000, 10}) {
      assertTrue(batch.add(Frame.binary(new byte[size])));
      assertTrue(batch.add(Frame.binary(new byte[size])));
      assertEquals(batch.wire().capacity(), memory.used());
      batch.clear();
    }
    batch.discard();
    assertEquals(0, memory.used());
  }

  @Test
  void theMemoryOfABatchThatIsDiscardedTwiceIsReleasedOnce() {
    FrameBatch other = new FrameBatch(memory);
    for (FrameBatch each : List.of(batch, other)) {
      assertTrue(each.add(Frame.text("one")));
      assertTrue(each.add(Frame.text("two")));
      assertTrue(each.wire().isDirect());
    }
    int both = memory.used();
    batch.discard();
    batch.discard();
    assertEquals(both / 2, memory.used());
  }

  @Test
  void aTransportMayReadABatchThatWasDiscarded() {
    Frame one = Frame.text("one");
    Frame two = Frame.text("two");
    assertTrue(batch.add(one));
    assertTrue(batch.add(two));
    batch.discard();
    assertEquals(Batch.of(one, two).wire(), batch.wire());
    assertEquals(0, memory.used());
  }

  @Test
  void isEmptyAfterItWasCleared() {
    assertTrue(batch.add(Frame.text("one")));
    batch.clear();
    assertEquals(0, batch.size());
    assertEquals(0, batch.wire().remaining());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.frame(0));
    Frame two = Frame.text("two");
    assertTrue(batch.add(two));
    assertSame(two, batch.frame(0));
  }

  /** The bytes are used again for the same frames only, not for as many others. */
  @Test
  void copiesAgainIfOneFrameDiffersFromThoseOfTheBatchBefore() {
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
  void itsBytesAreThoseOfItsFramesOneBehindTheOther() {
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
      batch.clear();
    }
  }

  @Test
  void mergesAdjacentTextFramesAndAdjacentBinaryFrames() {
    List<Frame> frames =
        List.of(
            Frame.text("a"),
            Frame.text("b\u00e9"),
            Frame.binary(new byte[] {1, 2}),
            Frame.binary(new byte[] {3}),
            Frame.text(""),
            Frame.text("c"),
            Frame.binary(new byte[] {4}));
    List<Frame> expected =
        List.of(
            Frame.text("a\nb\u00e9"),
            Frame.binary(new byte[] {1, 2, 3}),
            Frame.text("\nc"),
            Frame.binary(new byte[] {4}));
    frames.forEach(batch::add);
    batch.mergeFrames();
    assertCarries(expected);

    batch.clear();
    frames.forEach(batch::add);
    assertCarries(frames);
  }

  /** The header of one long frame may be longer than those of two short ones, up to 64 KiB. */
  @Test
  void mergesFramesOfEveryLength() {
    for (int length : new int[] {0, 1, 61, 62, 63, 124, 125, 126, 200, 32_764}) {
      batch.clear();
      String text = "x".repeat(length);
      assertTrue(batch.add(Frame.text(text)));
      assertTrue(batch.add(Frame.text(text)));
      batch.mergeFrames();
      assertCarries(List.of(Frame.text(text + "\n" + text)));
    }
  }

  /** Otherwise each write would copy the bytes from the heap for the operating system. */
  @Test
  void mergedFramesAreReadFromDirectMemory() {
    Frame one = Frame.text("one");
    Frame two = Frame.text("two");
    assertTrue(batch.add(one));
    assertTrue(batch.add(two));
    batch.mergeFrames();
    assertEquals(1, batch.size());
    assertTrue(batch.wire().isDirect());
    batch.clear();
    assertTrue(batch.add(one));
    assertTrue(batch.add(two));
    batch.mergeFrames();
    assertEquals(Frame.text("one\ntwo").wire(), batch.wire());
  }

  @Test
  void aSingleFrameIsNotCopiedForMerging() {
    Frame alone = Frame.text("alone");
    assertTrue(batch.add(alone));
    batch.mergeFrames();
    assertSame(alone, batch.frame(0));
    assertEquals(alone.wire(), batch.wire());
  }

  /** Both ways of reading it: frame by frame, and all bytes at once. */
  private void assertCarries(List<Frame> expected) {
    ByteBuffer wire = ByteBuffer.allocate(2 * Batch.MAX_BYTES);
    assertEquals(expected.size(), batch.size());
    for (int i = 0; i < expected.size(); i++) {
      Frame frame = batch.frame(i);
      assertEquals(expected.get(i).wire(), frame.wire());
      assertEquals(expected.get(i).payload(), frame.payload());
      assertEquals(expected.get(i).isText(), frame.isText());
      if (frame.isText()) {
        assertEquals(expected.get(i).text(), frame.text());
      }
      frame.copyTo(wire);
    }
    assertEquals(wire.flip(), batch.wire());
  }
}
