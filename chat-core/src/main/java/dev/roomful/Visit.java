package dev.roomful;

import dev.roomful.transport.Connection;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's stay in the chat, from open to end. It ends once, for the first reason that
 * comes, whether or not the transport ever tells that the connection has closed.
 */
final class Visit implements Receiver {
  /** So many messages of one connection may wait for their callbacks to return. */
  private static final int MAX_WAITING = 64;

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
  private final Participant participant;
  private final Rate rate;
  private final AtomicInteger waiting = new AtomicInteger(1); // the opening itself
  private final List<Seat> seats = new ArrayList<>(1); // guarded by this
  private @Nullable CloseStatus ended; // guarded by this
  private long endedAt; // guarded by this
  private final String homeName;
  private volatile @Nullable Seat home;
  private volatile boolean cut;
  private final AtomicBoolean aborted = new AtomicBoolean();
  private volatile long lastHeard;
  private long lastPing;

  Visit(Core core, Entry entry, Participant participant, Connection connection) {
    this.core = core;
    this.number = core.visits.nextNumber();
    this.connection = connection;
    this.participant = participant;
    this.homeName = entry.room();
    long now = core.engine.nanoTime();
    this.lastHeard = now;
    this.lastPing = now;
    this.rate = new Rate(core.limits.messagesPerSecond(), core.limits.messageBurst(), now);
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

  /** The opening is done, and what the client says can come. */
  void opened() {
    waiting.decrementAndGet();
  }

  boolean tell(Payload payload) {
    synchronized (this) {
      if (ended != null) {
        return false;
      }
    }
    if (!outbox.offer(payload.frame(), Overflow.DISCONNECT)) {
      tooSlow();
    }
    outbox.wake();
    return true;
  }

  @Override
  public void text(String text) {
    int limit = core.limits.messageBytes();
    boolean tooBig =
        text.length() > limit
            || (text.length() > limit / 3 && text.getBytes(StandardCharsets.UTF_8).length > limit);
    if (mayEnter(tooBig)) {
      said(Payload.text(text));
    }
  }

  @Override
  public void binary(ByteBuffer bytes) {
    if (mayEnter(bytes.remaining() > core.limits.messageBytes())) {
      said(Payload.bytes(bytes));
    }
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

  private boolean mayEnter(boolean tooBig) {
    long now = core.engine.nanoTime();
    lastHeard = now;
    CloseStatus trouble = null;
    if (tooBig) {
      trouble =
          CloseStatus.TOO_BIG.because(
              "a message is at most " + core.limits.messageBytes() + " bytes");
    } else if (!rate.take(now)) {
      trouble =
          CloseStatus.TOO_FAST.because(
              "more than " + core.limits.messagesPerSecond() + " messages a second");
    } else if (waiting.incrementAndGet() > MAX_WAITING) {
      trouble = CloseStatus.TOO_FAST.because("too many messages before the first was handled");
    }
    if (trouble != null) {
      end(trouble, Farewell.AFTER_FLUSH);
      participant.turns.run();
    }
    return trouble == null;
  }

  private void said(Payload payload) {
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
                    room.objection(seat.member)
                        .ifPresentOrElse(
                            refusal -> handler.onRefused(room, message, refusal),
                            () -> handler.onMessage(room, message)));
          }
          waiting.decrementAndGet(); // not before: while its handler runs, nobody may be reading
        });
    participant.turns.run();
  }

  /**
   * Not once it was cut, and not once its leaving was told: a message that the transport had read
   * already may come behind a kick or a cut. One that has hung up may have said something yet.
   */
  private boolean maySpeak(Seat seat) {
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
      left = List.copyOf(seats);
      seats.clear();
    }
    for (Seat seat : left) {
      seat.room.remove(seat, status);
    }
    core.participants.detach(participant, this);
    if (farewell == Farewell.NONE) {
      outbox.abandon();
    } else {
      outbox.finish(status, farewell == Farewell.AFTER_FLUSH);
      outbox.wake();
    }
    return true;
  }

  /** The outbox is full, and closed already. May be called on any thread, but under no lock. */
  void tooSlow() {
    end(CloseStatus.TOO_SLOW, Farewell.AT_ONCE);
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
