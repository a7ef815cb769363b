package dev.roomful.internal.session;

import static java.util.Comparator.comparingLong;
import static java.util.Comparator.reverseOrder;

import dev.roomful.ChatSnapshot.SessionEntry;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Outcome;
import dev.roomful.Revocation;
import dev.roomful.SessionInfo;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.room.RoomSession;
import dev.roomful.internal.room.SessionCloseMode;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RevocationState;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Receiver;
import dev.roomful.transport.Scheduler;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a chat, from open until their connections are closed, and the timer of their
 * deadlines.
 */
public final class Sessions {
  private static final Duration MAX_TICK = Duration.ofMillis(500);

  /** How often a node of a cluster looks for entries that are missing. */
  private static final Duration CLUSTER_TICK = Duration.ofMillis(100);

  /** For how long a connection may be silent whose first message decides who it is. */
  private static final Duration FIRST_MESSAGE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  /** HTTP counts {@code Retry-After} in whole seconds (RFC 9110 section 10.2.3). */
  private static final Duration MIN_RETRY_AFTER = Duration.ofSeconds(1);

  final RoomEnvironment environment;
  final RoomRegistry rooms;
  final ParticipantRegistry participants;

  /** Distinguishes the connection ids of this chat from those of other chats. */
  private final String name;

  private final Limits limits;
  private final Scheduler scheduler;
  private final SecureRandom random = new SecureRandom();
  private final Set<Session> connected = ConcurrentHashMap.newKeySet();

  /** Connections whose first message has not come. */
  private final Set<UnidentifiedConnection> unidentified = ConcurrentHashMap.newKeySet();

  private final AtomicInteger count = new AtomicInteger();
  private final AddressCounts addresses;
  private final AtomicLong numbers = new AtomicLong();

  /** The suspended sessions, oldest first: their participants leave in this order at the end. */
  private final Set<Session> suspended =
      new ConcurrentSkipListSet<>(comparingLong(session -> session.number));

  private final @Nullable TextHeartbeat heartbeat;
  private @Nullable ClusterParticipants clusterParticipants;

  /** What connections and handshakes are compared with. */
  final RevocationState revocations = new RevocationState();

  private @Nullable RevocationLog revocationLog;
  private volatile boolean closing;

  /** Set once, when the sessions are to end one after the other. */
  private final AtomicReference<@Nullable Drain> drain = new AtomicReference<>();

  /**
   * Creates the sessions of a chat.
   *
   * @param heartbeat what plain text clients receive regularly, or null
   */
  public Sessions(
      RoomEnvironment environment,
      RoomRegistry rooms,
      ParticipantRegistry participants,
      @Nullable TextHeartbeat heartbeat) {
    this.environment = environment;
    this.heartbeat = heartbeat;
    this.rooms = rooms;
    this.participants = participants;
    this.limits = environment.limits();
    this.scheduler = environment.scheduler();
    this.addresses = new AddressCounts(limits.connectionsPerAddress());
    byte[] bits = new byte[8];
    random.nextBytes(bits);
    this.name = HexFormat.of().formatHex(bits);
  }

  /** Sets who knows the sessions of other nodes; called before the first session. */
  public void join(ClusterParticipants participantsOfAllNodes) {
    clusterParticipants = participantsOfAllNodes;
    ClusterNode cluster = environment.cluster();
    if (cluster != null) {
      revocationLog = new RevocationLog(cluster, revocations, this);
      revocationLog.start();
    }
  }

  /** Revokes credentials, here at once and then on all nodes. */
  public Outcome revoke(Revocation revocation) {
    long now = scheduler.currentTimeMillis();
    RevocationState.Entry entry = RevocationState.entryOf(revocation, now);
    Outcome outcome = revocations.add(entry, now);
    if (outcome.isDone()) {
      closeRevoked(entry);
    }
    RevocationLog log = revocationLog;
    return outcome.isDone() && log != null ? log.append(entry) : outcome;
  }

  /**
   * Closes the sessions whose credentials were revoked.
   *
   * @param added a revocation that is new, or null
   */
  void closeRevoked(RevocationState.@Nullable Entry added) {
    for (Session session : connected) {
      if (session.access.isRevoked() || session.access.isConcernedBy(added)) {
        session.close(CloseStatus.REVOKED, SessionCloseMode.AFTER_FLUSH);
        session.runCallbacks();
      }
    }
    for (Session session : suspended) {
      if (session.access.isRevoked() || session.access.isConcernedBy(added)) {
        session.endSuspension(CloseStatus.REVOKED);
        session.runCallbacks();
      }
    }
  }

  /** {@return why a participant has no access with its credential, or empty} */
  public Optional<Rejection> checkCredential(AcceptedAdmission admission) {
    Credential credential = admission.credential();
    if (credential == null) {
      return Optional.empty();
    }
    if (credential.expiresAt().isPresent()
        && credential.expiresAt().get().toEpochMilli() <= scheduler.currentTimeMillis()) {
      return Optional.of(Rejections.expired());
    }
    return revocations.isRevoked(admission.id(), credential)
        ? Optional.of(Rejections.revoked())
        : Optional.empty();
  }

  /** {@return why a message was not published, once that is known, or empty} */
  Optional<Rejection> awaitRejection(CompletionStage<Position> published) {
    CompletableFuture<Optional<Rejection>> rejection =
        published
            .handle(
                (position, failure) ->
                    failure == null ? Optional.<Rejection>empty() : Optional.of(of(failure)))
            .toCompletableFuture();
    scheduler.await(rejection, LogReplica.CALLER_WAIT);
    return rejection.getNow(Optional.of(Rejections.unavailable()));
  }

  static Rejection of(Throwable failure) {
    Rejection rejection = Rejections.in(failure);
    return rejection == null ? Rejections.internalError() : rejection;
  }

  /** {@return the sessions of a participant on this node, the oldest first} */
  public List<SessionInfo> of(LiveParticipant participant) {
    return participant.sessions().stream()
        .sorted(comparingLong(RoomSession::number))
        .filter(Session.class::isInstance)
        .map(session -> ((Session) session).info())
        .toList();
  }

  @Nullable ClusterParticipants clusterParticipants() {
    return clusterParticipants;
  }

  /** {@return the id of a connection by the number of its session} */
  String connectionId(long number) {
    return name + "-" + Long.toString(number, Character.MAX_RADIX);
  }

  /** Returns a secret of 128 random bits to resume with, or null if resuming is off. */
  @Nullable String newResumeSecret() {
    if (!isResumeEnabled()) {
      return null;
    }
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  @Nullable TextHeartbeat heartbeat() {
    return heartbeat;
  }

  /** Starts the timer that checks all deadlines. */
  public void start() {
    Duration shortest = MAX_TICK;
    for (Duration limit :
        List.of(
            limits.writeTimeout(),
            limits.pingInterval(),
            limits.closeTimeout(),
            isResumeEnabled() ? limits.resumeWindow() : MAX_TICK.multipliedBy(8),
            limits.drainTime().isZero() ? MAX_TICK.multipliedBy(8) : limits.drainTime(),
            environment.cluster() == null ? MAX_TICK.multipliedBy(8) : CLUSTER_TICK.multipliedBy(8),
            heartbeat == null ? MAX_TICK.multipliedBy(8) : heartbeat.interval())) {
      Duration tick = limit.dividedBy(8).plusMillis(1);
      shortest = tick.compareTo(shortest) < 0 ? tick : shortest;
    }
    Standstill standstill = new Standstill(shortest, scheduler.nanoTime());
    scheduler.every(
        shortest,
        () -> {
          long now = scheduler.nanoTime();
          if (standstill.hasEnded(now)) {
            return; // what has arrived meanwhile is read before the next check
          }
          long running = standstill.runningFor(now);
          environment.writeLoops().wake(); // whatever fails after this
          connected.forEach(session -> check(session, () -> session.checkDeadlines(now, running)));
          if (running >= FIRST_MESSAGE_TIMEOUT.toNanos()) {
            closeUnidentified(
                now - FIRST_MESSAGE_TIMEOUT.toNanos(),
                CloseStatus.NOT_ADMITTED.withReason("no message has come"));
          }
          suspended.forEach(
              session -> check(session, () -> session.checkResumeWindow(now, running)));
          Drain draining = drain.get();
          if (draining != null) {
            draining.step(now);
          }
          if (environment.cluster() != null) {
            environment.cluster().tick();
          }
          if (clusterParticipants != null) {
            clusterParticipants.trim(now);
          }
          environment.callbacks().retry();
          environment.writeLoops().wake();
          rooms.runDue(now);
          participants.trim(now);
        });
  }

  /** Checks one session; a failure is logged and does not stop the timer for the others. */
  private static void check(Session session, Runnable deadlines) {
    try {
      deadlines.run();
    } catch (Throwable failure) {
      LogEvent.SESSION_DEADLINES_FAILED.logFailure(
          () -> "Checking the deadlines of a session failed", failure, session.participant().id());
    }
  }

  /** {@return why no handshake from an address is accepted now, or empty} */
  public Optional<Rejection> checkAdmission(Optional<String> address) {
    if (closing || isDraining()) {
      Duration delay = randomReconnectDelay();
      return Optional.of(
          Rejections.closing(delay.compareTo(MIN_RETRY_AFTER) < 0 ? MIN_RETRY_AFTER : delay));
    }
    if (count.get() + unidentified.size() >= limits.connections()) {
      return Optional.of(Rejections.chatFull(limits.connections()));
    }
    return addresses.isFull(address)
        ? Optional.of(Rejections.tooManyFromAddress(limits.connectionsPerAddress()))
        : Optional.empty();
  }

  /** {@return the number of the next session; later sessions have larger numbers} */
  long nextNumber() {
    return numbers.getAndIncrement();
  }

  private boolean isResumeEnabled() {
    return !limits.resumeWindow().isZero();
  }

  void addSuspended(Session session) {
    suspended.add(session);
  }

  void removeSuspended(Session session) {
    suspended.remove(session);
  }

  public boolean isClosing() {
    return closing;
  }

  /**
   * Registers a session; one that is rejected is registered too, until its connection is closed.
   */
  public @Nullable CloseStatus add(Session session) {
    connected.add(session);
    boolean full = count.incrementAndGet() > limits.connections();
    boolean addressFull = addresses.add(session.remoteAddress());
    if (closing || isDraining()) { // after it was added: a drain that begins now finds it
      return CloseStatus.RESTART;
    }
    if (session.endpoint == null && session.access.isRevoked()) {
      return CloseStatus.REVOKED; // since its handshake was admitted
    }
    if (full) {
      return CloseStatus.FULL.withReason(Rejection.CHAT_FULL);
    }
    return addressFull ? CloseStatus.FULL.withReason(Rejection.TOO_MANY_FROM_ADDRESS) : null;
  }

  /**
   * Registers a connection whose first message decides who it is.
   *
   * @return the receiver of its input
   */
  public Receiver awaitFirstMessage(
      UnidentifiedConnection.Decision decision, Optional<String> remoteAddress) {
    UnidentifiedConnection connection =
        new UnidentifiedConnection(this, decision, remoteAddress, scheduler.nanoTime());
    boolean addressFull = addresses.add(remoteAddress);
    unidentified.add(connection);
    if (closing || isDraining()) { // after it was added, as for a session
      connection.reject(CloseStatus.RESTART);
    } else if (addressFull) {
      connection.reject(CloseStatus.FULL.withReason(Rejection.TOO_MANY_FROM_ADDRESS));
    }
    return connection;
  }

  void remove(UnidentifiedConnection connection) {
    if (unidentified.remove(connection)) {
      addresses.remove(connection.remoteAddress);
    }
  }

  /** Closes those that were opened until a time: nobody knows them, so they lose nothing. */
  private void closeUnidentified(long openedUntil, CloseStatus status) {
    for (UnidentifiedConnection connection : unidentified) {
      if (connection.openedAt - openedUntil <= 0) {
        connection.reject(status);
      }
    }
  }

  void remove(Session session) {
    // The deadline timer has to find one that is unfinished.
    if (!session.isUnfinished() && connected.remove(session)) {
      addresses.remove(session.remoteAddress()); // before a place in the chat is seen as free
      count.decrementAndGet();
    }
  }

  public int size() {
    return count.get();
  }

  /** Whether sessions are being ended one after the other. */
  boolean isDraining() {
    return drain.get() != null;
  }

  /**
   * Begins to end the sessions in batches, unless that has begun; takes no new ones. Those that
   * have not ended yet go on as before.
   *
   * @return completes when no connection is left, or when the time is over
   */
  public CompletionStage<Void> drain() {
    return startDrain().ended();
  }

  private Drain startDrain() {
    Drain created = new Drain(this, connected, limits, scheduler.nanoTime());
    Drain begun = drain.compareAndExchange(null, created);
    if (begun != null) {
      return begun;
    }
    participants.keepSuspended();
    closeUnidentified(scheduler.nanoTime(), CloseStatus.RESTART);
    created.begin();
    return created;
  }

  /** {@return the status of which the client is told, with a delay of its own for a restart} */
  CloseStatus announced(CloseStatus status) {
    return status.equals(CloseStatus.RESTART) && !limits.reconnectDelay().isZero()
        ? status.withReason(
            "restarting, reconnect after " + randomReconnectDelay().toMillis() + " ms")
        : status;
  }

  private Duration randomReconnectDelay() {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(limits.reconnectDelay().toMillis() + 1));
  }

  /** {@return the number of suspended sessions whose connections are closed} */
  public int suspendedSize() {
    return (int) withoutConnection().count();
  }

  /** A session is suspended already while its connection is being closed, if that takes time. */
  private Stream<Session> withoutConnection() {
    return suspended.stream().filter(session -> !connected.contains(session));
  }

  /** {@return how many sessions there were} */
  public long opened() {
    return numbers.get();
  }

  /** {@return the bytes in all outboxes} */
  public long queuedBytes() {
    return connected.stream().mapToLong(session -> session.outbox.queuedBytes()).sum();
  }

  /** {@return for how many nanoseconds the oldest operation in flight has been in flight} */
  public long outboxAge(long now) {
    return connected.stream()
        .mapToLong(session -> session.outbox.stuckFor(now))
        .reduce(0, Math::max);
  }

  /** {@return the sessions with the fullest outboxes, the fullest first} */
  public List<SessionEntry> fullest(int limit) {
    PriorityQueue<QueuedSession> fullest = new PriorityQueue<>();
    Stream.concat(connected.stream(), withoutConnection())
        .forEach(
            session -> {
              fullest.add(new QueuedSession(session, session.outbox.queuedBytes()));
              if (fullest.size() > limit) {
                fullest.remove();
              }
            });
    long now = scheduler.nanoTime();
    return fullest.stream()
        .sorted(reverseOrder())
        .map(one -> one.session().snapshot(one.bytes(), now))
        .toList();
  }

  /** A session and what is queued for it, read once: it changes meanwhile. */
  private record QueuedSession(Session session, long bytes) implements Comparable<QueuedSession> {
    @Override
    public int compareTo(QueuedSession other) {
      int byBytes = Long.compare(bytes, other.bytes);
      return byBytes == 0 ? Long.compare(other.session.number, session.number) : byBytes;
    }
  }

  /**
   * Closes all sessions after what is queued for them, and aborts the rest when the time is over.
   * Takes no more input, waits for the callbacks of what was received before, and then closes: a
   * message that a handler has begun to publish reaches all its recipients. With a drain time the
   * sessions have ended in batches before that.
   */
  public void close() {
    Drain drained = limits.drainTime().isZero() ? drain.get() : startDrain();
    if (drained != null) {
      await(drained.deadline, () -> !drained.isOver());
    }
    closing = true;
    long start = scheduler.nanoTime();
    closeUnidentified(start, CloseStatus.RESTART);
    long shutdown = limits.shutdownTimeout().toNanos();
    long deadline = start + (drained == null ? shutdown : drained.remaining(start));
    await(Math.min(deadline, start + shutdown / 2), this::hasPendingCallbacks);
    // Everyone leaves the rooms before the sessions close: nobody receives a leave notice for each
    // of the others.
    rooms.closeAll();
    Stream.concat(suspended.stream(), connected.stream())
        .sorted(comparingLong(session -> session.number))
        .forEach(
            session -> {
              session.endSuspension(CloseStatus.RESTART);
              session.close(CloseStatus.RESTART, SessionCloseMode.AFTER_FLUSH);
              session.runCallbacks();
            });
    await(deadline, () -> !connected.isEmpty());
    connected.forEach(session -> session.abort(CloseStatus.RESTART));
    await(scheduler.nanoTime() + MAX_TICK.toNanos(), () -> !connected.isEmpty());
  }

  private boolean hasPendingCallbacks() {
    return connected.stream().anyMatch(Session::hasPendingCallbacks);
  }

  private void await(long deadline, BooleanSupplier unfinished) {
    while (unfinished.getAsBoolean() && scheduler.nanoTime() - deadline < 0) {
      scheduler.pause(POLL_INTERVAL);
    }
  }
}
