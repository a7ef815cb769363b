package dev.roomful.internal.runtime;

import dev.roomful.Chat;
import dev.roomful.ChatHealth;
import dev.roomful.ChatObserver;
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
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.delivery.PayloadEncoder;
import dev.roomful.internal.delivery.RetryingExecutor;
import dev.roomful.internal.delivery.WriteLoops;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.internal.room.HandlerCalls;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.session.ClusterParticipants;
import dev.roomful.internal.session.OriginCheck;
import dev.roomful.internal.session.ParticipantRegistry;
import dev.roomful.internal.session.ProtocolEndpoint;
import dev.roomful.internal.session.Sessions;
import dev.roomful.internal.session.TextHeartbeat;
import dev.roomful.internal.state.Rejections;
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
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Wires the parts of one chat, and lets connections in. */
public final class ChatRuntime implements Gateway, ProtocolGateway {
  private static final int MAX_SNAPSHOT = 10_000;

  final RoomEnvironment environment;
  public final ParticipantRegistry participants = new ParticipantRegistry();
  public final RoomRegistry rooms;
  public final Sessions sessions;
  final Chat chat = new LocalChat(this);
  private final @Nullable ClusterParticipants clusterParticipants;
  private final HandshakeAdmission admissions;
  private final TextConnections textConnections;
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
    this.admissions = new HandshakeAdmission(authenticator, origins, sessions, rooms, events);
    this.textConnections =
        new TextConnections(
            environment, rooms, participants, sessions, admissions, clusterParticipants);
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
    try {
      sessions.start(); // may find that no thread can be started
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
    return admissions.admit(handshake);
  }

  @Override
  public Optional<Rejection> checkAdmission(Handshake handshake) {
    return admissions.checkAdmission(handshake);
  }

  @Override
  public Admission authenticate(Handshake handshake) {
    return admissions.authenticate(handshake);
  }

  @Override
  public Receiver open(AcceptedAdmission admission, Connection connection) {
    return textConnections.open(admission, connection);
  }

  @Override
  public Receiver open(
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection) {
    ProtocolEndpoint endpoint =
        new ProtocolEndpoint(
            sessions,
            protocol,
            handlerFactory,
            connection,
            textConnections.unattached(HandshakeAdmission.nobody()));
    try {
      CloseStatus rejectionStatus = sessions.add(endpoint.session());
      if (rejectionStatus != null) {
        endpoint.close(rejectionStatus);
      }
    } catch (Throwable failure) {
      endpoint.session().abort(CloseStatus.FAILED); // such as for want of memory
      throw failure;
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
  public void beginRead() {
    environment.writeLoops().beginRead();
  }

  @Override
  public void endRead() {
    environment.writeLoops().endRead();
  }

  @Override
  public Limits limits() {
    return environment.limits();
  }
}
