package dev.roomful.internal.delivery;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.InlineScheduler;
import dev.roomful.Overflow;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that outlive their call keep their batches; the memory of these is bounded. */
class StalledWritesTest {
  private static final int STALLED = 2_000;

  /** More than half of the largest batch, in frames of 1,004 bytes. */
  private static final List<Frame> FRAMES =
      IntStream.range(0, 40).mapToObj(StalledWritesTest::frame).toList();

  private final DirectMemory memory = new DirectMemory();
  private final WriteLoop loop = new WriteLoop(Runnable::run, 0, memory, new ReadingThreads());
  private final List<StallingConnection> connections = new ArrayList<>();
  private final List<Outbox> outboxes = new ArrayList<>();

  /** A connection whose writes end when the test ends them, and are read then. */
  private static final class StallingConnection implements Connection {
    private final ByteBuffer received = ByteBuffer.allocate(60_000);
    private @Nullable ByteBuffer wire;
    private @Nullable Completion completion;
    private int frames;

    @Override
    public void write(Batch batch, Completion completion) {
      this.wire = batch.wire();
      this.frames = batch.size();
      this.completion = completion;
    }

    /** Ends the write in flight; returns false if there is none. */
    boolean complete() {
      Completion done = completion;
      if (done == null || wire == null) {
        return false;
      }
      received.put(wire);
      wire = null;
      completion = null;
      done.succeeded();
      return true;
    }

    int directBytes() {
      return wire != null && wire.isDirect() ? wire.capacity() : 0;
    }

    int heapBytes() {
      return wire != null && frames > 1 && !wire.isDirect() ? wire.capacity() : 0;
    }

    @Override
    public void ping(Completion completion) {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}
  }

  private static Frame frame(int number) {
    byte[] bytes = new byte[1000];
    Arrays.fill(bytes, (byte) number);
    return Frame.binary(bytes);
  }

  private Outbox outbox(Connection connection) {
    return new Outbox(connection, loop, new InlineScheduler(), 1 << 20, FailureRecipient.none());
  }

  private static void offer(Outbox outbox, List<Frame> frames) {
    frames.forEach(frame -> assertTrue(outbox.offer(frame, Overflow.DISCONNECT)));
    outbox.wake();
  }

  private void stall() {
    for (int i = 0; i < STALLED; i++) {
      StallingConnection connection = new StallingConnection();
      Outbox outbox = outbox(connection);
      connections.add(connection);
      outboxes.add(outbox);
      offer(outbox, FRAMES);
    }
  }

  @Tag("slow")
  @Test
  void manyStalledWritesKeepABoundedAmountOfMemory() {
    stall();
    int direct = connections.stream().mapToInt(StallingConnection::directBytes).sum();
    int heap = connections.stream().mapToInt(StallingConnection::heapBytes).max().orElseThrow();
    assertTrue(direct > DirectMemory.MAX_BYTES / 2, "direct memory is used: " + direct);
    assertTrue(direct <= DirectMemory.MAX_BYTES, "direct memory is bounded: " + direct);
    assertTrue(memory.used() <= DirectMemory.MAX_BYTES);
    assertTrue(heap <= FrameBatch.SMALL_BYTES, "the others are small: " + heap);
  }

  @Tag("slow")
  @Test
  void everyStalledConnectionReceivesEverythingOnceAndInOrderInTheEnd() {
    stall();
    ByteBuffer expected = Batch.of(FRAMES.toArray(Frame[]::new)).wire();
    boolean more = true;
    while (more) {
      more = false;
      for (StallingConnection connection : connections) {
        more |= connection.complete();
      }
    }
    for (StallingConnection connection : connections) {
      assertEquals(expected, connection.received.flip());
    }
    assertTrue(memory.used() <= DirectMemory.MAX_BYTES / 2, "most of it was released");
  }

  @Tag("slow")
  @Test
  void anAbandonedWriteThatItsTransportNeverCompletesCountsNoMore() {
    stall();
    outboxes.forEach(Outbox::abandon);
    assertEquals(0, memory.used());
    connections.forEach(StallingConnection::complete);
    assertEquals(0, memory.used(), "a late completion changes nothing");

    StallingConnection next = new StallingConnection();
    offer(outbox(next), FRAMES);
    assertEquals(FRAMES.size(), next.frames);
  }

  @Test
  void aConnectionThatIsAbandonedDuringItsWriteCountsNoMore() {
    Outbox[] own = new Outbox[1];
    StallingConnection stalling = new StallingConnection();
    own[0] =
        outbox(
            new Connection() {
              @Override
              public void write(Batch batch, Completion completion) {
                stalling.write(batch, completion);
                own[0].abandon();
              }

              @Override
              public void ping(Completion completion) {}

              @Override
              public void close(int code, String reason) {}

              @Override
              public void abort() {}
            });
    offer(own[0], FRAMES);
    assertTrue(stalling.directBytes() > 0);
    assertEquals(0, memory.used());
    assertEquals(0, own[0].stuckFor(1));
  }

  @Test
  void anIdleWriteLoopKeepsNoFrameAlive() {
    WeakReference<Frame> large = writeLargeFrame();
    eventually(
        "the frame is collected",
        () -> {
          System.gc();
          return large.get() == null;
        });
  }

  private WeakReference<Frame> writeLargeFrame() {
    Frame large = Frame.binary(new byte[50_000]);
    StallingConnection late = new StallingConnection();
    offer(outbox(late), List.of(Frame.text("small"), large));
    late.complete();
    offer(
        outbox(
            new Connection() {
              @Override
              public void write(Batch batch, Completion completion) {
                assertEquals(2, batch.size());
                batch.wire();
                completion.succeeded();
              }

              @Override
              public void ping(Completion completion) {}

              @Override
              public void close(int code, String reason) {}

              @Override
              public void abort() {}
            }),
        List.of(Frame.text("small"), large));
    return new WeakReference<>(large);
  }
}
