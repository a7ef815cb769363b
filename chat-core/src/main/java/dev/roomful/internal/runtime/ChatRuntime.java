package dev.roomful.internal.runtime;

import dev.roomful.Chat;
import dev.roomful.ChatHealth;
import dev.roomful.ChatObserver;
import dev.roomful.ChatObserver.Attempt;
import dev.roomful.ChatSnapshot;
import dev.roomful.ChatStats;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.SessionInfo;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.delivery.PayloadEncoder;
import dev.roomful.internal.delivery.RetryingExecutor;
import dev.roomful.internal.delivery.SerialQueue;
import dev.roomful.internal.delivery.WriteLoops;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.internal.room.HandlerCalls;
import dev.roomful.internal.room.JoinAttempt;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.room.SessionCloseMode;
import dev.roomful.internal.session.ClusterParticipants;
import dev.roomful.internal.session.OriginCheck;
import dev.roomful.internal.session.ParticipantRegistry;
import dev.roomful.internal.session.ProtocolEndpoint;
import dev.roomful.internal.session.Session;
import dev.roomful.internal.session.Sessions;
import dev.roomful.internal.session.TextEndpoint;
import dev.roomful.internal.session.TextHeartbeat;
import dev.roomful.internal.session.UnidentifiedConnection;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Wires the parts of one chat, and lets connections in. */
public final class ChatRuntime implements Gateway, ProtocolGateway {
  private static final int MAX_SNAPSHOT = 10_000;

  /** The attribute of an admission that stands for one that the first message decides. */
  private static final String DEFERRED = DeferredAdmission.class.getName();

  final RoomEnvironment environment;
  public final ParticipantRegistry participants = new ParticipantRegistry();
  public final RoomRegistry rooms;
  public final Sessions sessions;
  final Chat chat = new LocalChat(this);
  private final @Nullable ClusterParticipants clusterParticipants;
  private final Authenticator authenticator;
  private final OriginCheck origins;
  private final boolean mayBlock;

  ChatRuntime(
      RoomHandler handler,
      Authenticator authenticator,
      OriginCheck origins,
      boolean mayBlock,
      Limits limits,
      Scheduler scheduler,
      @Nullable RoomOptions defaults,
      Map<String, RoomOptions> declared,
      Chat.OnFailure onMessageFailure,
      @Nullable TextHeartbeat heartbeat,
      @Nullable ClusterEngine engine,
      List<ChatObserver> observers) {
    ChatEvents events = new ChatEvents(observers, scheduler::nanoTime);
    this.authenticator = authenticator;
    this.origins = origins;
    this.mayBlock = mayBlock;
    this.environment =
        new RoomEnvironment(
            chat,
            limits,
            scheduler,
            new WriteLoops(scheduler.writeExecutors()),
            new RetryingExecutor(scheduler::callbackExecutor),
            new PayloadEncoder(limits.outboxBytes()),
            new HandlerCalls(handler, onMessageFailure, events),
            events,
            engine == null ? null : new ClusterNode(engine, scheduler),
            this::remote);
    this.rooms =
        new RoomRegistry(
            environment, defaults, declared, participants::get, participants::removeLater);
    this.sessions = new Sessions(environment, rooms, participants, heartbeat);
    ClusterNode cluster = environment.cluster();
    this.clusterParticipants =
        cluster == null ? null : new ClusterParticipants(environment, cluster, rooms, participants);
    if (cluster != null && clusterParticipants != null) {
      sessions.join(clusterParticipants);
      SettingsLog.open(cluster, defaults, declared);
    }
  }

  /** Finds a participant, in a cluster on any node. */
  Optional<Participant> participant(String id) {
    return clusterParticipants == null
        ? participants.get(id).map(participant -> participant)
        : clusterParticipants.find(id);
  }

  ChatHealth health() {
    ClusterNode cluster = environment.cluster();
    return cluster == null
        ? new ChatHealth(null, 0)
        : new ChatHealth(cluster.staleSince().orElse(null), cluster.waiting());
  }

  Outcome revoke(String id) {
    return clusterParticipants == null
        ? participants
            .get(id)
            .map(participant -> participant.disconnect(CloseStatus.REVOKED))
            .orElse(Rejections.gone())
        : clusterParticipants.disconnect(id, CloseStatus.REVOKED);
  }

  List<SessionInfo> sessions(String id) {
    return clusterParticipants == null
        ? participants.get(id).map(sessions::of).orElse(List.of())
        : clusterParticipants.sessions(id);
  }

  private ClusterParticipants remote() {
    return Objects.requireNonNull(clusterParticipants, "participants of the cluster");
  }

  /** Connects to the cluster, if there is one, opens permanent rooms, and starts the timer. */
  void start() {
    ClusterNode cluster = environment.cluster();
    if (cluster != null) {
      try {
        cluster.start();
      } catch (Throwable failure) {
        cluster.close();
        environment.scheduler().stop();
        throw failure;
      }
    }
    rooms.openPermanent();
    sessions.start();
    try {
      environment.events().started(chat);
    } catch (Throwable failure) {
      chat.close();
      throw failure;
    }
  }

  ChatStats stats() {
    return ChatFigures.of(
        environment, rooms, sessions, participants, health(), environment.scheduler().nanoTime());
  }

  ChatSnapshot snapshot(int limit) {
    if (limit < 1 || limit > MAX_SNAPSHOT) {
      throw new IllegalArgumentException(
          "the limit of a snapshot is " + limit + ": give 1 to " + MAX_SNAPSHOT);
    }
    return new ChatSnapshot(
        Instant.ofEpochMilli(environment.scheduler().currentTimeMillis()),
        rooms.largest(limit),
        rooms.size(),
        sessions.fullest(limit),
        sessions.size() + sessions.suspendedSize());
  }

  /** Whether the caller is inside a callback of this chat. */
  boolean isInCallback() {
    return participants.isInCallback();
  }

  /** Closes all sessions, and leaves the cluster. */
  void close() {
    sessions.close();
    if (clusterParticipants != null) {
      clusterParticipants.close();
    }
    if (environment.cluster() != null) {
      environment.cluster().close();
    }
    environment.scheduler().stop();
    environment.events().closed(chat);
  }

  @Override
  public Chat chat() {
    return chat;
  }

  @Override
  public Admission admit(Handshake handshake) {
    Admission admission =
        rejectionBeforeAuthentication(handshake)
            .map(Admission.class::cast)
            .orElseGet(() -> decide(() -> authenticator.authenticate(handshake), this::checkJoin));
    return admission instanceof DeferredAdmission
        ? nobody().withAttribute(DEFERRED, admission)
        : report(admission);
  }

  /** Stands for who is not known yet, or will never be. */
  private static AcceptedAdmission nobody() {
    return AcceptedAdmission.of("?", "?");
  }

  private Admission report(Admission admission) {
    if (admission instanceof Rejection rejection) {
      environment.events().rejected(Attempt.HANDSHAKE, rejection);
    }
    return admission;
  }

  @Override
  public Optional<Rejection> checkAdmission(Handshake handshake) {
    Optional<Rejection> rejection = rejectionBeforeAuthentication(handshake);
    rejection.ifPresent(this::report);
    return rejection;
  }

  private Optional<Rejection> rejectionBeforeAuthentication(Handshake handshake) {
    return sessions.checkAdmission(handshake.remoteAddress()).or(() -> origins.check(handshake));
  }

  @Override
  public Admission authenticate(Handshake handshake) {
    return report(decide(() -> decided(authenticator.authenticate(handshake)), this::check));
  }

  private static Admission decided(Admission admission) {
    if (admission instanceof DeferredAdmission) {
      throw new IllegalStateException(
          "only the handshake of a plain text connection can be left to its first message:"
              + " return an AcceptedAdmission or a Rejection");
    }
    return admission;
  }

  private Admission decide(
      Supplier<Admission> decision, Function<AcceptedAdmission, Optional<Rejection>> check) {
    try {
      Admission admission = Objects.requireNonNull(decision.get(), "the authenticator's admission");
      return admission instanceof AcceptedAdmission accepted
          ? check.apply(accepted).map(Admission.class::cast).orElse(accepted)
          : admission;
    } catch (Throwable failure) {
      LogEvent.AUTHENTICATOR_FAILED.logFailure(
          () -> "Authenticator or name comparison threw an exception; rejecting handshake with 500",
          failure);
      return Rejections.internalError();
    }
  }

  private Optional<Rejection> checkJoin(AcceptedAdmission admission) {
    return check(admission).or(() -> rooms.checkAdmission(admission));
  }

  private Optional<Rejection> check(AcceptedAdmission admission) {
    return validate(admission).or(() -> sessions.checkCredential(admission));
  }

  private static Optional<Rejection> validate(AcceptedAdmission admission) {
    return Rejections.invalidRoomName(admission.room())
        .or(() -> Rejections.invalidIdentity(admission));
  }

  @Override
  public Receiver open(AcceptedAdmission admission, Connection connection) {
    return admission.attributes().get(DEFERRED) instanceof DeferredAdmission deferred
        ? sessions.awaitFirstMessage(new FirstMessage(deferred, connection))
        : openSession(admission, connection);
  }

  /** Opens a connection when its first message has come. */
  private final class FirstMessage implements UnidentifiedConnection.Decision {
    private final DeferredAdmission deferred;
    private final Connection connection;

    FirstMessage(DeferredAdmission deferred, Connection connection) {
      this.deferred = deferred;
      this.connection = connection;
    }

    @Override
    public Receiver identify(String text) {
      Admission admission =
          report(decide(() -> decided(deferred.decide(text)), ChatRuntime.this::checkJoin));
      return admission instanceof AcceptedAdmission accepted
          ? openSession(accepted, connection)
          : reject(closeStatusForFirstMessage((Rejection) admission));
    }

    @Override
    public Receiver reject(CloseStatus status) {
      Session session = new Session(sessions, nobody(), unattached(nobody()), connection);
      sessions.add(session);
      session.close(status, SessionCloseMode.AFTER_FLUSH);
      session.runCallbacks();
      session.opened();
      return new TextEndpoint(session, sessions);
    }
  }

  private Receiver openSession(AcceptedAdmission admission, Connection connection) {
    Identifiers.requireRoomName(admission.room());
    Rejections.invalidDisplayName(admission.name())
        .ifPresent(
            rejection -> {
              throw new IllegalArgumentException(rejection.reason());
            });
    Session attached =
        participants.attach(
            rooms,
            admission,
            participant -> new Session(sessions, admission, participant, connection));
    Session session =
        attached != null
            ? attached
            : new Session(sessions, admission, unattached(admission), connection);
    CloseStatus added = sessions.add(session);
    CloseStatus rejectionStatus = attached == null ? ParticipantRegistry.STILL_LEAVING : added;
    if (environment.cluster() == null) {
      complete(session, admission, rejectionStatus);
      session.participant().callbacks.run();
      session.opened();
    } else {
      // Joining waits for the log, and the caller may be a thread that reads many connections.
      session
          .participant()
          .callbacks
          .add(
              () -> {
                complete(session, admission, rejectionStatus);
                session.opened();
              });
      session.runCallbacks();
    }
    return new TextEndpoint(session, sessions);
  }

  /** Joins the room of the admission, or closes the session. */
  private void complete(
      Session session, AcceptedAdmission admission, @Nullable CloseStatus earlierRejection) {
    CloseStatus rejectionStatus = earlierRejection;
    if (rejectionStatus == null) {
      rejectionStatus = checkConnections(session);
    }
    Optional<Set<String>> roomsOfEarlier = Optional.empty();
    if (rejectionStatus == null && clusterParticipants != null) {
      if (!session.isResumption()) {
        roomsOfEarlier = clusterParticipants.resumption().resume(session, admission);
      }
      if (roomsOfEarlier.isEmpty()) {
        session.attachToCluster();
      }
    }
    if (rejectionStatus == null) {
      session.participant().applyName(admission);
      rejectionStatus = join(admission, session);
    }
    if (rejectionStatus == null && roomsOfEarlier.isPresent()) {
      takeOver(session, admission, roomsOfEarlier.get());
    } else if (rejectionStatus == null) {
      session.takeOver(admission);
    } else {
      session.cancelResume();
      session.close(rejectionStatus, SessionCloseMode.AFTER_FLUSH);
    }
  }

  /** Continues where a session of another node has ended. */
  private void takeOver(Session session, AcceptedAdmission admission, Set<String> roomsOfEarlier) {
    for (String name : roomsOfEarlier) {
      if (!name.equals(admission.room())) {
        rooms.join(name, JoinAttempt.resuming(session, admission.replay(name)));
      }
    }
    session.completeTakeOver(remote().resumption().awaitHandover(session));
  }

  private @Nullable CloseStatus join(AcceptedAdmission admission, Session session) {
    Optional<Rejection> rejection =
        rooms
            .join(admission.room(), new JoinAttempt(session, admission.replay(), admission.role()))
            .rejection();
    rejection.ifPresent(reason -> environment.events().rejected(Attempt.JOIN, reason));
    return rejection.map(ChatRuntime::closeStatusFor).orElse(null);
  }

  private @Nullable CloseStatus checkConnections(Session session) {
    return session.participant().connections() > limits().connectionsPerParticipant()
            && !session.isResumption()
        ? CloseStatus.FULL.withReason(Rejection.TOO_MANY_CONNECTIONS)
        : null;
  }

  /** A participant whom nobody else can find, for a session that is not or not yet one of its. */
  private LiveParticipant unattached(AcceptedAdmission admission) {
    return new LiveParticipant(rooms, admission, new SerialQueue(), rooms.newMessageRates());
  }

  /** {@return how a connection is closed that was admitted and can no longer join} */
  private static CloseStatus closeStatusFor(Rejection rejection) {
    if (rejection.code().equals(Rejection.CLOSING)) {
      return CloseStatus.RESTART;
    }
    return rejection.code().equals(Rejection.BANNED)
        ? CloseStatus.BANNED.withReason(rejection.reason())
        : CloseStatus.FULL.withReason(rejection.code());
  }

  private static CloseStatus closeStatusForFirstMessage(Rejection rejection) {
    return switch (rejection.code()) {
      case Rejection.BANNED, Rejection.CLOSING -> closeStatusFor(rejection);
      case Rejection.EXPIRED -> CloseStatus.EXPIRED;
      case Rejection.REVOKED -> CloseStatus.REVOKED;
      case Rejection.FAILED -> CloseStatus.FAILED;
      default -> {
        boolean temporary = rejection.status() == 429 || rejection.status() == 503;
        int code = (temporary ? CloseStatus.FULL : CloseStatus.NOT_ADMITTED).code();
        yield CloseStatus.truncated(code, rejection.code());
      }
    };
  }

  @Override
  public Receiver open(
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection) {
    ProtocolEndpoint endpoint =
        new ProtocolEndpoint(sessions, protocol, handlerFactory, connection, unattached(nobody()));
    CloseStatus rejectionStatus = sessions.add(endpoint.session());
    if (rejectionStatus != null) {
      endpoint.close(rejectionStatus);
    }
    endpoint.session().opened();
    return endpoint;
  }

  @Override
  public Duration monotonicTime() {
    return Duration.ofNanos(environment.scheduler().nanoTime());
  }

  @Override
  public Executor callbackExecutor() {
    return environment.scheduler().callbackExecutor();
  }

  @Override
  public boolean mayBlock() {
    return mayBlock;
  }

  @Override
  public Limits limits() {
    return environment.limits();
  }
}
