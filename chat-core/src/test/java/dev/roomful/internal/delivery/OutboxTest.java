package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.FakeConnection;
import dev.roomful.InlineScheduler;
import dev.roomful.Overflow;
import dev.roomful.transport.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** An outbox of 1,000 bytes with a stalled connection and a write loop that the test runs. */
class OutboxTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final WriteLoops writeLoops = new WriteLoops(List.of(tasks::add));
  private final FakeConnection connection = new FakeConnection().hold();
  private final Queue<Runnable> networkTasks = new ArrayDeque<>();
  private long now;
  private final Outbox outbox =
      new Outbox(
          connection,
          writeLoops.next(),
          new InlineScheduler() {
            @Override
            public long nanoTime() {
              return now;
            }

            @Override
            public Executor networkExecutor() {
              return networkTasks::add;
            }
          },
          1000,
          FailureRecipient.none());

  /** A frame that costs this many bytes of the outbox, with its header and 16 bytes of overhead. */
  private static Frame frame(int cost) {
    return Frame.text("x".repeat(cost - (cost < 126 + 18 ? 18 : 20)));
  }

  private boolean offer(Frame frame) {
    return outbox.offer(frame, Overflow.DISCONNECT);
  }

  private boolean acceptsSignal(Frame frame) {
    int before = connection.received().size();
    ReadyList ready = new ReadyList(writeLoops);
    outbox.offerSignal(frame, ready);
    ready.handOver();
    run();
    return connection.received().size() > before;
  }

  private void run() {
    outbox.wake();
    runAll(tasks);
    runAll(networkTasks);
  }

  private static void runAll(Queue<Runnable> queue) {
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
      task.run();
    }
  }

  @Test
  void aFilledReservationCountsWithItsFrameSize() {
    outbox.fillReservation(outbox.reserve(), frame(300));
    assertTrue(offer(frame(700)));
    assertFalse(offer(frame(18)));
  }

  @Test
  void anEmptyReservationCountsNothing() {
    outbox.fillReservation(outbox.reserve(), null);
    assertTrue(offer(frame(1000)));
    assertFalse(offer(frame(18)));
  }

  @Test
  void aFilledReservationMayFillTheOutbox() {
    assertTrue(outbox.fillReservation(outbox.reserve(), frame(1000)));
    run();
    assertEquals(1, connection.received().size());
  }

  @Test
  void aReservationWhoseFrameDoesNotFitClosesTheOutbox() {
    assertTrue(offer(frame(500)));
    run(); // it is in flight now
    assertFalse(outbox.fillReservation(outbox.reserve(), frame(501)));
    assertEquals(CloseStatus.TOO_SLOW, outbox.closeStatus());
    connection.complete();
    run();
    assertEquals(CloseStatus.TOO_SLOW, connection.closeStatus());
    assertEquals(1, connection.received().size());
  }

  @Test
  void aReservationOfAnAbandonedOutboxIsGivenUp() {
    Frame reservation = outbox.reserve();
    outbox.abandon();
    assertTrue(outbox.fillReservation(reservation, frame(1001)));
    run();
    assertEquals(List.of(), connection.received());
  }

  @Test
  void aSignalMayFillAQuarter() {
    assertFalse(acceptsSignal(frame(251)));
    assertTrue(acceptsSignal(frame(250)));
  }

  @Test
  void aSignalMayFillTheRestOfTheQuarter() {
    assertTrue(offer(frame(50)));
    run();
    assertFalse(acceptsSignal(frame(201)));
    connection.complete();
    assertTrue(offer(frame(50)));
    connection.onWrite(connection::complete);
    assertTrue(acceptsSignal(frame(200)));
  }

  @Test
  void aFullOutboxDiscardsItsQueueAndAcceptsNothingMore() {
    assertTrue(offer(frame(1000)));
    assertFalse(offer(frame(18)));
    assertTrue(offer(frame(1000)), "overflow is reported once");
    run();
    assertEquals(List.of(), connection.received());
    assertEquals(CloseStatus.TOO_SLOW, connection.closeStatus());
  }

  @Test
  void anAbandonedOutboxAcceptsNothingAndCallsNothing() {
    outbox.abandon();
    assertTrue(offer(frame(1000)));
    assertTrue(offer(frame(18)), "an abandoned outbox cannot overflow");
    outbox.ping();
    outbox.finish(CloseStatus.NORMAL, true);
    run();
    assertEquals(0, connection.completions().size());
    assertEquals(0, connection.closeCode());
  }

  @Test
  void reportsWhetherItIsOnItsWriteLoop() {
    List<Boolean> onWriteLoop = new ArrayList<>();
    connection.onWrite(() -> onWriteLoop.add(outbox.isOnWriteLoop()));
    assertTrue(offer(frame(18)));
    run();
    onWriteLoop.add(outbox.isOnWriteLoop());
    assertEquals(List.of(true, false), onWriteLoop);
  }

  @Test
  void writeStallTimeStartsWhenTheCallReturns() {
    connection.onWrite(() -> now = 500);
    assertTrue(offer(frame(18)));
    assertEquals(0, outbox.stuckFor(now));
    run();
    assertEquals(200, outbox.stuckFor(700));
    connection.complete();
    assertEquals(0, outbox.stuckFor(700));
  }

  @Test
  void aBlockedWriteCallIsMeasuredFromTheFirstCheck() {
    List<Long> stallTimes = new ArrayList<>();
    connection.onWrite(
        () -> {
          stallTimes.add(outbox.stuckFor(150));
          stallTimes.add(outbox.stuckFor(170));
          now = 300;
        });
    assertTrue(offer(frame(18)));
    run();
    assertEquals(List.of(0L, 20L), stallTimes);
    assertEquals(250, outbox.stuckFor(400));
  }

  @Test
  void pingStallTimeStartsWithTheCallOfTheConnection() {
    now = 500;
    outbox.ping();
    outbox.wake();
    runAll(tasks);
    assertEquals(0, outbox.stuckFor(600), "it waits for a thread");
    assertEquals(0, outbox.stuckFor(700));
    now = 1000;
    runAll(networkTasks);
    assertEquals(1, connection.pings());
    assertEquals(200, outbox.stuckFor(1200));
    connection.complete();
    assertEquals(0, outbox.stuckFor(1200));
  }

  @Test
  void aPingThatWaitsForAThreadIsNotSentToALostConnection() {
    outbox.ping();
    outbox.wake();
    runAll(tasks);
    outbox.abandon();
    runAll(networkTasks);
    assertEquals(0, connection.pings());
  }

  @Test
  void framesAndTheCloseFollowAPingThatWaitedForAThread() {
    outbox.ping();
    outbox.wake();
    runAll(tasks);
    assertTrue(offer(frame(50)));
    outbox.finish(CloseStatus.NORMAL, true);
    run();
    assertEquals(List.of(), connection.batchSizes());
    connection.release();
    run();
    assertEquals(List.of(1), connection.batchSizes());
    assertEquals(CloseStatus.NORMAL, connection.closeStatus());
    assertEquals(List.of(), connection.violations());
  }

  @Test
  void aPingThatIsDueDuringAWriteFollowsIt() {
    assertTrue(offer(frame(18)));
    run();
    outbox.ping();
    run();
    assertEquals(0, connection.pings());
    connection.complete();
    run();
    assertEquals(1, connection.pings());
  }

  @Test
  void aPingIsSentThoughThereAreFramesAfterEachWrite() {
    assertTrue(offer(frame(18)));
    run();
    outbox.ping();
    assertTrue(offer(frame(18)));
    connection.complete();
    run();
    assertEquals(1, connection.pings());
    assertEquals(List.of(1), connection.batchSizes());
    connection.complete();
    run();
    assertEquals(List.of(1, 1), connection.batchSizes());
    assertEquals(List.of(), connection.violations());
  }

  /** Another thread completes the write while the call is still running. */
  @Test
  void aSecondCompletionOfAWriteThatAnotherThreadCompletedDoesNotEndTheNextOne() {
    connection.onWrite(
        () -> {
          connection.onWrite(() -> {});
          Thread network = new Thread(connection::complete);
          network.start();
          try {
            network.join();
          } catch (InterruptedException stopped) {
            throw new AssertionError("interrupted", stopped);
          }
        });
    assertTrue(offer(Frame.text("first")));
    run();
    assertTrue(offer(Frame.text("second")));
    run();
    connection.completions().get(0).succeeded();
    assertTrue(offer(Frame.text("third")));
    run();
    assertEquals(List.of("first", "second"), connection.received());
    assertEquals(List.of(), connection.violations());
  }
}
