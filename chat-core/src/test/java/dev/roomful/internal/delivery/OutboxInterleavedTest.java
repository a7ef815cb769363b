package dev.roomful.internal.delivery;

import static dev.roomful.Interleavings.runConcurrently;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.FakeConnection;
import dev.roomful.InlineScheduler;
import dev.roomful.Interleavings;
import dev.roomful.Overflow;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Races of outboxes and their write loop, which runs on the thread that wakes it. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck does not know newer ones")
class OutboxInterleavedTest {
  private static Outbox outbox(Connection connection, WriteLoop writeLoop) {
    return new Outbox(
        connection, writeLoop, new InlineScheduler(), 1 << 20, FailureRecipient.none());
  }

  private static WriteLoop newWriteLoop() {
    return new WriteLoop(Runnable::run, 0);
  }

  private static void offerAndWake(Outbox outbox, String text) {
    assertTrue(outbox.offer(Frame.text(text), Overflow.DISCONNECT));
    outbox.wake();
  }

  /** A connection that reads a batch only when the test completes the write. */
  private static final class ManualConnection implements Connection {
    final List<String> written = new ArrayList<>();
    private boolean overlapped;
    private @Nullable Batch inFlight;
    private @Nullable Completion completion;

    @Override
    public synchronized void write(Batch batch, Completion completion) {
      overlapped |= this.completion != null;
      this.inFlight = batch;
      this.completion = completion;
    }

    /** Completes the write in flight, if there is one. */
    boolean complete() {
      Completion done;
      synchronized (this) {
        assertEquals(false, overlapped, "a write while another is in flight");
        done = completion;
        for (int i = 0; inFlight != null && i < inFlight.size(); i++) {
          written.add(inFlight.frame(i).text());
        }
        inFlight = null;
        completion = null;
      }
      if (done != null) {
        done.succeeded();
      }
      return done != null;
    }

    List<String> completeAll() {
      boolean more = true;
      while (more) {
        more = complete();
      }
      return written;
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
    }

    @Override
    public synchronized void close(int code, String reason) {
      written.add("closed");
    }

    @Override
    public void abort() {}
  }

  @Test
  void aWriteLoopAboutToSleepMissesNoOutbox() {
    Interleavings.check(
        () -> {
          WriteLoop writeLoop = newWriteLoop();
          FakeConnection first = new FakeConnection();
          FakeConnection second = new FakeConnection();
          runConcurrently(
              () -> offerAndWake(outbox(first, writeLoop), "a"),
              () -> offerAndWake(outbox(second, writeLoop), "b"));
          assertEquals(List.of("a"), first.received());
          assertEquals(List.of("b"), second.received());
        });
  }

  /** Reads a message of which an outbox receives one, and writes at the end of its turn. */
  private static void read(WriteLoops writeLoops, Outbox outbox, String text) {
    writeLoops.beginRead();
    offerAndWake(outbox, text);
    writeLoops.endRead();
  }

  @Test
  void aWriteLoopThatLeavesOutboxesToAThreadThatReadsMissesNone() {
    Interleavings.check(
        () -> {
          WriteLoops writeLoops = new WriteLoops(List.of(Runnable::run));
          FakeConnection first = new FakeConnection();
          FakeConnection second = new FakeConnection();
          runConcurrently(
              () -> read(writeLoops, outbox(first, writeLoops.next()), "a"),
              () -> offerAndWake(outbox(second, writeLoops.next()), "b"));
          assertEquals(List.of("a"), first.received());
          assertEquals(List.of("b"), second.received());
        });
  }

  @Test
  void twoThreadsThatReadMissNoOutbox() {
    Interleavings.check(
        () -> {
          WriteLoops writeLoops = new WriteLoops(List.of(Runnable::run));
          FakeConnection connection = new FakeConnection();
          Outbox shared = outbox(connection, writeLoops.next());
          runConcurrently(() -> read(writeLoops, shared, "a"), () -> read(writeLoops, shared, "b"));
          assertEquals(2, connection.received().size());
        });
  }

  @Test
  void framesAreWrittenOnceAndInOrderWheneverAWriteCompletes() {
    Interleavings.check(
        () -> {
          ManualConnection connection = new ManualConnection();
          Outbox outbox = outbox(connection, newWriteLoop());
          offerAndWake(outbox, "a");
          runConcurrently(() -> offerAndWake(outbox, "b"), connection::complete);
          assertEquals(List.of("a", "b"), connection.completeAll());
          assertEquals(0, outbox.stuckFor(1));
        });
  }

  @Test
  void framesBehindAReservationAreWrittenAfterIt() {
    Interleavings.check(
        () -> {
          FakeConnection connection = new FakeConnection();
          Outbox outbox = outbox(connection, newWriteLoop());
          Frame reservation = outbox.reserve();
          runConcurrently(
              () -> {
                outbox.fillReservation(reservation, Frame.text("welcome"));
                outbox.wake();
              },
              () -> offerAndWake(outbox, "a"));
          assertEquals(List.of("welcome", "a"), connection.received());
        });
  }

  @Test
  void aFlushingOutboxIsClosedOnceAndWritesNothingAfterwards() {
    Interleavings.check(
        () -> {
          FakeConnection connection = new FakeConnection();
          Outbox outbox = outbox(connection, newWriteLoop());
          runConcurrently(
              () -> {
                outbox.finish(CloseStatus.NORMAL, true);
                outbox.wake();
              },
              () -> offerAndWake(outbox, "a"));
          assertEquals(CloseStatus.NORMAL, connection.closeStatus());
          assertEquals(List.of(), connection.violations());
        });
  }

  @Test
  void framesQueuedBeforeFinishAreFlushedWheneverAWriteCompletes() {
    Interleavings.check(
        () -> {
          ManualConnection connection = new ManualConnection();
          Outbox outbox = outbox(connection, newWriteLoop());
          offerAndWake(outbox, "a");
          offerAndWake(outbox, "b");
          runConcurrently(
              () -> {
                outbox.finish(CloseStatus.NORMAL, true);
                outbox.wake();
              },
              connection::complete);
          assertEquals(List.of("a", "b", "closed"), connection.completeAll());
        });
  }

  @Test
  void anAbandonedOutboxStartsNothingAndHasNothingInFlight() {
    Interleavings.check(
        () -> {
          FakeConnection connection = new FakeConnection().hold();
          Outbox outbox = outbox(connection, newWriteLoop());
          runConcurrently(outbox::abandon, () -> offerAndWake(outbox, "a"));
          List<String> received = connection.received();
          connection.release();
          offerAndWake(outbox, "b");
          assertEquals(received, connection.received());
          assertEquals(0, outbox.stuckFor(1));
          assertNull(connection.closeStatus(), "an abandoned connection is not closed");
        });
  }
}
