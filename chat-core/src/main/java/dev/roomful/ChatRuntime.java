package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import dev.roomful.transport.Scheduler;
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
final class ChatRuntime implements Gateway, ProtocolGateway {
  static final System.Logger LOG = System.getLogger("dev.roomful");

  /** What tells the ids of its connections from those of other chats. */
  final String name;

  final Scheduler scheduler;
  final Limits limits;
  final WriteLoops writeLoops;
  final ParticipantRegistry participants = new ParticipantRegistry();
  final RoomRegistry rooms;
  final Sessions sessions;
  final Sanctions bans;
  final Sanctions mutes;
  final LogEngine logEngine;
  final Chat chat = new Chat(this);
  private final RoomHandler handler;
  private final Authenticator authenticator;
  private final OriginCheck origins;
  private final boolean mayBlock;
  private final SecureRandom random = new SecureRandom();

  ChatRuntime(
      RoomHandler handler,
      Authenticator authenticator,
      OriginCheck origins,
      boolean mayBlock,
      Limits limits,
      Scheduler scheduler,
      LogEngine logEngine,
      @Nullable RoomOptions defaults,
      Map<String, RoomOptions> declared) {
    byte[] bits = new byte[8];
    random.nextBytes(bits);
    this.name = HexFormat.of().formatHex(bits);
    this.handler = handler;
    this.authenticator = authenticator;
    this.origins = origins;
    this.mayBlock = mayBlock;
    this.limits = limits;
    this.scheduler = scheduler;
    this.logEngine = logEngine;
    this.writeLoops = new WriteLoops(scheduler.writeExecutors());
    this.rooms = new RoomRegistry(this, defaults, declared);
    this.sessions = new Sessions(this);
    this.bans = new Sanctions(Rejection.BANNED, scheduler::nanoTime);
    this.mutes = new Sanctions(Rejection.MUTED, scheduler::nanoTime);
  }

  @Override
  public Admission admit(Handshake handshake) {
    return checkAdmission(handshake)
        .map(Admission.class::cast)
        .orElseGet(
            () ->
                authenticate(
                    handshake,
                    accepted -> validate(accepted).or(() -> rooms.checkAdmission(accepted))));
  }

  @Override
  public Optional<Rejection> checkAdmission(Handshake handshake) {
    return sessions.checkAdmission().or(() -> origins.check(handshake));
  }

  @Override
  public Admission authenticate(Handshake handshake) {
    return authenticate(handshake, ChatRuntime::validate);
  }

  private Admission authenticate(
      Handshake handshake, Function<AcceptedAdmission, Optional<Rejection>> check) {
    try {
      Admission admission =
          Objects.requireNonNull(authenticator.authenticate(handshake), "the doorman's decision");
      return admission instanceof AcceptedAdmission accepted
          ? check.apply(accepted).map(Admission.class::cast).orElse(accepted)
          : admission;
    } catch (Throwable failure) {
      LOG.log(
          Level.ERROR,
          "the doorman failed, or the likeness of names; the handshake is refused",
          failure);
      return new Rejection(500, Rejection.FAILED, "internal error");
    }
  }

  @Override
  public Receiver open(AcceptedAdmission admission, Connection connection) {
    Identifiers.requireRoomName(admission.room());
    RoomRegistry.validateDisplayName(admission.name())
        .ifPresent(
            rejection -> {
              throw new IllegalArgumentException(rejection.reason());
            });
    Session session =
        participants.attach(
            rooms, admission, participant -> new Session(this, admission, participant, connection));
    CloseStatus rejectionStatus = sessions.add(session);
    if (rejectionStatus == null) {
      session.participant().applyName(admission);
      rejectionStatus = join(admission, session);
    }
    if (rejectionStatus == null) {
      session.takeOver(admission);
    } else {
      participants.cancelResume(session);
      session.close(rejectionStatus, Session.CloseMode.AFTER_FLUSH);
    }
    session.participant().callbacks.run();
    session.opened();
    return session;
  }

  @Override
  public Receiver open(
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection) {
    Participant unidentified =
        new Participant(rooms, AcceptedAdmission.of("?", ""), new SerialQueue());
    ProtocolEndpoint endpoint =
        new ProtocolEndpoint(this, protocol, handlerFactory, connection, unidentified);
    CloseStatus rejectionStatus = sessions.add(endpoint.session());
    if (rejectionStatus != null) {
      endpoint.close(rejectionStatus);
    }
    endpoint.session().opened();
    return endpoint;
  }

  @Override
  public Duration monotonicTime() {
    return Duration.ofNanos(scheduler.nanoTime());
  }

  private @Nullable CloseStatus join(AcceptedAdmission admission, Session session) {
    try {
      return rooms
          .join(admission.room(), new JoinAttempt(session, admission.replay(), admission.role()))
          .map(ChatRuntime::closeStatusFor)
          .orElse(null);
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, () -> "the backplane failed to open room " + admission.room(), failure);
      return CloseStatus.FAILED;
    }
  }

  /** How a connection is closed that was let in, and could not come in any more. */
  private static CloseStatus closeStatusFor(Rejection rejection) {
    return rejection.code().equals(Rejection.BANNED)
        ? CloseStatus.BANNED.withReason(rejection.reason())
        : CloseStatus.FULL.withReason(rejection.code());
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
  @Nullable String newResumeSecret() {
    if (!sessions.isResumeEnabled()) {
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

  @Nullable Frame noticeFrame(@Nullable Payload notice) {
    return notice == null ? null : frameFor(notice, Overflow.DISCONNECT);
  }

  /** Runs a callback of the application; if it fails, the connection that it was about pays. */
  void call(
      String callback,
      Participant participant,
      Room room,
      @Nullable Session session,
      Consumer<RoomHandler> call) {
    try {
      call.accept(handler);
    } catch (Throwable failure) {
      LOG.log(
          Level.ERROR,
          () -> callback + " failed for participant " + participant + " in " + room,
          failure);
      if (session != null) {
        session.close(CloseStatus.FAILED, Session.CloseMode.AFTER_FLUSH);
      }
    }
  }

  private static Optional<Rejection> validate(AcceptedAdmission admission) {
    String roomError = Identifiers.errorIn("room name", admission.room());
    if (roomError != null) {
      return Optional.of(new Rejection(400, Rejection.ROOM_NAME, roomError));
    }
    return validateIdentity(admission);
  }

  static Optional<Rejection> validateIdentity(AcceptedAdmission admission) {
    return Optional.ofNullable(Identifiers.errorIn("participant's id", admission.id()))
        .map(idError -> new Rejection(400, Rejection.PARTICIPANT_ID, idError))
        .or(() -> RoomRegistry.validateDisplayName(admission.name()));
  }
}
