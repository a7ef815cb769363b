package dev.roomful.internal.delivery;

import static dev.roomful.Interleavings.together;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.FakeConnection;
import dev.roomful.Interleavings;
import dev.roomful.Overflow;
import dev.roomful.Still;
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

/** Outboxes and their write loop, which runs on the thread that wakes it. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck does not know newer ones")
class OutboxInterleavedTest {
  private static Outbox outbox(Connection connection, WriteLoop loop) {
    return new Outbox(
        connection,
        loop,
        new Still(),
        1 << 20,
        failure -> {
          throw new AssertionError("the connection failed", failure);
        });
  }

  private static WriteLoop loop() {
    return new WriteLoop(Runnable::run, 0);
  }

  private static void offer(Outbox outbox, String text) {
    assertTrue(outbox.offer(Frame.text(text), Overflow.DISCONNECT));
    outbox.wake();
  }

  /** A connection that reads a batch when it completes the write, as late as it may. */
  private static final class LateReader implements Connection {
    final List<String> written = new ArrayList<>();
    private boolean twoAtOnce;
    private @Nullable Batch writing;
    private @Nullable Completion completion;

    @Override
    public synchronized void write(Batch batch, Completion completion) {
      twoAtOnce |= this.completion != null;
      this.writing = batch;
      this.completion = completion;
    }

    /** Ends the write that is in flight, if there is one. */
    boolean complete() {
      Completion done;
      synchronized (this) {
        assertEquals(false, twoAtOnce, "a write while another is in flight");
        done = completion;
        for (int i = 0; writing != null && i < writing.size(); i++) {
          written.add(writing.frame(i).text());
        }
        writing = null;
        completion = null;
      }
      if (done != null) {
        done.succeeded();
      }
      return done != null;
    }

    List<String> all() {
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
  void noOutboxIsForgottenByAWriteLoopThatIsAboutToEnd() {
    Interleavings.of(
        () -> {
          WriteLoop loop = loop();
          FakeConnection first = new FakeConnection();
          FakeConnection second = new FakeConnection();
          together(() -> offer(outbox(first, loop), "a"), () -> offer(outbox(second, loop), "b"));
          assertEquals(List.of("a"), first.heard());
          assertEquals(List.of("b"), second.heard());
        });
  }

  @Test
  void allFramesAreWrittenOnceAndInOrderWheneverAWriteEnds() {
    Interleavings.of(
        () -> {
          LateReader connection = new LateReader();
          Outbox outbox = outbox(connection, loop());
          offer(outbox, "a");
          together(() -> offer(outbox, "b"), connection::complete);
          assertEquals(List.of("a", "b"), connection.all());
          assertEquals(0, outbox.stuckFor(1));
        });
  }

  @Test
  void framesBehindAReservationAreWrittenAfterIt() {
    Interleavings.of(
        () -> {
          FakeConnection connection = new FakeConnection();
          Outbox outbox = outbox(connection, loop());
          Frame reservation = outbox.reserve();
          together(
              () -> {
                outbox.fillReservation(reservation, Frame.text("welcome"));
                outbox.wake();
              },
              () -> offer(outbox, "a"));
          assertEquals(List.of("welcome", "a"), connection.heard());
        });
  }

  @Test
  void aFlushedConnectionIsClosedOnceAndNothingIsWrittenAfterIt() {
    Interleavings.of(
        () -> {
          FakeConnection connection = new FakeConnection();
          Outbox outbox = outbox(connection, loop());
          together(
              () -> {
                outbox.finish(CloseStatus.NORMAL, true);
                outbox.wake();
              },
              () -> offer(outbox, "a"));
          assertEquals(CloseStatus.NORMAL, connection.told());
          assertEquals(List.of(), connection.breaches());
        });
  }

  @Test
  void framesOfferedBeforeAFlushAreWrittenWheneverAWriteEnds() {
    Interleavings.of(
        () -> {
          LateReader connection = new LateReader();
          Outbox outbox = outbox(connection, loop());
          offer(outbox, "a");
          offer(outbox, "b");
          together(
              () -> {
                outbox.finish(CloseStatus.NORMAL, true);
                outbox.wake();
              },
              connection::complete);
          assertEquals(List.of("a", "b", "closed"), connection.all());
        });
  }

  @Test
  void afterAnAbandonNothingStartsAndNothingStaysInFlight() {
    Interleavings.of(
        () -> {
          FakeConnection connection = new FakeConnection().hold();
          Outbox outbox = outbox(connection, loop());
          together(outbox::abandon, () -> offer(outbox, "a"));
          List<String> written = connection.heard();
          connection.release();
          offer(outbox, "b");
          assertEquals(written, connection.heard());
          assertEquals(0, outbox.stuckFor(1));
          assertNull(connection.told(), "the connection is lost already");
        });
  }
}
