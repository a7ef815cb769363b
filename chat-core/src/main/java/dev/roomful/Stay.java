package dev.roomful;

import dev.roomful.dialect.Appearance;
import dev.roomful.dialect.Dialect;
import dev.roomful.dialect.Guest;
import dev.roomful.dialect.Interpreter;
import dev.roomful.dialect.Presence;
import dev.roomful.dialect.Welcome;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The visit of a connection that speaks a dialect, as its interpreter has it in hand. */
final class Stay implements Guest, Receiver {
  /** To enter it, and to ask who is there and what was said. */
  private static final int COMMANDS_PER_ROOM = 3;

  final Dialect dialect;
  final Interpreter interpreter;
  private final Core core;
  private final Translated connection;
  private final Visit visit;

  /** What is to be done in turn; one turn at a time is added for them all. */
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  private final AtomicInteger undone = new AtomicInteger();
  private volatile boolean identified;

  /** So many of the commands to come are not counted if nothing is said with them. */
  private final AtomicLong uncounted;

  /** On which turns may be run, unlike on the one that looks at deadlines. */
  private volatile @Nullable Thread reader;

  /** Where it was when it ended: what it had said before may still wait for its turn. */
  private volatile List<Seat> last = List.of();

  Stay(
      Core core,
      Dialect dialect,
      Function<Guest, Interpreter> meeting,
      Connection connection,
      Participant stranger) {
    this.core = core;
    this.dialect = dialect;
    this.uncounted = new AtomicLong((long) COMMANDS_PER_ROOM * core.limits.roomsPerParticipant());
    this.connection = new Translated(connection, dialect);
    this.visit = new Visit(core, stranger, this.connection, this);
    this.interpreter = meeting.apply(this);
  }

  Visit visit() {
    return visit;
  }

  @Override
  public void text(String text) {
    came(visit.isTooBig(text), () -> interpreter.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    came(visit.isTooBig(bytes), () -> interpreter.binary(bytes));
  }

  private void came(boolean tooBig, Runnable what) {
    if (visit.heard(tooBig)) {
      reader = Thread.currentThread();
      safely(what);
      reader = null;
    }
    visit.participant().turns.run(); // it may have ended the visit
  }

  @Override
  public void pong() {
    visit.pong();
  }

  @Override
  public void closed(int code, String reason) {
    visit.closed(code, reason);
  }

  @Override
  public String id() {
    return visit.id();
  }

  @Override
  public Optional<Refusal> identify(String id, String name, Map<String, Object> attributes) {
    if (identified) {
      throw new IllegalStateException("connection " + id() + " is identified already");
    }
    Entry entry = Entry.of(id, "").named(name);
    for (Map.Entry<String, Object> one : attributes.entrySet()) {
      entry = entry.with(one.getKey(), one.getValue());
    }
    Optional<Refusal> malformed = Core.malformedIdentity(entry);
    if (malformed.isPresent()) {
      return malformed;
    }
    identified = true;
    return visit.become(entry) ? Optional.empty() : Optional.of(gone());
  }

  private static Refusal gone() {
    return new Refusal(410, Refusal.GONE, "the connection has ended");
  }

  @Override
  public Participant participant() {
    if (!identified) {
      throw new IllegalStateException("nobody knows yet who it is: identify it first");
    }
    return visit.participant();
  }

  @Override
  public void inTurns(List<Runnable> more) {
    Participant who = participant();
    if (more.isEmpty() || !visit.queue()) {
      return;
    }
    tasks.addAll(more);
    tasks.add(visit::unqueue);
    if (undone.getAndAdd(more.size() + 1) == 0) {
      who.turns.add(this::next);
    }
    if (Thread.currentThread() == reader) {
      who.turns.run();
    } else {
      visit.runTurns();
    }
  }

  /**
   * Called under the visit's lock, before its leaving is told. Of one that has hung up, what it had
   * said before is done ahead of that.
   */
  void ended(List<Seat> seats) {
    last = seats;
    if (undone.get() > 0 && !visit.isCut()) {
      visit.participant().turns.add(this::rest);
    }
  }

  private @Nullable Seat seatIn(String room) {
    Seat seat = visit.seatIn(room);
    return seat != null
        ? seat
        : last.stream().filter(one -> one.room.name().equals(room)).findFirst().orElse(null);
  }

  private void next() {
    // Not before: what this one has caused comes before the next one.
    if (undone.get() > 0 && one()) {
      visit.participant().turns.add(this::next);
    }
  }

  private void rest() {
    for (boolean more = undone.get() > 0; more; ) {
      more = one();
    }
  }

  /** Does one of those that are undone; whether there are more. */
  private boolean one() {
    Runnable task = tasks.poll();
    if (task != null && !visit.isCut()) {
      safely(task);
    }
    return undone.decrementAndGet() > 0;
  }

  void beat() {
    safely(interpreter::beat);
  }

  private void safely(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) {
      Core.LOG.log(Level.ERROR, () -> "a dialect failed for " + visit.participant(), failure);
      end(CloseStatus.FAILED);
    }
  }

  @Override
  public Optional<Refusal> pace(boolean says) {
    if (!says && uncounted.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Optional.empty();
    }
    long wait = visit.pace(core.engine.nanoTime());
    if (wait == Visit.OUT_OF_PATIENCE) {
      visit.runTurns();
      return Optional.of(gone());
    }
    return wait == 0 ? Optional.empty() : Optional.of(Visit.tooFast(wait));
  }

  @Override
  public Optional<Refusal> join(
      String room, Page missed, Role role, Appearance appearance, Welcome welcome) {
    Participant who = participant();
    Rooms.requirePresent(missed);
    String trouble = Rooms.trouble("room name", room);
    if (trouble != null) {
      return Optional.of(new Refusal(400, Refusal.ROOM_NAME, trouble));
    }
    Coming coming = new Coming(visit, missed, role, welcome, appearance);
    Optional<Refusal> refusal;
    try {
      refusal = core.rooms.enter(room, coming);
    } catch (RuntimeException failure) {
      Core.LOG.log(Level.ERROR, () -> "the backplane failed to open room " + room, failure);
      return Optional.of(new Refusal(500, Refusal.FAILED, "internal error"));
    } finally {
      who.turns.run();
    }
    return refusal.isPresent() || coming.hasArrived()
        ? refusal
        : Optional.of(new Refusal(409, Refusal.ALREADY_IN, "it is in room \"" + room + "\""));
  }

  @Override
  public boolean leave(String room) {
    Seat seat = visit.seatIn(room);
    if (seat == null) {
      return false;
    }
    seat.room.members.remove(seat, CloseStatus.NORMAL);
    visit.stand(seat);
    visit.participant().turns.run();
    return true;
  }

  @Override
  public boolean isIn(String room) {
    return visit.seatIn(room) != null;
  }

  @Override
  public Optional<Refusal> say(String room, Payload payload) {
    Seat seat = seatIn(room);
    if (seat == null) {
      return Optional.of(
          new Refusal(403, Refusal.NOT_A_MEMBER, "it is not in room \"" + room + "\""));
    }
    if (!visit.maySpeak(seat)) {
      return Optional.of(gone());
    }
    Optional<Refusal> objection = seat.room.objection(seat.member);
    if (objection.isEmpty()) {
      Message message = Message.said(seat.room, visit, payload, seat.appearance.badge());
      core.call(
          "onMessage",
          visit.participant(),
          seat.room,
          visit,
          handler -> handler.onMessage(seat.room, message));
    }
    return objection;
  }

  @Override
  public List<Presence> present(String room) {
    return core.rooms.get(room).map(found -> found.members.present()).orElse(List.of());
  }

  @Override
  public void joinFrames() {
    connection.join();
  }

  @Override
  public void send(Frame frame) {
    visit.send(frame);
  }

  @Override
  public Consumer<@Nullable Frame> hold() {
    Frame place = visit.outbox().hold();
    return frame -> {
      visit.outbox().release(place, frame);
      visit.outbox().wake();
    };
  }

  @Override
  public void end(CloseStatus status) {
    visit.end(status, Visit.Farewell.AFTER_FLUSH);
    visit.runTurns();
  }

  @Override
  public boolean isHere() {
    return !visit.isOver();
  }
}
