package dev.roomful.internal.session;

import dev.roomful.ChatSnapshot.SessionEntry;
import dev.roomful.ChatSnapshot.SessionState;
import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.SessionInfo;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Position;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.room.JoinAttempt;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomSession;
import dev.roomful.internal.room.SessionCloseMode;
import dev.roomful.internal.room.Subscription;
import dev.roomful.internal.state.ParticipantEvent;
import dev.roomful.internal.state.ParticipantState.Change;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RevocationState;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection from open to close. It closes once, with the first status that is given, whether
 * or not the transport ever reports that the connection has closed.
 *
 * <p>States: a plain text session is <em>joining</em> until it is in the room of its admission; a
 * session with a protocol starts as <em>open</em>. When an open session closes because its
 * connection was lost, and its client can resume, it is <em>suspending</em> while its subscriptions
 * are being set aside, and <em>suspended</em> from then on: it keeps its place in the rooms until
 * another session resumes it or the resume window is over. Otherwise, and in the end, it is
 * <em>closed</em>.
 */
public final class Session implements RoomSession {
  /** Statuses of connections whose clients did not mean to leave. */
  private static final Set<CloseStatus> RESUMABLE =
      Set.of(CloseStatus.LOST, CloseStatus.IDLE_TIMEOUT, CloseStatus.TOO_SLOW);

  /** Nanoseconds can count 292 years. */
  private static final long MAX_EXPIRY_MILLIS = TimeUnit.DAYS.toMillis(36_500);

  private static final long MAX_SETTLING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private enum State {
    JOINING,
    OPEN,
    SUSPENDING,
    SUSPENDED,
    CLOSED
  }

  final long number;
  final Outbox outbox;
  final @Nullable ProtocolEndpoint endpoint; // null for plain text
  final InboundLimits inbound;
  final Resumption resumption;

  private final Sessions sessions;
  private final RoomEnvironment environment;
  private final Connection connection;
  private final Deadlines deadlines;
  private final String primaryRoomName;
  private final AtomicBoolean aborted = new AtomicBoolean();
  private volatile LiveParticipant participant; // another one only before the first room
  private volatile @Nullable String id;
  private volatile @Nullable Subscription primarySubscription;
  private volatile boolean closedByServer;

  /** What it is based on, and until when. */
  private volatile Access access = Access.UNLIMITED;

  /** The status of the close frame that the client has sent. */
  private volatile @Nullable CloseStatus announcedClose;

  /** Whether it takes no more input because the chat is about to close. */
  private volatile boolean draining;

  /** Since when; used by the deadline timer only. */
  private long drainedAt;

  /** Whether the outbox was full after that close frame: nothing more can be sent. */
  private volatile boolean outputEnded;

  private final long connectedMillis;
  private final long openedAt;

  /** Used by the participant's callbacks only. */
  private @Nullable CompletionStage<Position> published;

  /** Whether other nodes know the session. */
  private volatile boolean attachedToCluster;

  /** Completes when other nodes know this session. */
  private volatile CompletableFuture<@Nullable Change> knownToCluster =
      CompletableFuture.completedFuture(null);

  /** Whether a session of another node has taken its place. */
  private volatile boolean takenOver;

  /** The connections to another node whose place it has taken. */
  private volatile List<String> replacedConnectionIds = List.of();

  // Guarded by this.
  private final List<Subscription> subscriptions = new ArrayList<>(1);

  /** What the client has sent before the session was in its room. */
  private final List<Runnable> deferred = new ArrayList<>(0);

  private State state;
  private @Nullable CloseStatus closeStatus;
  private long closedAt;

  /** Ends the suspension as soon as it is complete. */
  private @Nullable CloseStatus pendingEndStatus;

  /** The thread that is moving the session into or out of its suspension. */
  private @Nullable Thread settling;

  /** Creates a session of a plain text connection. */
  public Session(
      Sessions sessions,
      AcceptedAdmission admission,
      LiveParticipant participant,
      Connection connection) {
    this(
        sessions,
        admission.room(),
        participant,
        connection,
        null,
        State.JOINING,
        sessions.newResumeSecret());
    access = Access.of(admission.credential(), this);
    resumption.keepFrames(); // until it is in its room
  }

  /** Creates a session with a protocol: it has no primary room and cannot be resumed. */
  public Session(
      Sessions sessions,
      LiveParticipant unidentified,
      Connection connection,
      ProtocolEndpoint endpoint) {
    this(sessions, "", unidentified, connection, endpoint, State.OPEN, null);
  }

  private Session(
      Sessions sessions,
      String primaryRoomName,
      LiveParticipant participant,
      Connection connection,
      @Nullable ProtocolEndpoint endpoint,
      State state,
      @Nullable String resumeSecret) {
    this.sessions = sessions;
    this.environment = sessions.environment;
    this.endpoint = endpoint;
    this.number = sessions.nextNumber();
    this.connection = connection;
    this.participant = participant;
    this.primaryRoomName = primaryRoomName;
    this.state = state;
    long now = now();
    this.openedAt = now;
    this.connectedMillis = environment.scheduler().currentTimeMillis();
    this.resumption = new Resumption(resumeSecret, environment.limits().outboxBytes());
    this.inbound =
        new InboundLimits(
            environment.limits(),
            participant.messageRates,
            status -> close(status, SessionCloseMode.AFTER_FLUSH),
            now);
    this.outbox =
        new Outbox(
            connection,
            environment.writeLoops().next(),
            environment.scheduler(),
            environment.limits().outboxBytes(),
            this::connectionFailed);
    this.deadlines = new Deadlines(this, environment.limits(), sessions.heartbeat(), now);
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public @Nullable ProtocolHandler protocolHandler() {
    return endpoint == null ? null : endpoint.protocolHandler;
  }

  @Override
  public LiveParticipant participant() {
    return participant;
  }

  @Override
  public Outbox outbox() {
    return outbox;
  }

  @Override
  public @Nullable Protocol protocol() {
    return endpoint == null ? null : endpoint.protocol;
  }

  /** Two threads may both make the id; they make the same. */
  @Override
  public String id() {
    String known = id;
    if (known == null) {
      known = sessions.connectionId(number);
      id = known;
    }
    return known;
  }

  long now() {
    return environment.scheduler().nanoTime();
  }

  /**
   * Assigns the participant of a session with a protocol; returns false if the session is closed.
   */
  boolean identify(AcceptedAdmission admission) {
    boolean attached =
        sessions.participants.attach(
                sessions.rooms,
                admission,
                identified -> {
                  participant = identified; // before others find it there
                  return this;
                })
            != null;
    if (!attached) {
      close(ParticipantRegistry.STILL_LEAVING, SessionCloseMode.AFTER_FLUSH);
      return false;
    }
    inbound.identified(participant.messageRates, now());
    if (isClosed()) {
      sessions.participants.detach(participant, this);
      participant.callbacks.run();
      return false;
    }
    participant.applyName(admission);
    attachToCluster();
    return true;
  }

  /** What the access of the client is based on. */
  private record Access(@Nullable Credential credential, long expiresAt, boolean expires) {
    static final Access UNLIMITED = new Access(null, 0, false);

    static Access of(@Nullable Credential credential, Session session) {
      if (credential == null || credential.expiresAt().isEmpty()) {
        return credential == null ? UNLIMITED : new Access(credential, 0, false);
      }
      // On the clock of deadlines from here on: that of the day may be set.
      long millis =
          credential.expiresAt().get().toEpochMilli()
              - session.environment.scheduler().currentTimeMillis();
      long nanos = TimeUnit.MILLISECONDS.toNanos(Math.min(millis, MAX_EXPIRY_MILLIS));
      return new Access(credential, session.now() + nanos, true);
    }

    boolean isExpired(long now) {
      return expires && now - expiresAt >= 0;
    }
  }

  @Override
  public Outcome renew(Credential credential) {
    Session newest = latest();
    Access renewed = Access.of(credential, newest);
    if (newest.endpoint == null && renewed.isExpired(newest.now())) {
      return Outcome.rejected(Rejections.expired());
    }
    Access before = newest.access;
    newest.access = renewed;
    // After it is set: a revocation at the same time finds it, or is found.
    if (newest.isRevoked()) {
      newest.access = before;
      return Outcome.rejected(Rejections.revoked());
    }
    return newest.isClosed() ? Rejections.gone() : Outcome.done();
  }

  /** Whether what it is based on was revoked. */
  boolean isRevoked() {
    return sessions.revocations.isRevoked(participant.id(), access.credential());
  }

  /** Whether a new revocation ends it because nobody knows when its access was issued. */
  boolean isConcernedBy(RevocationState.@Nullable Entry added) {
    return added != null && added.concernsUndated(participant.id(), access.credential());
  }

  /** Whether a plain text connection has no access any more; those of protocols see to that. */
  boolean isExpired(long now) {
    return endpoint == null && access.isExpired(now);
  }

  /** The opening is over: the client's messages can be handled. */
  public void opened() {
    inbound.opened();
  }

  /**
   * Sends a payload to this client alone: on this connection, on the one that resumed it, or when a
   * later one resumes it. A session that is not in its room yet sends it when it is.
   */
  @Override
  public Outcome sendDirect(Payload payload) {
    if (endpoint != null) {
      return sendDirect(endpoint.protocol.encodeDirect(payload))
          ? Outcome.done()
          : Rejections.gone();
    }
    return deliver(environment.payloadEncoder().of(payload));
  }

  private Outcome deliver(Frame frame) {
    return latest().deliverHere(frame);
  }

  private Outcome deliverHere(Frame frame) {
    Session other;
    boolean mailboxFull = false;
    boolean fits = false;
    synchronized (this) {
      other = resumption.redirect();
      if (other == null && resumption.keepsFrames()) {
        if (resumption.keep(frame)) {
          return Outcome.done();
        }
        mailboxFull = true;
      } else if (other == null && state == State.OPEN && !outputEnded) {
        // With the monitor held: a close in between would drop the frame unnoticed.
        fits = offerDirect(frame);
      } else if (other == null) {
        return Rejections.gone();
      }
    }
    if (other != null) {
      return other.deliver(frame); // it took the place of this one just now
    }
    if (mailboxFull) {
      // The client cannot be given all that it missed: its suspension ends.
      endSuspension(CloseStatus.TOO_SLOW);
      runCallbacks();
      return Rejections.gone();
    }
    if (!fits) {
      closeTooSlow();
      return deliver(frame); // into the mailbox, if the client can resume
    }
    outbox.wake();
    return Outcome.done();
  }

  /** Queues a frame for this client alone; it outlives the connection if the client can resume. */
  private boolean offerDirect(Frame frame) {
    return resumption.secret() == null
        ? outbox.offer(frame, Overflow.DISCONNECT)
        : outbox.offerPersonal(frame);
  }

  private boolean sendDirect(@Nullable Frame frame) {
    if (frame == null) {
      closeNotEncodable();
    }
    return frame != null && send(frame);
  }

  /** Queues a frame; returns false if the session is closed. */
  boolean send(Frame frame) {
    boolean open = !isClosed() && !outputEnded;
    if (open && !outbox.offer(frame, Overflow.DISCONNECT)) {
      closeTooSlow();
    }
    outbox.wake();
    return open;
  }

  /** Counts a frame that is no message; too many of them close the connection. */
  void countFrame() {
    long now = now();
    deadlines.received(now);
    if (!inbound.countFrame(now)) {
      close(CloseStatus.TOO_FAST.withReason("too many frames"), SessionCloseMode.IMMEDIATELY);
      runCallbacks();
    }
  }

  /** The transport has read the client's close frame; messages before it may still be handled. */
  void closing(int code, String reason) {
    CloseStatus status = clientStatus(code, reason);
    if (!status.equals(CloseStatus.LOST)) { // such a client may resume
      deadlines.received(now());
      announcedClose = status;
    }
  }

  private static CloseStatus clientStatus(int code, String reason) {
    return code < 1000 || code > 4999 || code == CloseStatus.LOST.code()
        ? CloseStatus.LOST
        : CloseStatus.truncated(code, reason);
  }

  Optional<String> remoteAddress() {
    return connection.remoteAddress();
  }

  /** The transport reports that the connection has closed. */
  void closed(int code, String reason) {
    boolean first = close(clientStatus(code, reason), SessionCloseMode.DISCARD);
    sessions.remove(this);
    if (!first) {
      return; // whoever closed the session runs its callbacks
    }
    if (outbox.isOnWriteLoop()) {
      runCallbacks(); // the server noticed within a write, and no callback runs on a write loop
    } else {
      participant.callbacks.run();
    }
  }

  /**
   * Takes note that the client has sent a message; returns whether it can be handled. The
   * participant's callbacks must be run afterwards.
   */
  boolean acceptInput(boolean tooBig, long now) {
    deadlines.received(now);
    if (tooBig) {
      inbound.closeTooBig();
    }
    return !tooBig && !draining && !sessions.isClosing();
  }

  /**
   * Returns whether a message that was received can still be published. A message may be queued
   * behind a kick or an abort, which end that; a client that closed its connection has sent it
   * before.
   */
  boolean mayPublish(Subscription subscription) {
    return !closedByServer && !subscription.member.left;
  }

  /**
   * Adds a subscription; called with the room's lock held. A plain text connection publishes in the
   * room of its admission, even if the participant joins another room with all its connections
   * before this one is in it.
   */
  @Override
  public synchronized boolean addSubscription(Subscription subscription) {
    if (closeStatus != null) {
      return false;
    }
    subscriptions.add(subscription);
    if (primarySubscription == null && subscription.room.name().equals(primaryRoomName)) {
      primarySubscription = subscription;
    } else {
      roomsChanged(subscription, true);
    }
    return true;
  }

  private void roomsChanged(Subscription subscription, boolean joined) {
    ClusterParticipants cluster = sessions.clusterParticipants();
    if (cluster != null && attachedToCluster && endpoint == null) {
      cluster.subscriptionChanged(this, subscription.room.name(), joined);
    }
  }

  @Override
  public synchronized void joined() {
    if (state == State.JOINING) {
      state = State.OPEN;
      enqueueDeferred(); // behind onJoin
    }
  }

  /** Adds a task to the participant's callbacks, or keeps it until the session is in its room. */
  void enqueue(Runnable task) {
    synchronized (this) {
      if (state == State.JOINING) {
        deferred.add(task);
        return;
      }
    }
    participant.callbacks.add(task);
  }

  private void enqueueDeferred() {
    deferred.forEach(participant.callbacks::add);
    deferred.clear();
  }

  @Override
  public synchronized void removeSubscription(Subscription subscription) {
    if (subscriptions.remove(subscription)) {
      roomsChanged(subscription, false);
    }
  }

  @Override
  public synchronized List<LiveRoom> rooms() {
    return subscriptions.stream().map(subscription -> subscription.room).toList();
  }

  synchronized @Nullable Subscription subscriptionTo(String room) {
    for (Subscription subscription : subscriptions) {
      if (subscription.room.name().equals(room)) {
        return subscription;
      }
    }
    return null;
  }

  boolean isClosedByServer() {
    return closedByServer;
  }

  /** {@return the subscription in whose room a plain text connection publishes, or null} */
  @Nullable Subscription primarySubscription() {
    return primarySubscription;
  }

  @Override
  public boolean isPrimaryRoom(LiveRoom room) {
    Subscription subscription = primarySubscription;
    return subscription != null && subscription.room == room;
  }

  @Override
  public boolean close(CloseStatus status, SessionCloseMode mode) {
    return close(status, mode, RESUMABLE.contains(status));
  }

  private boolean close(CloseStatus status, SessionCloseMode mode, boolean resumable) {
    List<Subscription> current;
    boolean suspends;
    boolean drained = isDrained(status);
    synchronized (this) {
      if (closeStatus != null) {
        if (mode == SessionCloseMode.DISCARD) {
          outbox.abandon();
        }
        return false;
      }
      closeStatus = status;
      closedAt = now();
      closedByServer = mode != SessionCloseMode.DISCARD;
      suspends =
          (drained || (resumption.secret() != null && resumable))
              && !subscriptions.isEmpty()
              && !sessions.isClosing();
      state = suspends ? State.SUSPENDING : State.CLOSED;
      enqueueDeferred(); // they find that it is closed
      current = List.copyOf(subscriptions);
      if (endpoint != null) {
        endpoint.sessionClosed(current);
      }
      if (mode == SessionCloseMode.DISCARD) {
        outbox.abandon();
      } else {
        outbox.finish(sessions.announced(status), mode == SessionCloseMode.AFTER_FLUSH);
      }
      if (suspends) {
        settling = Thread.currentThread();
        // Nobody can resume on this node any more.
        if (resumption.secret() != null && (!drained || environment.cluster() != null)) {
          keepUnsentFrames();
        }
      } else {
        subscriptions.clear();
        if (!isResumption()) {
          resumption.takeFrames(); // otherwise the session before gets them
        }
      }
    }
    inbound.releaseRate(closedAt);
    if (suspends) {
      completeSuspension(current);
    } else {
      remove(current, status);
    }
    sessions.participants.detach(participant, this);
    if (!suspends) {
      detachFromCluster();
    }
    settled();
    outbox.wake();
    reportClose(status, mode, closedAt - openedAt);
    return true;
  }

  /** Whether a session with this status keeps its place in its rooms until the chat closes. */
  private boolean isDrained(@Nullable CloseStatus status) {
    return CloseStatus.RESTART.equals(status) && sessions.isDraining();
  }

  /**
   * Takes no more input, and closes the session when what the client has sent before was handled,
   * at the latest after a time. It keeps its place in its rooms until the chat closes, so that
   * nobody sees it leave whose client connects to another node.
   *
   * @return whether it is closed
   */
  boolean drain(long now, long patience) {
    if (!draining) {
      drainedAt = now;
      draining = true;
    }
    if (hasPendingCallbacks() && now - drainedAt < patience) {
      return false;
    }
    close(CloseStatus.RESTART, SessionCloseMode.AFTER_FLUSH);
    runCallbacks();
    return true;
  }

  /** Whether frames are being written to a client that was asked to connect elsewhere. */
  boolean isFlushingForRestart() {
    CloseStatus status;
    synchronized (this) {
      status = closeStatus;
    }
    return isDrained(status) && outbox.isFlushing();
  }

  private void reportClose(CloseStatus status, SessionCloseMode mode, long nanos) {
    Runnable report = () -> environment.events().sessionClosed(status, nanos, participant.id());
    if (mode == SessionCloseMode.DISCARD) {
      // A transport may report the end from within a write, and with locks of its own.
      environment.callbacks().execute(report);
    } else {
      report.run();
    }
  }

  SessionInfo info() {
    Set<String> names = new HashSet<>();
    rooms().forEach(room -> names.add(room.name()));
    return new SessionInfo(id(), "", Instant.ofEpochMilli(connectedMillis), names);
  }

  SessionEntry snapshot(long queuedBytes, long now) {
    SessionInfo info = info();
    return new SessionEntry(
        info.connectionId(),
        participant.id(),
        info.since(),
        isSuspended()
            ? SessionState.SUSPENDED
            : isClosed() ? SessionState.CLOSING : SessionState.OPEN,
        info.rooms(),
        queuedBytes,
        Duration.ofNanos(Math.max(0, outbox.stuckFor(now))));
  }

  /** A message of this connection is being published; see {@link #takePublished}. */
  @Override
  public void publishing(CompletionStage<Position> stage) {
    published = stage;
  }

  /** {@return the outcome of the last message that was published since the last call, or null} */
  @Nullable CompletionStage<Position> takePublished() {
    CompletionStage<Position> last = published;
    published = null;
    return last;
  }

  // What other nodes know about it, in a cluster.

  /** {@return the event that it has begun, or is known again} */
  ParticipantEvent attachedEvent() {
    String secret = resumption.secret();
    return ParticipantEvent.attached(
        id(),
        secret == null ? "" : ClusterParticipants.hash(secret),
        participant.name(),
        primaryRoomName);
  }

  /** The session is known to other nodes from now on. */
  public void attachToCluster() {
    ClusterParticipants cluster = sessions.clusterParticipants();
    if (cluster != null) {
      attachedToCluster = true;
      knownToCluster = cluster.attached(this);
    }
  }

  @Override
  public boolean awaitKnownToCluster() {
    ClusterParticipants cluster = sessions.clusterParticipants();
    return cluster == null || cluster.awaitKnown(knownToCluster);
  }

  private void detachFromCluster() {
    ClusterParticipants cluster = sessions.clusterParticipants();
    // When the chat closes, its clients may resume on another node.
    if (cluster != null && attachedToCluster && !takenOver && !sessions.isClosing()) {
      cluster.detached(this);
    }
  }

  boolean hasSecretHash(String hash) {
    String secret = resumption.secret();
    return secret != null && ClusterParticipants.hash(secret).equals(hash);
  }

  /** {@return whether a session of another node has taken its place} */
  boolean isTakenOver() {
    return takenOver;
  }

  /**
   * A session of another node takes the place of this one: closes the connection, and keeps the
   * subscriptions until the other session has them.
   *
   * @return the frames for this client alone that were not written
   */
  List<Frame> takenOver() {
    close(CloseStatus.RESUMED, SessionCloseMode.IMMEDIATELY, true);
    synchronized (this) {
      takenOver = true;
      return takeUnsentFrames();
    }
  }

  /**
   * Takes the place of a session of another node; what is sent to the client is kept until then.
   */
  void beginTakeOver(String secret, List<String> connectionIds, List<Payload> kept) {
    synchronized (this) {
      resumption.setSecret(secret);
      resumption.keepFrames();
      for (Payload payload : kept) {
        resumption.keep(environment.payloadEncoder().of(payload));
      }
      replacedConnectionIds = List.copyOf(connectionIds);
    }
    attachedToCluster = true;
  }

  /** Sends what the session of another node has not sent, and then what was sent since. */
  public void completeTakeOver(List<Payload> unsent) {
    List<Frame> frames = new ArrayList<>();
    unsent.forEach(payload -> frames.add(environment.payloadEncoder().of(payload)));
    queueUnsentFrames(List.of(), frames);
  }

  @Override
  public List<String> replacedConnectionIds() {
    return replacedConnectionIds;
  }

  private void keepUnsentFrames() {
    List<Frame> later = resumption.takeFrames(); // of a resumption that was not complete
    resumption.keepFrames();
    outbox.takeUnsent().forEach(resumption::keep);
    later.forEach(resumption::keep);
  }

  private static void remove(List<Subscription> subscriptions, CloseStatus status) {
    for (Subscription subscription : subscriptions) {
      subscription.room.membership.removeSubscription(subscription, status);
    }
  }

  private void completeSuspension(List<Subscription> current) {
    current.forEach(subscription -> subscription.room.membership.suspend(subscription));
    sessions.addSuspended(this);
    CloseStatus pending;
    synchronized (this) {
      state = State.SUSPENDED;
      pending = pendingEndStatus;
    }
    if (pending != null) {
      endSuspension(pending);
    } else if (sessions.isClosing()) {
      endSuspension(CloseStatus.RESTART); // the shutdown may have missed it
    }
  }

  private synchronized void settled() {
    settling = null;
    notifyAll();
  }

  /**
   * Waits until no other thread is moving the session into or out of its suspension.
   *
   * @return false if the calling thread itself is doing that, or if it takes longer than a second
   */
  synchronized boolean awaitSettled() {
    long deadline = System.nanoTime() + MAX_SETTLING_NANOS;
    while (settling != null) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (settling == Thread.currentThread() || millis <= 0) {
        return false;
      }
      try {
        wait(millis);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized boolean isSuspended() {
    return state == State.SUSPENDING || state == State.SUSPENDED;
  }

  @Override
  public boolean isResumed() {
    return resumption.successor() != null;
  }

  @Override
  public Session latest() {
    Session newest = this;
    for (Session next = resumption.redirect(); next != null; next = newest.resumption.redirect()) {
      newest = next;
    }
    resumption.shortcut(newest);
    return newest;
  }

  @Override
  public boolean hasResumeSecret(String candidate) {
    synchronized (this) {
      if (state == State.CLOSED || takenOver) {
        return false;
      }
    }
    return resumption.hasSecret(candidate);
  }

  @Override
  public boolean isResumption() {
    return !resumption.predecessors().isEmpty() || !replacedConnectionIds.isEmpty();
  }

  @Override
  public @Nullable String resumeSecret() {
    return resumption.secret();
  }

  /**
   * Resumes the predecessors, now that this session is in the room of its admission: joins their
   * other rooms first and closes them after that, so that nobody sees the participant leave. The
   * oldest comes first, because each has kept what it took over from the one before.
   */
  public void takeOver(AcceptedAdmission admission) {
    List<Session> predecessors = resumption.predecessors();
    for (Session old : predecessors) {
      for (LiveRoom room : old.rooms()) {
        sessions.rooms.rejoin(JoinAttempt.resuming(this, admission.replay(room.name())), room);
      }
    }
    if (isClosed()) {
      cancelResume(); // lost before it was everywhere, where its predecessors still are
      return;
    }
    predecessors.forEach(old -> old.close(CloseStatus.RESUMED, SessionCloseMode.IMMEDIATELY));
    queueUnsentFrames(predecessors, List.of());
    predecessors.forEach(old -> old.endSuspension(CloseStatus.RESUMED));
    resumption.succeeded();
  }

  /** Queues what the predecessors have not sent, and then what was sent to this client since. */
  private void queueUnsentFrames(List<Session> predecessors, List<Frame> earlier) {
    List<Frame> unsent = new ArrayList<>(earlier);
    int queued = 0;
    synchronized (this) {
      predecessors.forEach(old -> unsent.addAll(old.takeUnsentFrames()));
      if (closeStatus == null) {
        unsent.addAll(resumption.takeFrames());
        while (queued < unsent.size() && offerDirect(unsent.get(queued))) {
          queued++;
        }
      }
    }
    List<Frame> left = unsent.subList(queued, unsent.size());
    if (!left.isEmpty()) {
      closeTooSlow();
      left.forEach(this::deliver); // into the mailbox
    }
    outbox.wake();
  }

  /** Gives up resuming the predecessors; the newest of them gets what was sent since. */
  public void cancelResume() {
    Session newest = sessions.participants.cancelResume(this);
    if (newest != null) {
      List<Frame> frames;
      synchronized (this) {
        frames = resumption.takeFrames();
      }
      frames.forEach(newest::deliver);
    }
  }

  synchronized boolean isClosed() {
    return closeStatus != null;
  }

  private synchronized List<Frame> takeUnsentFrames() {
    List<Frame> unsent = new ArrayList<>(outbox.takeUnsent());
    unsent.addAll(resumption.takeFrames());
    return unsent;
  }

  @Override
  public void endSuspension(CloseStatus status) {
    List<Subscription> current;
    synchronized (this) {
      if (state == State.SUSPENDING) {
        pendingEndStatus = status;
      }
      if (state != State.SUSPENDED) {
        return;
      }
      state = State.CLOSED;
      settling = Thread.currentThread();
      resumption.takeFrames();
      current = List.copyOf(subscriptions);
      subscriptions.clear();
    }
    sessions.removeSuspended(this);
    remove(current, status);
    sessions.participants.detach(participant, this);
    detachFromCluster();
    settled();
  }

  /** Ends the suspension for the reason for which the connection was lost. */
  void endSuspension() {
    CloseStatus reason;
    synchronized (this) {
      reason = closeStatus;
    }
    if (reason != null) {
      endSuspension(reason);
    }
  }

  /** Ends the suspension if the resume window is over. */
  void checkResumeWindow(long now) {
    boolean expired;
    synchronized (this) {
      expired =
          !isResumed()
              && !isDrained(closeStatus)
              && now - closedAt >= environment.limits().resumeWindow().toNanos();
    }
    if (expired) {
      endSuspension();
      runCallbacks();
    }
  }

  @Override
  public void closeTooSlow() {
    if (announcedClose != null) {
      outputEnded = true;
      return; // what the client sent before its close frame is still to be handled
    }
    close(CloseStatus.TOO_SLOW, SessionCloseMode.IMMEDIATELY);
    runCallbacks();
  }

  @Override
  public void closeNotEncodable() {
    close(CloseStatus.NOT_ENCODABLE, SessionCloseMode.AFTER_FLUSH);
    runCallbacks();
  }

  /** A transport may call this from within a write, and with locks of its own. */
  private void connectionFailed(Throwable cause) {
    LogEvent.CONNECTION_FAILED.logFailure(() -> "A connection failed", cause, participant.id());
    if (announcedClose == null) {
      abort(CloseStatus.LOST);
    }
  }

  /** Closes the session at once, and aborts the connection on a thread that may block shortly. */
  void abort(CloseStatus status) {
    close(status, SessionCloseMode.DISCARD);
    if (aborted.compareAndSet(false, true)) {
      try {
        environment.scheduler().abortExecutor().execute(this::abortConnection);
      } catch (Throwable failure) {
        aborted.set(false); // the deadline timer tries again
        LogEvent.ABORT_REFUSED.logFailure(
            () -> "The abort executor refused to abort a connection", failure, participant.id());
      }
      runCallbacks();
    }
  }

  private void abortConnection() {
    sessions.remove(this);
    try {
      connection.abort();
    } catch (Throwable failure) {
      LogEvent.ABORT_FAILED.logFailure(
          () -> "Aborting a connection failed", failure, participant.id());
    }
  }

  public void runCallbacks() {
    environment.callbacks().execute(participant.callbacks::run);
  }

  /** {@return whether a callback of this connection waits or runs, on another thread} */
  boolean hasPendingCallbacks() {
    return inbound.hasPending() && !participant.callbacks.isRunningOnCurrentThread();
  }

  /** {@return the status of the close frame that the client has sent, or null} */
  @Nullable CloseStatus announcedClose() {
    return announcedClose;
  }

  /** {@return for how many nanoseconds the session has been closed; negative if it is open} */
  synchronized long closedFor(long now) {
    return closeStatus == null ? -1 : now - closedAt;
  }

  void checkDeadlines(long now) {
    deadlines.check(now);
  }
}
