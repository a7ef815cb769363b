package dev.roomful.internal.delivery;

import dev.roomful.CloseStatus;
import dev.roomful.Overflow;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between the rooms and one connection, and the only one that calls the
 * connection: one operation at a time, started by the lane, never while this object's monitor is
 * held. The order of locks is: a room's, then an outbox's, then nothing.
 */
public final class Outbox {
  /** What a queued frame is counted for beside its bytes, so that empty frames are bounded too. */
  public static final int FRAME_COST = 16;

  /** Up to this many places the ring is kept when it is empty. */
  private static final int MAX_IDLE_CAPACITY = 64;

  private static final int IDLE = 0; // nothing to do, not at the lane
  private static final int READY = 1; // at the lane, or about to be
  private static final int BUSY = 2; // an operation is in flight
  private static final int SHUT = 3; // closed or gone: no operation any more

  private final Connection connection;
  private final WriteLoop writeLoop;
  private final Scheduler scheduler;
  private final int maxBytes;
  private final Consumer<Throwable> onFailure;

  /** The lane's link to the outbox behind this one. */
  @Nullable Outbox next;

  private @Nullable Frame[] ring = new Frame[0];
  private int head;
  private int count;
  private long cost;

  /**
   * Places for frames that are being made; or, when the rest was dropped, what is for this client
   * alone. One field for both: an outbox that is larger makes the fan-out slower.
   */
  private @Nullable List<Frame> reservedOrUnsent;

  private int state = IDLE;
  private boolean pingDue;
  private @Nullable CloseStatus closing;
  private @Nullable Operation inFlight;
  private Operation nextOperation =
      new Operation(); // for the next operation; only the lane touches it
  private long inFlightCost;
  private boolean timed; // whether busySince is of the operation in flight
  private long busySince;

  public Outbox(
      Connection connection,
      WriteLoop writeLoop,
      Scheduler scheduler,
      int maxBytes,
      Consumer<Throwable> onFailure) {
    this.connection = connection;
    this.writeLoop = writeLoop;
    this.scheduler = scheduler;
    this.maxBytes = maxBytes;
    this.onFailure = onFailure;
  }

  /**
   * Queues a frame; {@link #wake} must follow, outside of locks. At the bound it is dropped, or
   * others are, or the connection is lost to it.
   *
   * @return false if the outbox was full and is now closed with {@link CloseStatus#TOO_SLOW}
   */
  public boolean offer(Frame frame, Overflow overflow) {
    return offer(frame, overflow, null);
  }

  /**
   * Queues a frame, as above.
   *
   * @param fanout takes this outbox to its lane later, if it has become ready
   */
  public synchronized boolean offer(Frame frame, Overflow overflow, @Nullable Fanout<?> fanout) {
    if (closing != null) {
      return true;
    }
    long more = (long) frame.size() + FRAME_COST;
    if (cost + more > maxBytes && !freeSpace(more, overflow)) {
      if (overflow != Overflow.DISCONNECT) {
        return true;
      }
      finish(CloseStatus.TOO_SLOW, false);
      return false;
    }
    if (count == ring.length) {
      grow();
    }
    ring[(head + count) & (ring.length - 1)] = frame;
    count++;
    cost += more;
    if (fanout == null) {
      becomeReady();
    } else if (state == IDLE) {
      state = READY;
      fanout.ready(this, writeLoop.number);
    }
    return true;
  }

  /**
   * Queues a frame that is not worth a queue: only while at least three quarters of the outbox are
   * free; {@link #wake} must follow.
   */
  public synchronized void offerSignal(Frame frame, Fanout<?> fanout) {
    if (cost + frame.size() + FRAME_COST <= maxBytes / 4) {
      offer(frame, Overflow.DROP_NEWEST, fanout);
    }
  }

  /**
   * Takes a place in the queue for a frame that is not encoded yet: frames that are queued later
   * wait behind it. {@link #fillReservation} must follow.
   *
   * @return the reservation, or null if the outbox was full and is now closed with {@link
   *     CloseStatus#TOO_SLOW}
   */
  public synchronized @Nullable Frame reserve() {
    Frame reservation = Frame.text("");
    if (closing == null) {
      if (!offer(reservation, Overflow.DISCONNECT)) {
        return null;
      }
      reservedOrUnsent = reservedOrUnsent == null ? new ArrayList<>(1) : reservedOrUnsent;
      reservedOrUnsent.add(reservation);
    }
    return reservation;
  }

  /**
   * Puts a frame, or nothing, into the place that was reserved for it; {@link #wake} must follow.
   *
   * @return false if the frame made the outbox too full, which is now closed with {@link
   *     CloseStatus#TOO_SLOW}
   */
  public synchronized boolean fillReservation(Frame reservation, @Nullable Frame frame) {
    if (reservedOrUnsent == null || !reservedOrUnsent.remove(reservation)) {
      return true;
    }
    if (reservedOrUnsent.isEmpty()) {
      reservedOrUnsent = null;
    }
    int kept = 0;
    int all = count;
    for (int i = 0; i < all; i++) {
      int from = (head + i) & (ring.length - 1);
      Frame queued = ring[from] == reservation ? frame : ring[from];
      ring[from] = null;
      if (queued != null) {
        ring[(head + kept++) & (ring.length - 1)] = queued;
      }
    }
    count = kept;
    cost += frame == null ? -(reservation.size() + FRAME_COST) : frame.size() - reservation.size();
    if (cost > maxBytes && closing == null) {
      finish(CloseStatus.TOO_SLOW, false);
      return false;
    }
    becomeReady();
    return true;
  }

  /** Asks for a ping; {@link #wake} must follow. */
  public synchronized void ping() {
    if (closing == null) {
      pingDue = true;
      becomeReady();
    }
  }

  /**
   * Takes nothing more; then, behind what waits if that is to be flushed, the connection is closed.
   * The first status stays. {@link #wake} must follow.
   */
  public synchronized void finish(CloseStatus status, boolean flush) {
    if (closing == null) {
      closing = status;
      pingDue = false;
      if (!flush) {
        drop();
      }
      becomeReady();
    }
  }

  /** The connection is gone: nothing is called on it any more. */
  public synchronized void abandon() {
    if (closing == null) {
      closing = CloseStatus.LOST;
    }
    state = SHUT;
    drop();
  }

  /** What was queued for this client alone when the rest was dropped; given out once. */
  public synchronized List<Frame> takeUnsent() {
    if (closing == null || count > 0 || reservedOrUnsent == null) {
      return List.of(); // what is aside are places
    }
    List<Frame> taken = reservedOrUnsent;
    reservedOrUnsent = null;
    return taken;
  }

  public void wake() {
    writeLoop.wake();
  }

  /** Whether the caller is called from within a write on this outbox's lane. */
  public boolean isOnWriteLoop() {
    return writeLoop.isCurrentThread();
  }

  /**
   * For how long the operation in flight has been so, in nanoseconds; 0 if there is none. A call
   * that has not returned yet is timed from the first look at it: nearly all return at once, and
   * should not pay for a look at the clock.
   */
  public synchronized long stuckFor(long now) {
    if (state != BUSY) {
      return 0;
    }
    if (!timed) {
      startClock(now);
    }
    return now - busySince;
  }

  private void startClock(long now) {
    timed = true;
    busySince = now;
  }

  /** Gives back the memory of a ring that a burst has made large. */
  public synchronized void trim() {
    if (count == 0 && ring.length > MAX_IDLE_CAPACITY) {
      ring = new Frame[0];
      head = 0;
    }
  }

  /**
   * The lane's turn: starts at most one operation.
   *
   * @param spare an empty batch
   * @return an empty batch for the next one: the same, unless it is in flight
   */
  public Batch step(Batch spare) {
    Operation operation = nextOperation;
    operation.starter = Thread.currentThread();
    CloseStatus last = null;
    boolean write = false;
    synchronized (this) {
      if (state != READY) {
        return spare;
      }
      if (hasNextFrame()) {
        fill(spare);
        write = true;
      } else if (pingDue) {
        pingDue = false;
      } else if (closing != null && count == 0) {
        last = closing;
      } else {
        state = IDLE;
        return spare;
      }
      inFlight = last == null ? operation : null;
      state = last == null ? BUSY : SHUT;
      timed = false;
      if (!write) {
        startClock(scheduler.nanoTime());
      }
    }
    if (!write) {
      nextOperation = new Operation();
      CloseStatus closed = last;
      try {
        scheduler.networkExecutor().execute(() -> control(closed, operation));
      } catch (Throwable failure) {
        operationFailed(operation, failure);
      }
      return spare;
    }
    operation.done = false;
    operation.calling = true;
    try {
      connection.write(spare, operation);
    } catch (Throwable failure) {
      // Errors too: one that got out of here would end the lane, and all who are written on it.
      operationFailed(operation, failure);
      return new Batch();
    } finally {
      operation.calling = false;
    }
    synchronized (this) {
      if (operation.done && complete(operation)) {
        proceed();
      } else if (inFlight == operation) {
        if (!timed) {
          startClock(scheduler.nanoTime());
        }
        operation.batch = spare;
        nextOperation = new Operation();
        return writeLoop.batch();
      }
      if (operation.late) {
        nextOperation = new Operation();
      }
    }
    spare.clear();
    return spare;
  }

  /** A ping, or the close. Not on the lane: servers block in these for a moment. */
  private void control(@Nullable CloseStatus last, Operation operation) {
    try {
      if (last == null) {
        connection.ping(operation);
      } else {
        connection.close(last.code(), last.reason());
      }
    } catch (Throwable failure) {
      operationFailed(operation, failure);
    }
  }

  /**
   * The write loop could not run this outbox: nothing more is written, and the owner is notified.
   */
  void fail(Throwable failure) {
    abandon();
    onFailure.accept(failure);
  }

  private void operationFailed(Operation operation, Throwable failure) {
    complete(operation);
    onFailure.accept(failure);
  }

  /**
   * One operation and its end, which the first completion decides. Each that outlives its call has
   * its own, because a second completion of it must not end the operation that came next; one that
   * was completed within its call is used again, so that the steady state allocates nothing.
   */
  private final class Operation implements Completion {
    private @Nullable Thread starter;
    private boolean calling; // the starter's alone, as is the next
    private boolean done;
    private boolean late; // guarded by the outbox, as is the next
    private @Nullable Batch batch; // what is written, once the lane has gone on to others

    @Override
    public void succeeded() {
      if (isCalling()) {
        done = true; // the lane sees to the rest when the call returns, without a lock more
      } else if (complete(this)) {
        synchronized (Outbox.this) {
          proceed();
        }
        writeLoop.wake();
      }
    }

    @Override
    public void failed(Throwable cause) {
      boolean second = isCalling() && done;
      if (!second && complete(this)) {
        onFailure.accept(cause);
      }
    }

    private boolean isCalling() {
      return starter == Thread.currentThread() && calling;
    }
  }

  private synchronized boolean complete(Operation operation) {
    if (inFlight != operation) {
      return false;
    }
    inFlight = null;
    if (operation.batch != null) {
      writeLoop.recycle(operation.batch);
      operation.batch = null;
    }
    operation.late = operation.starter != Thread.currentThread();
    cost -= inFlightCost;
    inFlightCost = 0;
    return true;
  }

  private void proceed() {
    if (state == BUSY) {
      state = IDLE;
      if (count > 0 || pingDue || closing != null) {
        becomeReady();
      }
    }
  }

  private void becomeReady() {
    if (state == IDLE) {
      state = READY;
      writeLoop.add(this);
    }
  }

  private void fill(Batch batch) {
    do {
      Frame frame = ring[head];
      if (frame == null || !batch.add(frame)) {
        return;
      }
      ring[head] = null;
      head = (head + 1) & (ring.length - 1);
      count--;
      inFlightCost += frame.size() + FRAME_COST;
    } while (hasNextFrame());
  }

  private boolean hasNextFrame() {
    return count > 0 && (reservedOrUnsent == null || !reservedOrUnsent.contains(ring[head]));
  }

  private void grow() {
    @Nullable Frame[] larger = new Frame[Math.max(4, ring.length * 2)];
    for (int i = 0; i < count; i++) {
      larger[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = larger;
    head = 0;
  }

  private void drop() {
    List<Frame> personal = count == 0 ? reservedOrUnsent : null;
    for (int i = 0; i < count; i++) {
      Frame frame = ring[(head + i) & (ring.length - 1)];
      if (frame != null && frame.isPersonal()) {
        personal = personal == null ? new ArrayList<>() : personal;
        personal.add(frame);
      }
    }
    Arrays.fill(ring, null);
    reservedOrUnsent = personal;
    count = 0;
    cost = inFlightCost;
  }

  /**
   * Drops the oldest expendable frames, if the policy is to, until there is room for so much more.
   */
  private boolean freeSpace(long more, Overflow overflow) {
    if (overflow == Overflow.DROP_NEWEST) {
      return false;
    }
    // From the head, so that a full queue of expendable frames costs one step per frame. Only a
    // frame
    // that has to stay makes it necessary to look at those after it.
    for (Frame oldest = ring[head];
        count > 0 && cost + more > maxBytes && oldest != null && oldest.isExpendable();
        oldest = ring[head]) {
      ring[head] = null;
      head = (head + 1) & (ring.length - 1);
      count--;
      cost -= oldest.size() + FRAME_COST;
    }
    if (cost + more <= maxBytes) {
      return true;
    }
    int kept = 0;
    int all = count;
    for (int i = 0; i < all; i++) {
      int from = (head + i) & (ring.length - 1);
      Frame frame = ring[from];
      ring[from] = null;
      if (frame != null && cost + more > maxBytes && frame.isExpendable()) {
        cost -= frame.size() + FRAME_COST;
      } else {
        ring[(head + kept++) & (ring.length - 1)] = frame;
      }
    }
    count = kept;
    return cost + more <= maxBytes;
  }
}
