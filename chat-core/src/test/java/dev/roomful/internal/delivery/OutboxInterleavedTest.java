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

/** Outboxes and their lane, which runs on whoever wakes it. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck does not know newer ones")
class OutboxInterleavedTest {
  private static Outbox outbox(Connection connection, WriteLoop lane) {
    return new Outbox(
        connection,
        lane,
        new Still(),
        1 << 20,
        failure -> {
          throw new AssertionError("it failed", failure);
        });
  }

  private static WriteLoop lane() {
    return new WriteLoop(Runnable::run, 0);
  }

  private static void say(Outbox outbox, String text) {
    assertTrue(outbox.offer(Frame.text(text), Overflow.DISCONNECT));
    outbox.wake();
  }

  /** A connection that looks at what it is to write only when it has to have written it. */
  private static final class Late implements Connection {
    final List<String> heard = new ArrayList<>();
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
          heard.add(writing.frame(i).text());
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
      return heard;
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
    }

    @Override
    public synchronized void close(int code, String reason) {
      heard.add("closed");
    }

    @Override
    public void abort() {}
  }

  @Test
  void noneOfTwoIsForgottenByALaneThatIsAboutToSleep() {
    Interleavings.of(
        () -> {
          WriteLoop lane = lane();
          FakeConnection first = new FakeConnection();
          FakeConnection second = new FakeConnection();
          together(() -> say(outbox(first, lane), "a"), () -> say(outbox(second, lane), "b"));
          assertEquals(List.of("a"), first.heard());
          assertEquals(List.of("b"), second.heard());
        });
  }

  @Test
  void allIsWrittenOnceAndInOrderWheneverAWriteEnds() {
    Interleavings.of(
        () -> {
          Late connection = new Late();
          Outbox outbox = outbox(connection, lane());
          say(outbox, "a");
          together(() -> say(outbox, "b"), connection::complete);
          assertEquals(List.of("a", "b"), connection.all());
          assertEquals(0, outbox.stuckFor(1));
        });
  }

  @Test
  void whatIsHeldForAPlaceIsWrittenBehindIt() {
    Interleavings.of(
        () -> {
          FakeConnection connection = new FakeConnection();
          Outbox outbox = outbox(connection, lane());
          Frame place = outbox.reserve();
          together(
              () -> {
                outbox.fillReservation(place, Frame.text("welcome"));
                outbox.wake();
              },
              () -> say(outbox, "a"));
          assertEquals(List.of("welcome", "a"), connection.heard());
        });
  }

  @Test
  void whoIsToFlushIsClosedOnceAndHearsNothingAfterIt() {
    Interleavings.of(
        () -> {
          FakeConnection connection = new FakeConnection();
          Outbox outbox = outbox(connection, lane());
          together(
              () -> {
                outbox.finish(CloseStatus.NORMAL, true);
                outbox.wake();
              },
              () -> say(outbox, "a"));
          assertEquals(CloseStatus.NORMAL, connection.told());
          assertEquals(List.of(), connection.breaches());
        });
  }

  @Test
  void whatWasSaidBeforeAnEndIsFlushedWheneverAWriteEnds() {
    Interleavings.of(
        () -> {
          Late connection = new Late();
          Outbox outbox = outbox(connection, lane());
          say(outbox, "a");
          say(outbox, "b");
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
  void afterAnEndNothingIsBegunAndNothingStaysInFlight() {
    Interleavings.of(
        () -> {
          FakeConnection connection = new FakeConnection().hold();
          Outbox outbox = outbox(connection, lane());
          together(outbox::abandon, () -> say(outbox, "a"));
          List<String> heard = connection.heard();
          connection.release();
          say(outbox, "b");
          assertEquals(heard, connection.heard());
          assertEquals(0, outbox.stuckFor(1));
          assertNull(connection.told(), "there is nothing to close any more");
        });
  }
}
