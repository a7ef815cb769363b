package dev.roomful;

import dev.roomful.dialect.Dialect;
import dev.roomful.dialect.Foyer;
import dev.roomful.dialect.Guest;
import dev.roomful.dialect.Interpreter;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Engine;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts of one chat, and its door. */
final class Core implements Gateway, Foyer {
  static final System.Logger LOG = System.getLogger("dev.roomful");

  /** What tells the ids of its connections from those of other chats. */
  final String name;

  final Engine engine;
  final Limits limits;
  final Lanes lanes;
  final Participants participants = new Participants();
  final Rooms rooms;
  final Visits visits;
  final Sanctions bans;
  final Sanctions mutes;
  final Backplane backplane;
  final Chat chat = new Chat(this);
  private final RoomHandler handler;
  private final Doorman doorman;
  private final Origins origins;
  private final boolean mayBlock;
  private final SecureRandom random = new SecureRandom();

  Core(
      RoomHandler handler,
      Doorman doorman,
      Origins origins,
      boolean mayBlock,
      Limits limits,
      Engine engine,
      Backplane backplane,
      @Nullable RoomOptions defaults,
      Map<String, RoomOptions> declared) {
    byte[] bits = new byte[8];
    random.nextBytes(bits);
    this.name = HexFormat.of().formatHex(bits);
    this.handler = handler;
    this.doorman = doorman;
    this.origins = origins;
    this.mayBlock = mayBlock;
    this.limits = limits;
    this.engine = engine;
    this.backplane = backplane;
    this.lanes = new Lanes(engine.lanes());
    this.rooms = new Rooms(this, defaults, declared);
    this.visits = new Visits(this);
    this.bans = new Sanctions(Refusal.BANNED, engine::nanoTime);
    this.mutes = new Sanctions(Refusal.MUTED, engine::nanoTime);
  }

  @Override
  public Admission admit(Handshake handshake) {
    return obstacle(handshake)
        .map(Admission.class::cast)
        .orElseGet(
            () -> asked(handshake, entry -> malformed(entry).or(() -> rooms.obstacle(entry))));
  }

  @Override
  public Optional<Refusal> obstacle(Handshake handshake) {
    return visits.obstacle().or(() -> origins.check(handshake));
  }

  @Override
  public Admission ask(Handshake handshake) {
    return asked(handshake, Core::malformed);
  }

  private Admission asked(Handshake handshake, Function<Entry, Optional<Refusal>> objection) {
    try {
      Admission admission =
          Objects.requireNonNull(doorman.admit(handshake), "the doorman's decision");
      return admission instanceof Entry entry
          ? objection.apply(entry).map(Admission.class::cast).orElse(entry)
          : admission;
    } catch (Throwable failure) {
      LOG.log(
          Level.ERROR,
          "the doorman failed, or the likeness of names; the handshake is refused",
          failure);
      return new Refusal(500, Refusal.FAILED, "internal error");
    }
  }

  @Override
  public Receiver open(Entry entry, Connection connection) {
    Rooms.requireName(entry.room());
    Rooms.malformed(entry.name())
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException(refusal.reason());
            });
    Visit visit = participants.attach(rooms, entry, who -> new Visit(this, entry, who, connection));
    CloseStatus refused = visits.add(visit);
    if (refused == null) {
      refused = enter(entry, visit);
    }
    if (refused == null) {
      visit.succeed(entry);
    } else {
      participants.withdraw(visit);
      visit.end(refused, Visit.Farewell.AFTER_FLUSH);
    }
    visit.participant().turns.run();
    visit.opened();
    return visit;
  }

  @Override
  public Receiver open(
      Dialect dialect, Function<Guest, Interpreter> meeting, Connection connection) {
    Participant stranger = new Participant(rooms, Entry.of("?", ""), new Turns());
    Stay stay = new Stay(this, dialect, meeting, connection, stranger);
    CloseStatus refused = visits.add(stay.visit());
    if (refused != null) {
      stay.end(refused);
    }
    stay.visit().opened();
    return stay;
  }

  @Override
  public Duration clock() {
    return Duration.ofNanos(engine.nanoTime());
  }

  private @Nullable CloseStatus enter(Entry entry, Visit visit) {
    try {
      return rooms
          .enter(entry.room(), new Coming(visit, entry.replay(), entry.role()))
          .map(Core::status)
          .orElse(null);
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, () -> "the backplane failed to open room " + entry.room(), failure);
      return CloseStatus.FAILED;
    }
  }

  /** How a connection is closed that was let in, and could not come in any more. */
  private static CloseStatus status(Refusal refusal) {
    return refusal.code().equals(Refusal.BANNED)
        ? CloseStatus.BANNED.because(refusal.reason())
        : CloseStatus.FULL.because(refusal.code());
  }

  @Override
  public boolean mayBlock() {
    return mayBlock;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  /** What a client resumes with, if places are kept: nobody can guess its 128 bits. */
  @Nullable String newSecret() {
    if (!visits.keepsPlaces()) {
      return null;
    }
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** The frame for a broadcast, shared by all who hear it. */
  Frame frameFor(Payload payload, Overflow overflow) {
    Frame frame = payload.frame();
    if (frame.size() > limits.outboxBytes() / 2) {
      throw new IllegalArgumentException(
          "a message of "
              + frame.size()
              + " bytes is more than half an outbox: send less, or raise Limits.outboxBytes, now "
              + limits.outboxBytes());
    }
    return overflow == Overflow.DISCONNECT ? frame : frame.asExpendable();
  }

  @Nullable Frame noticeOf(@Nullable Payload notice) {
    return notice == null ? null : frameFor(notice, Overflow.DISCONNECT);
  }

  /** Runs a callback of the application; if it fails, the connection that it was about pays. */
  void call(
      String callback,
      Participant participant,
      Room room,
      @Nullable Visit visit,
      Consumer<RoomHandler> call) {
    try {
      call.accept(handler);
    } catch (Throwable failure) {
      LOG.log(
          Level.ERROR,
          () -> callback + " failed for participant " + participant + " in " + room,
          failure);
      if (visit != null) {
        visit.end(CloseStatus.FAILED, Visit.Farewell.AFTER_FLUSH);
      }
    }
  }

  private static Optional<Refusal> malformed(Entry entry) {
    String room = Rooms.trouble("room name", entry.room());
    if (room != null) {
      return Optional.of(new Refusal(400, Refusal.ROOM_NAME, room));
    }
    return malformedIdentity(entry);
  }

  static Optional<Refusal> malformedIdentity(Entry entry) {
    return Optional.ofNullable(Rooms.trouble("participant's id", entry.id()))
        .map(id -> new Refusal(400, Refusal.PARTICIPANT_ID, id))
        .or(() -> Rooms.malformed(entry.name()));
  }
}
