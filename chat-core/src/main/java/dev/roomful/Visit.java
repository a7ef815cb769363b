package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection's stay in the chat, from open to end. It ends once, for the first reason that
 * comes, whether or not the transport ever tells that the connection has closed.
 *
 * <p>One that was lost may be kept for a grace time, with its seats, until it is followed by
 * another visit of the same client, or dismissed.
 */
final class Visit implements Receiver {
  /** So many messages of one connection may wait for their callbacks to return. */
  private static final int MAX_WAITING = 64;

  static final long OUT_OF_PATIENCE = Long.MAX_VALUE;

  /** Ends that are no goodbye. */
  private static final Set<CloseStatus> LOSSES =
      Set.of(CloseStatus.LOST, CloseStatus.SILENT, CloseStatus.TOO_SLOW);

  /** How the connection is left when the visit ends. */
  enum Farewell {
    /** It is closed behind what is queued for it. */
    AFTER_FLUSH,
    /** What is queued is dropped, then it is closed. */
    AT_ONCE,
    /** It has gone already. */
    NONE
  }

  /** Which connection of the chat it is. */
  final long number;

  private final Core core;
  private final Connection connection;
  private final Outbox outbox;
  private volatile Participant participant; // another one only before the first room
  private final @Nullable Stay stay; // null for plain text
  private volatile @Nullable String id;
  private final Rate rate;
  private final Rate patience;
  private final AtomicInteger waiting = new AtomicInteger(1); // the opening itself
  private final List<Seat> seats = new ArrayList<>(1); // guarded by this
  private @Nullable CloseStatus ended; // guarded by this
  private long endedAt; // guarded by this
  private volatile boolean kept; // ended, but its client may come back; changed under this
  private boolean settled; // guarded by this: its seats are away, and nobody is moving them
  private @Nullable CloseStatus dismissal; // guarded by this: one that came before it had settled
  private @Nullable Letterbox letterbox; // guarded by this
  private @Nullable String secret; // as the next, set before others see this
  private List<Visit> before = List.of();
  private volatile @Nullable Visit follower;
  private final String homeName;
  private volatile @Nullable Seat home;
  private volatile boolean cut;
  private final AtomicBoolean aborted = new AtomicBoolean();
  private volatile long lastHeard;
  private long lastPing;

  Visit(Core core, Entry entry, Participant participant, Connection connection) {
    this(core, entry.room(), participant, connection, null);
    this.secret = core.newSecret();
  }

  /** Of a dialect: at home nowhere, and not kept. */
  Visit(Core core, Participant stranger, Connection connection, Stay stay) {
    this(core, "", stranger, connection, stay);
  }

  private Visit(
      Core core,
      String homeName,
      Participant participant,
      Connection connection,
      @Nullable Stay stay) {
    this.core = core;
    this.stay = stay;
    this.number = core.visits.nextNumber();
    this.connection = connection;
    this.participant = participant;
    this.homeName = homeName;
    long now = core.engine.nanoTime();
    this.lastHeard = now;
    this.lastPing = now;
    this.rate = new Rate(core.limits.messagesPerSecond(), core.limits.messageBurst(), now);
    this.patience = new Rate(1, core.limits.patience(), now);
    this.outbox =
        new Outbox(
            connection, core.lanes.next(), core.engine, core.limits.outboxBytes(), this::lost);
  }

  Participant participant() {
    return participant;
  }

  Outbox outbox() {
    return outbox;
  }

  @Nullable Stay stay() {
    return stay;
  }

  @Nullable Dialect dialect() {
    return stay == null ? null : stay.dialect;
  }

  /** Two threads may both make it, and it is the same. */
  String id() {
    String known = id;
    if (known == null) {
      known = core.name + "-" + Long.toString(number, Character.MAX_RADIX);
      id = known;
    }
    return known;
  }

  /** It has been told whose visit it is; false if it is over. */
  boolean become(Entry entry) {
    core.participants.attach(
        core.rooms,
        entry,
        who -> {
          participant = who; // before others find it there
          return this;
        });
    if (isOver()) {
      core.participants.detach(participant, this);
      participant.turns.run();
      return false;
    }
    return true;
  }

  /** The opening is done, and what the client says can come. */
  void opened() {
    waiting.decrementAndGet();
  }

  /** On this connection, or on the one that followed it, or when one does. */
  boolean tell(Payload payload) {
    Visit next = follower;
    if (next != null) {
      return next.tell(payload);
    }
    Frame fitting = core.frameFor(payload, Overflow.DISCONNECT);
    if (stay != null) {
      return tell(stay.dialect.told(payload));
    }
    Frame frame = secret == null ? fitting : fitting.asPersonal();
    boolean over;
    synchronized (this) {
      over = ended != null;
      if (over && (letterbox == null || letterbox.add(frame))) {
        return letterbox != null;
      }
    }
    if (over) {
      dismiss(CloseStatus.TOO_SLOW); // with what waits for it, and the promise that nothing is lost
      runTurns();
    } else {
      offer(frame);
    }
    return !over;
  }

  private boolean tell(@Nullable Frame frame) {
    if (frame == null) {
      notTold();
    }
    return frame != null && send(frame);
  }

  /** Queues a frame; false if the visit is over. */
  boolean send(Frame frame) {
    boolean here = !isOver();
    if (here) {
      offer(frame);
    }
    return here;
  }

  private void offer(Frame frame) {
    if (!outbox.offer(frame, Overflow.DISCONNECT)) {
      tooSlow();
    }
    outbox.wake();
  }

  @Override
  public void text(String text) {
    came(isTooBig(text), () -> Payload.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    came(isTooBig(bytes), () -> Payload.bytes(bytes));
  }

  @Override
  public void pong() {
    lastHeard = core.engine.nanoTime();
  }

  @Override
  public void closed(int code, String reason) {
    CloseStatus status =
        code < 1000 || code > 4999 || code == CloseStatus.LOST.code()
            ? CloseStatus.LOST
            : CloseStatus.seen(code, reason);
    boolean first = end(status, Farewell.NONE);
    core.visits.remove(this);
    if (!first) {
      return; // whoever ended the visit sees to its turns
    }
    if (outbox.isOnLane()) {
      runTurns(); // the server found out within a write, and no callback runs on a lane
    } else {
      participant.turns.run();
    }
  }

  boolean isTooBig(String text) {
    int limit = core.limits.messageBytes();
    return text.length() > limit
        || (text.length() > limit / 3 && text.getBytes(StandardCharsets.UTF_8).length > limit);
  }

  boolean isTooBig(ByteBuffer bytes) {
    return bytes.remaining() > core.limits.messageBytes();
  }

  private void came(boolean tooBig, Supplier<Payload> payload) {
    if (heard(tooBig)) {
      long wait = pace(lastHeard);
      if (wait != OUT_OF_PATIENCE && queue()) {
        said(payload.get(), wait);
      }
    }
    participant.turns.run();
  }

  /** A sign of life; whether it can be listened to. The turns must be run afterwards. */
  boolean heard(boolean tooBig) {
    lastHeard = core.engine.nanoTime();
    if (tooBig) {
      String limit = "a message is at most " + core.limits.messageBytes() + " bytes";
      end(CloseStatus.TOO_BIG.because(limit), Farewell.AFTER_FLUSH);
    }
    return !tooBig;
  }

  /**
   * For how many nanoseconds something should have waited; it was too fast if that is not 0. The
   * turns must be run afterwards.
   */
  long pace(long now) {
    Limits limits = core.limits;
    long wait = rate.take(now);
    boolean together = wait == 0;
    if (together) {
      wait = participant.rate.take(now);
    }
    if (wait > 0 && patience.take(now) > 0) {
      int most = together ? limits.participantMessagesPerSecond() : limits.messagesPerSecond();
      end(
          CloseStatus.TOO_FAST.because("more than " + most + " messages a second"),
          Farewell.AFTER_FLUSH);
      return OUT_OF_PATIENCE;
    }
    return wait;
  }

  /** One more waits for its turn, unless too many do; {@link #unqueue} must follow. */
  boolean queue() {
    boolean fits = waiting.incrementAndGet() <= MAX_WAITING;
    if (!fits) {
      end(
          CloseStatus.TOO_FAST.because("too many messages before the first was handled"),
          Farewell.AFTER_FLUSH);
    }
    return fits;
  }

  void unqueue() {
    waiting.decrementAndGet();
  }

  /**
   * What came is told in turn.
   *
   * @param wait for how many nanoseconds it should have waited: it was too fast
   */
  private void said(Payload payload, long wait) {
    participant.turns.add(
        () -> {
          Seat seat = home;
          if (seat != null && maySpeak(seat)) {
            Room room = seat.room;
            Message message = Message.said(room, this, payload);
            core.call(
                "onMessage",
                participant,
                room,
                this,
                handler ->
                    (wait > 0 ? Optional.of(tooFast(wait)) : room.objection(seat.member))
                        .ifPresentOrElse(
                            refusal -> handler.onRefused(room, message, refusal),
                            () -> handler.onMessage(room, message)));
          }
          waiting.decrementAndGet(); // not before: while its handler runs, nobody may be reading
        });
  }

  static Refusal tooFast(long nanos) {
    Duration wait = Duration.ofNanos(nanos);
    return new Refusal(
        429, Refusal.TOO_FAST, "too fast: wait " + (wait.toMillis() + 1) + " ms", wait);
  }

  /**
   * Not once it was cut, and not once its leaving was told: a message that the transport had read
   * already may come behind a kick or a cut. One that has hung up may have said something yet.
   */
  boolean maySpeak(Seat seat) {
    return !cut && !seat.member.left;
  }

  /**
   * The room of the entry is the one in which it speaks, even if the participant joins another one
   * with all its connections before this one got there. Called under the room's lock.
   */
  synchronized boolean sit(Seat seat) {
    if (ended != null) {
      return false;
    }
    seats.add(seat);
    if (home == null && seat.room.name().equals(homeName)) {
      home = seat;
    }
    return true;
  }

  synchronized void stand(Seat seat) {
    seats.remove(seat);
  }

  synchronized List<Room> rooms() {
    return seats.stream().map(seat -> seat.room).toList();
  }

  synchronized @Nullable Seat seatIn(String room) {
    for (Seat seat : seats) {
      if (seat.room.name().equals(room)) {
        return seat;
      }
    }
    return null;
  }

  boolean isCut() {
    return cut;
  }

  boolean isAtHomeIn(Room room) {
    Seat seat = home;
    return seat != null && seat.room == room;
  }

  /**
   * Ends the visit, unless it has ended: out of all rooms, the connection told. The participant's
   * turns must be run afterwards.
   */
  boolean end(CloseStatus status, Farewell farewell) {
    List<Seat> left;
    synchronized (this) {
      if (ended != null) {
        if (farewell == Farewell.NONE) {
          outbox.abandon();
        }
        return false;
      }
      ended = status;
      endedAt = core.engine.nanoTime();
      cut = farewell != Farewell.NONE;
      kept =
          secret != null && LOSSES.contains(status) && !seats.isEmpty() && !core.visits.isClosing();
      left = List.copyOf(seats);
      if (stay != null) {
        stay.ended(left);
      }
      if (!kept) {
        seats.clear();
      }
      if (farewell == Farewell.NONE) {
        outbox.abandon();
      } else {
        outbox.finish(status, farewell == Farewell.AFTER_FLUSH);
      }
      if (kept) {
        letterbox = new Letterbox(core.limits.outboxBytes());
        outbox.takeUnsent().forEach(letterbox::add);
      }
    }
    if (kept) {
      settle(left);
    } else {
      left.forEach(seat -> seat.room.members.remove(seat, status));
    }
    core.participants.detach(participant, this);
    outbox.wake();
    return true;
  }

  private void settle(List<Seat> mine) {
    mine.forEach(seat -> seat.room.members.keep(seat));
    core.visits.addAway(this);
    CloseStatus meanwhile;
    synchronized (this) {
      settled = true;
      meanwhile = dismissal;
    }
    if (meanwhile != null) {
      dismiss(meanwhile);
    } else if (core.visits.isClosing()) {
      dismiss(CloseStatus.RESTART); // it may not have been there yet when the absent were sent off
    }
  }

  boolean isKept() {
    return kept;
  }

  /** Whether another connection of the same client is there in its place. */
  boolean isBack() {
    return follower != null;
  }

  Visit latest() {
    Visit next = follower;
    return next == null ? this : next.latest();
  }

  /** Whether it is of the client that was given this secret, and could still be followed. */
  boolean isOf(String shown) {
    synchronized (this) {
      if (secret == null || (ended != null && !kept)) {
        return false;
      }
    }
    return MessageDigest.isEqual(
        secret.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }

  /** This visit is to take the place of others of its client; before anybody sees it. */
  void follow(List<Visit> others) {
    before = others;
    for (Visit other : others) {
      secret = other.secret;
      other.follower = this;
    }
  }

  boolean isResumption() {
    return !before.isEmpty();
  }

  @Nullable String secret() {
    return secret;
  }

  /**
   * Takes the place of those before it, which has got into the room of its entry: first it comes
   * into their other rooms, then they go, so that nobody sees it leave. Of those before it the
   * oldest first: what one of them has left it has left to the next.
   */
  void succeed(Entry entry) {
    for (Visit old : before) {
      for (Room room : old.rooms()) {
        core.rooms.bring(Coming.back(this, entry.replay(room.name())), room);
      }
    }
    if (isOver()) {
      core.participants.withdraw(this); // lost before it was everywhere: those before it still are
      return;
    }
    for (Visit old : before) {
      old.end(CloseStatus.RESUMED, Farewell.AT_ONCE);
      old.takeLetters().forEach(this::offer);
      old.dismiss(CloseStatus.RESUMED);
    }
    before = List.of();
  }

  /** It could not take the place of those before it, unless another one is to do so. */
  void giveUp() {
    for (Visit old : before) {
      if (old.follower == this) {
        old.follower = null;
      }
    }
    before = List.of();
  }

  synchronized boolean isOver() {
    return ended != null;
  }

  private synchronized List<Frame> takeLetters() {
    Letterbox box = letterbox;
    letterbox = null;
    return box == null ? outbox.takeUnsent() : box.take();
  }

  /**
   * Ends the absence of one that was lost and is kept, if it is: out of all rooms, for good. The
   * participant's turns must be run afterwards.
   */
  void dismiss(CloseStatus status) {
    List<Seat> left;
    synchronized (this) {
      if (!kept) {
        return;
      }
      if (!settled) {
        dismissal = status;
        return;
      }
      kept = false;
      letterbox = null;
      left = List.copyOf(seats);
      seats.clear();
    }
    core.visits.removeAway(this);
    left.forEach(seat -> seat.room.members.remove(seat, status));
    core.participants.detach(participant, this);
  }

  /** For the reason for which it was lost. */
  void dismiss() {
    CloseStatus reason;
    synchronized (this) {
      reason = ended;
    }
    if (reason != null) {
      dismiss(reason);
    }
  }

  /** A look at the deadline of one that is away. */
  void sweepAway(long now) {
    boolean over;
    synchronized (this) {
      over = !isBack() && isOver(now - endedAt, core.limits.grace());
    }
    if (over) {
      dismiss();
      runTurns();
    }
  }

  /** The outbox is full, and closed already. May be called on any thread, but under no lock. */
  void tooSlow() {
    end(CloseStatus.TOO_SLOW, Farewell.AT_ONCE);
    runTurns();
  }

  /** What it was to hear cannot be said in its dialect. On any thread, but under no lock. */
  void notTold() {
    end(CloseStatus.UNSPEAKABLE, Farewell.AFTER_FLUSH);
    runTurns();
  }

  /** May be called by a transport from within a write, and with locks of its own. */
  private void lost(Throwable cause) {
    Core.LOG.log(
        System.Logger.Level.DEBUG, () -> "connection of " + participant + " failed", cause);
    cut(CloseStatus.LOST);
  }

  /** Ends the visit at once, and then the socket, on a thread that this may block for a moment. */
  void cut(CloseStatus status) {
    end(status, Farewell.NONE);
    if (aborted.compareAndSet(false, true)) {
      core.engine.network().execute(this::abort);
      runTurns();
    }
  }

  private void abort() {
    core.visits.remove(this);
    try {
      connection.abort();
    } catch (RuntimeException breach) {
      Core.LOG.log(System.Logger.Level.DEBUG, () -> "aborting " + participant + " failed", breach);
    }
  }

  void runTurns() {
    core.engine.callbacks().execute(participant.turns::run);
  }

  /**
   * A look at deadlines, a few times a second. Who is over one leaves on this thread: those for
   * callbacks may all be held by handlers that block, and nothing may pile up before them.
   */
  void sweep(long now) {
    Limits limits = core.limits;
    if (isOver(outbox.stuckFor(now), limits.writeTimeout())) {
      cut(CloseStatus.TOO_SLOW);
      return;
    }
    CloseStatus over;
    long overFor;
    synchronized (this) {
      over = ended;
      overFor = now - endedAt;
    }
    if (over != null) {
      if (isOver(overFor, limits.closeTimeout())) {
        cut(over);
      }
      return;
    }
    outbox.trim();
    if (stay != null) {
      stay.beat();
    }
    if (waiting.get() > 0) {
      // While a handler is busy the server may not read: that is not the client's silence.
      lastHeard = now;
    }
    long silence = now - lastHeard;
    if (isOver(silence, limits.silenceAllowed())) {
      end(CloseStatus.SILENT, Farewell.AT_ONCE);
      runTurns();
    } else if (isOver(silence, limits.pingEvery()) && isOver(now - lastPing, limits.pingEvery())) {
      lastPing = now;
      outbox.ping();
      outbox.wake();
    }
  }

  private static boolean isOver(long nanos, Duration limit) {
    return nanos >= limit.toNanos();
  }
}
