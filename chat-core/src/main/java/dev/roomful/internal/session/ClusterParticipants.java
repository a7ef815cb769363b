package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.SessionInfo;
import dev.roomful.admission.HistoryRange;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.RemoteParticipants;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.room.RoomSession;
import dev.roomful.internal.state.ParticipantEvent;
import dev.roomful.internal.state.ParticipantState.Change;
import dev.roomful.internal.state.Rejections;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The participants of all nodes: where their sessions are, and what is sent to them alone. */
public final class ClusterParticipants implements RemoteParticipants {
  /** How long a log remains open that nobody needs. */
  private static final Duration LINGER = Duration.ofSeconds(30);

  /** How long a message waits for the session of a member, which is on its way into the log. */
  private static final Duration SESSION_WAIT = Duration.ofMillis(500);

  private final RoomEnvironment environment;
  private final ClusterNode node;
  private final RoomRegistry rooms;
  private final ParticipantRegistry registry;

  /** Guarded by this. */
  private final Map<String, ParticipantLog> logs = new HashMap<>();

  private final ClusterResumption resumption;
  private final RemoteCalls calls;

  /**
   * Creates the participants of a node.
   *
   * @param node the node of the cluster that the chat is
   */
  public ClusterParticipants(
      RoomEnvironment environment,
      ClusterNode node,
      RoomRegistry rooms,
      ParticipantRegistry registry) {
    this.environment = environment;
    this.node = node;
    this.rooms = rooms;
    this.registry = registry;
    this.resumption = new ClusterResumption(this, environment);
    this.calls = new RemoteCalls(this, environment, node, registry);
  }

  /** Passes the log of a participant to an action that does not block; it is opened if needed. */
  private synchronized <T> T with(String id, Function<ParticipantLog, T> action) {
    ParticipantLog log =
        logs.computeIfAbsent(
            id,
            absent -> {
              ParticipantLog created =
                  new ParticipantLog(
                      id, node, this, environment.limits().resumeWindow().toMillis());
              created.start();
              return created;
            });
    log.usedAt = environment.scheduler().nanoTime();
    return action.apply(log);
  }

  private void append(String id, ParticipantEvent event) {
    with(
        id,
        log -> {
          log.append(event);
          return log;
        });
  }

  /** Closes logs that are not needed any more; called by the deadline timer. */
  synchronized void trim(long now) {
    logs.entrySet()
        .removeIf(
            entry -> {
              ParticipantLog log = entry.getValue();
              boolean unused =
                  now - log.usedAt > LINGER.toNanos()
                      && log.isIdle()
                      && registry.get(entry.getKey()).isEmpty();
              if (unused) {
                log.close();
              }
              return unused;
            });
  }

  /** {@return the calls of participants that are on other nodes} */
  RemoteCalls calls() {
    return calls;
  }

  /** {@return the sessions that continue those of other nodes} */
  public ClusterResumption resumption() {
    return resumption;
  }

  /** {@return the log of a participant, or null if the engine has not answered in time} */
  @Nullable ParticipantLog loaded(String id) {
    ParticipantLog log = with(id, found -> found);
    return log.awaitLoaded() ? log : null;
  }

  /** {@return what an event has changed, or null if the engine has not answered in time} */
  @Nullable Change await(CompletableFuture<@Nullable Change> change) {
    node.await(change);
    return change.getNow(null);
  }

  // Sessions of this node.

  /** A session of this node has begun. {@return completes when other nodes know it} */
  CompletableFuture<@Nullable Change> attached(Session session) {
    return with(session.participant().id(), log -> log.attach(attachedEvent(session)));
  }

  /** {@return the event that a session has begun, or is known again} */
  static ParticipantEvent attachedEvent(Session session) {
    String secret = session.resumeSecret();
    return ParticipantEvent.attached(
        session.id(),
        secret == null ? "" : hash(secret),
        session.participant().name(),
        session.primaryRoomName());
  }

  /** Waits until other nodes know a session; returns whether they do. */
  boolean awaitKnown(CompletableFuture<@Nullable Change> attached) {
    return attached.isDone() || node.await(attached);
  }

  /** A session of this node has ended. */
  void detached(Session session) {
    append(session.participant().id(), ParticipantEvent.detached(session.id()));
  }

  /** A session of this node has joined a room, or left it. */
  void subscriptionChanged(Session session, String room, boolean joined) {
    append(
        session.participant().id(),
        joined
            ? ParticipantEvent.subscribed(session.id(), room)
            : ParticipantEvent.unsubscribed(session.id(), room));
  }

  List<Session> sessionsHere(String id) {
    return registry.get(id).map(ClusterParticipants::sessionsOf).orElse(List.of());
  }

  private static List<Session> sessionsOf(LiveParticipant participant) {
    List<Session> sessions = new ArrayList<>();
    for (RoomSession session : participant.sessions()) {
      if (session instanceof Session own && !own.isTakenOver()) {
        sessions.add(own);
      }
    }
    return sessions;
  }

  /** {@return a digest of a secret, which itself is known to the client and its node only} */
  static String hash(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)),
              0,
              16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /**
   * Says in the logs of the participants that this node has ended. Whoever resumes on another node
   * does not wait for this one then, and what is sent to it meanwhile is kept.
   */
  public void close() {
    node.leave();
    if (!node.isConnected()) {
      return;
    }
    List<CompletableFuture<?>> ends = new ArrayList<>();
    synchronized (this) {
      for (ParticipantLog log : logs.values()) {
        if (log.isNodePresent(node.incarnation())) {
          ends.add(log.call(ParticipantEvent.nodeLost(node.incarnation())));
        }
      }
    }
    node.await(CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0])));
  }

  // What reaches a participant wherever it is.

  @Override
  public Outcome send(String id, Payload payload) {
    LiveParticipant live = registry.get(id).orElse(null);
    ParticipantLog log = with(id, found -> found);
    if (live != null && log.isHereOnly()) {
      return live.sendHere(payload);
    }
    log = loaded(id);
    if (log == null) {
      return Outcome.rejected(Rejections.unavailable());
    }
    // A session may be on its way into the log, or from there to this node.
    if (live == null && log.sessions().isEmpty() && member(id).isEmpty()) {
      return Rejections.gone();
    }
    Change change = await(log.call(ParticipantEvent.sent(payload)));
    if (change != null
        && !change.reached()
        && member(id).isPresent()
        && node.await(log.session(), SESSION_WAIT)) {
      change = await(log.call(ParticipantEvent.sent(payload)));
    }
    return change == null
        ? Outcome.rejected(Rejections.unavailable())
        : change.reached() ? Outcome.done() : Rejections.gone();
  }

  void sendHere(String id, Payload payload) {
    registry.get(id).ifPresent(participant -> participant.sendHere(payload));
  }

  @Override
  public Outcome disconnect(String id, CloseStatus status) {
    ParticipantLog log = loaded(id);
    if (log == null) {
      return Outcome.rejected(Rejections.unavailable());
    }
    Change change = await(log.call(ParticipantEvent.disconnected(status)));
    return change == null
        ? Outcome.rejected(Rejections.unavailable())
        : change.reached() ? Outcome.done() : Rejections.gone();
  }

  void disconnectHere(String id, ParticipantEvent event) {
    CloseStatus status = event.status();
    if (status != null) {
      registry
          .get(id)
          .ifPresent(
              participant ->
                  environment.callbacks().execute(() -> participant.disconnectHere(status)));
    }
  }

  /** {@return a participant of any node, if it has a session} */
  public Optional<Participant> find(String id) {
    Optional<LiveParticipant> live = registry.get(id);
    if (live.isPresent()) {
      return live.map(Function.identity());
    }
    Optional<Participant> member = member(id);
    if (member.isPresent()) {
      return member;
    }
    ParticipantLog log = loaded(id);
    return log == null
        ? Optional.empty()
        : log.sessions().stream()
            .findFirst()
            .map(session -> rooms.remoteParticipant(id, session.name()));
  }

  private Optional<Participant> member(String id) {
    return rooms.all().stream().flatMap(room -> room.member(id).stream()).findFirst();
  }

  /** {@return the sessions of a participant on all nodes, the oldest first} */
  public List<SessionInfo> sessions(String id) {
    ParticipantLog log = loaded(id);
    return log == null
        ? List.of()
        : log.sessions().stream()
            .map(
                session ->
                    new SessionInfo(
                        session.connectionId(),
                        session.node(),
                        Instant.ofEpochMilli(session.since()),
                        session.rooms()))
            .toList();
  }

  @Override
  public int connections(String id) {
    int most = 0;
    for (LiveRoom room : rooms.all()) {
      most = Math.max(most, room.connections(id));
    }
    return most;
  }

  @Override
  public Set<Room> rooms(String id) {
    Set<Room> found = new LinkedHashSet<>();
    for (LiveRoom room : rooms.all()) {
      if (room.connections(id) > 0) {
        found.add(room);
      }
    }
    return found;
  }

  @Override
  public Outcome rename(String id, String name) {
    ParticipantLog log = loaded(id);
    boolean connected =
        log != null && log.sessions().stream().anyMatch(session -> !session.isOrphan());
    // Its node has its rooms open. Of a participant that may resume, this node knows some rooms.
    return connected ? calls.call(id, RemoteCalls.RENAME, name) : rooms.rename(id, name);
  }

  @Override
  public void update(String id, String key, @Nullable Object value) {
    rooms.all().forEach(room -> room.membership.updateRemote(id, key, value));
  }

  @Override
  public Outcome join(String id, String room, HistoryRange replay) {
    return calls.call(id, RemoteCalls.JOIN, room);
  }

  @Override
  public Outcome leave(String id, String room) {
    return calls.call(id, RemoteCalls.LEAVE, room);
  }
}
