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
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.SmallLists;
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
import java.util.concurrent.CompletionStage;
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
  final Suspension suspension;
  final SessionAccess access;
  final @Nullable ClusterAttachment cluster; // null on a single node

  private final Sessions sessions;
  private final RoomEnvironment environment;
  private final Connection connection;
  private final Deadlines deadlines;
  private final String primaryRoomName;
  private volatile LiveParticipant participant; // another one only before the first room
  private volatile @Nullable String id;
  private volatile @Nullable Subscription primarySubscription;
  private volatile boolean closedByServer;

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

  // Guarded by this.
  private List<Subscription> subscriptions = List.of();

  /** What the client has sent before the session was in its room. */
  private List<Runnable> deferred = List.of();

  private boolean aborted;

  private State state;
  private @Nullable CloseStatus closeStatus;
  private long closedAt;

  /** The subscriptions of a session that is closed and has not left its rooms yet. */
  private List<Subscription> leaving = List.of();

  /** Whether a close has failed. */
  private volatile boolean unfinished;

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
    access.begin(admission.credential());
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
    this.inbound = new InboundLimits(this, environment.limits(), participant.messageRates, now);
    this.outbox =
        new Outbox(
            connection,
            environment.writeLoops().next(),
            environment.scheduler(),
            environment.limits().outboxBytes(),
            this);
    this.access = new SessionAccess(this, sessions);
    this.suspension = new Suspension(this, sessions);
    ClusterParticipants participants = sessions.clusterParticipants();
    this.cluster = participants == null ? null : new ClusterAttachment(this, participants);
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

  @Override
  public Outcome renew(Credential credential) {
    return latest().access.renew(credential);
  }

  /** The opening is over: the client's messages can be handled. */
  public void opened() {
    inbound.opened();
  }

  @Override
  public Outcome sendDirect(Payload payload) {
    if (endpoint != null) {
      return sendDirect(endpoint.protocol.encodeDirect(payload))
          ? Outcome.done()
          : Rejections.gone();
    }
    return directMessages().deliver(environment.payloadEncoder().of(payload));
  }

  DirectMessages directMessages() {
    return new DirectMessages(this);
  }

  /** Whether frames for this client can be queued; called with the monitor held. */
  boolean acceptsOutput() {
    return state == State.OPEN && !outputEnded;
  }

  /** More was sent to the client alone than is kept for it. */
  void mailboxFull() {
    endSuspension(CloseStatus.TOO_SLOW);
    runCallbacks();
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
    subscriptions = SmallLists.with(subscriptions, subscription);
    if (primarySubscription == null && subscription.room.name().equals(primaryRoomName)) {
      primarySubscription = subscription;
    } else {
      roomsChanged(subscription, true);
    }
    return true;
  }

  private void roomsChanged(Subscription subscription, boolean joined) {
    if (cluster != null) {
      cluster.roomsChanged(subscription, joined);
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
        deferred = SmallLists.with(deferred, task);
        return;
      }
    }
    participant.callbacks.add(task);
  }

  private void enqueueDeferred() {
    deferred.forEach(participant.callbacks::add);
    deferred = List.of();
  }

  @Override
  public synchronized void removeSubscription(Subscription subscription) {
    List<Subscription> others = SmallLists.without(subscriptions, subscription);
    if (others.size() < subscriptions.size()) {
      subscriptions = others;
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
    try {
      return closeOnce(status, mode, resumable);
    } catch (Throwable failure) {
      unfinished = true; // such as for want of memory: the deadline timer ends it
      throw failure;
    }
  }

  private boolean closeOnce(CloseStatus status, SessionCloseMode mode, boolean resumable) {
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
      current = subscriptions;
      if (endpoint != null) {
        endpoint.sessionClosed(current);
      }
      if (mode == SessionCloseMode.DISCARD) {
        outbox.abandon();
      } else {
        outbox.finish(sessions.announced(status), mode == SessionCloseMode.AFTER_FLUSH);
      }
      if (suspends) {
        suspension.begin();
        // Nobody can resume on this node any more.
        if (resumption.secret() != null && (!drained || environment.cluster() != null)) {
          directMessages().keepUnsent();
        }
      } else {
        leaving = current;
        subscriptions = List.of();
        if (!isResumption()) {
          resumption.takeFrames(); // otherwise the session before gets them
        }
      }
    }
    inbound.releaseRate(closedAt);
    if (suspends) {
      suspension.complete(current);
      sessions.participants.detach(participant, this);
      suspension.settled();
    } else {
      leave(current, status);
      synchronized (this) {
        leaving = List.of();
      }
    }
    outbox.wake();
    reportClose(status, mode, closedAt - openedAt);
    return true;
  }

  /** {@return whether a close has failed, so that {@link #finishClose} has to follow} */
  boolean isUnfinished() {
    return unfinished;
  }

  /**
   * Ends a session whose close has failed, such as for want of memory; called by the deadline timer
   * until it succeeds. Each step may have been taken before.
   */
  void finishClose() {
    CloseStatus status;
    List<Subscription> left;
    synchronized (this) {
      left = new ArrayList<>(leaving);
      left.addAll(subscriptions);
      status = closeStatus == null ? CloseStatus.LOST : closeStatus;
      closeStatus = status;
      leaving = left;
      subscriptions = List.of();
      enqueueDeferred();
      outbox.abandon();
    }
    sessions.removeSuspended(this);
    leave(left, status);
    synchronized (this) {
      state = State.CLOSED;
      leaving = List.of();
    }
    suspension.settled();
    environment.scheduler().abortExecutor().execute(this::abortConnection);
    runCallbacks();
    unfinished = false;
    sessions.remove(this);
  }

  /** The outbox is closed, by itself unless the session has closed it meanwhile. */
  void outboxClosed(CloseStatus status) {
    synchronized (this) {
      if (closeStatus != null) {
        return;
      }
    }
    if (status.equals(CloseStatus.TOO_SLOW)) {
      closeTooSlow();
    } else {
      abort(status);
    }
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

  /** The session is known to other nodes from now on. */
  public void attachToCluster() {
    if (cluster != null) {
      cluster.attach();
    }
  }

  @Override
  public boolean awaitKnownToCluster() {
    return cluster == null || cluster.awaitKnown();
  }

  private void detachFromCluster() {
    // When the chat closes, its clients may resume on another node.
    if (cluster != null && !sessions.isClosing()) {
      cluster.detach();
    }
  }

  /** Whether a session of another node has taken its place. */
  boolean isTakenOver() {
    return cluster != null && cluster.isTakenOver();
  }

  /**
   * A session of another node takes the place of this one: closes the connection, and keeps the
   * subscriptions until the other session has them.
   *
   * @return the frames for this client alone that were not written
   */
  List<Frame> takenOver() {
    close(CloseStatus.RESUMED, SessionCloseMode.IMMEDIATELY, true);
    if (cluster != null) {
      cluster.takenOver();
    }
    return directMessages().takeUnsent();
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
      if (cluster != null) {
        cluster.replace(connectionIds);
      }
    }
  }

  /** Sends what the session of another node has not sent, and then what was sent since. */
  public void completeTakeOver(List<Payload> unsent) {
    List<Frame> frames = new ArrayList<>();
    unsent.forEach(payload -> frames.add(environment.payloadEncoder().of(payload)));
    directMessages().queueUnsent(frames, List.of());
  }

  @Override
  public List<String> replacedConnectionIds() {
    return cluster == null ? List.of() : cluster.replacedConnectionIds();
  }

  /** Ends for good: leaves its rooms and its participant. */
  void leave(List<Subscription> left, CloseStatus status) {
    for (Subscription subscription : left) {
      subscription.room.membership.removeSubscription(subscription, status);
    }
    sessions.participants.detach(participant, this);
    detachFromCluster();
  }

  /** Its subscriptions are set aside; called with the monitor held. */
  void suspended() {
    state = State.SUSPENDED;
  }

  synchronized boolean isSuspending() {
    return state == State.SUSPENDING;
  }

  /** {@return the subscriptions of a session that was suspended until now, or null} */
  synchronized @Nullable List<Subscription> takeSuspended() {
    if (state != State.SUSPENDED) {
      return null;
    }
    state = State.CLOSED;
    resumption.takeFrames();
    List<Subscription> left = subscriptions;
    subscriptions = List.of();
    return left;
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
      if (state == State.CLOSED || isTakenOver()) {
        return false;
      }
    }
    return resumption.hasSecret(candidate);
  }

  @Override
  public boolean isResumption() {
    return !resumption.predecessors().isEmpty() || !replacedConnectionIds().isEmpty();
  }

  String primaryRoomName() {
    return primaryRoomName;
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
    directMessages().queueUnsent(List.of(), predecessors);
    predecessors.forEach(old -> old.endSuspension(CloseStatus.RESUMED));
    resumption.succeeded();
  }

  /** Gives up resuming the predecessors; the newest of them gets what was sent since. */
  public void cancelResume() {
    Session newest = sessions.participants.cancelResume(this);
    if (newest != null) {
      directMessages().passTo(newest);
    }
  }

  synchronized boolean isClosed() {
    return closeStatus != null;
  }

  @Override
  public void endSuspension(CloseStatus status) {
    suspension.end(status);
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

  /**
   * Ends the suspension if the resume window is over.
   *
   * @param running for how long the process has not stood still
   */
  void checkResumeWindow(long now, long running) {
    boolean expired;
    synchronized (this) {
      expired =
          !isResumed()
              && !isDrained(closeStatus)
              && Math.min(now - closedAt, running) >= environment.limits().resumeWindow().toNanos();
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
  @Override
  public void connectionFailed(Throwable cause) {
    if (announcedClose == null) {
      abort(CloseStatus.LOST);
    }
    LogEvent.CONNECTION_FAILED.logFailure(() -> "A connection failed", cause, participant.id());
  }

  /** Closes the session at once, and aborts the connection on a thread that may block shortly. */
  public void abort(CloseStatus status) {
    close(status, SessionCloseMode.DISCARD);
    if (beginAbort()) {
      try {
        environment.scheduler().abortExecutor().execute(this::abortConnection);
      } catch (Throwable failure) {
        synchronized (this) {
          aborted = false; // the deadline timer tries again
        }
        LogEvent.ABORT_REFUSED.logFailure(
            () -> "The abort executor refused to abort a connection", failure, participant.id());
      }
      runCallbacks();
    }
  }

  private synchronized boolean beginAbort() {
    boolean first = !aborted;
    aborted = true;
    return first;
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

  /**
   * Checks the deadlines.
   *
   * @param running for how long the process has not stood still
   */
  void checkDeadlines(long now, long running) {
    deadlines.check(now, running);
  }
}
