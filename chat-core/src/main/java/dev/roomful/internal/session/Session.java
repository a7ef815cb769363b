package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Outcome;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.internal.delivery.Mailbox;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.delivery.TokenBucket;
import dev.roomful.internal.room.CloseMode;
import dev.roomful.internal.room.HandlerCalls;
import dev.roomful.internal.room.JoinAttempt;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.Rejections;
import dev.roomful.internal.room.RoomMessage;
import dev.roomful.internal.room.RoomSession;
import dev.roomful.internal.room.Subscription;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from open to close. It closes once, for the first reason that comes, whether or
 * not the transport ever reports that the connection has closed.
 *
 * <p>A session whose connection was lost may be suspended for the resume window: it keeps its
 * subscriptions until another session of the same client resumes it, or the window is over.
 */
public final class Session implements Receiver, RoomSession {
  private static final System.Logger LOG = System.getLogger("dev.roomful");

  /** So many messages of one connection may wait for their callbacks to return. */
  private static final int MAX_PENDING = 64;

  /** Frames that are no message, such as pongs and fragments; honest clients stay far below. */
  private static final int FRAMES_PER_SECOND = 100;

  private static final int FRAME_BURST = 1000;

  static final long RATE_VIOLATION = Long.MAX_VALUE;

  /** Ends that are no goodbye. */
  private static final Set<CloseStatus> RESUMABLE =
      Set.of(CloseStatus.LOST, CloseStatus.IDLE_TIMEOUT, CloseStatus.TOO_SLOW);

  final long number;

  private final Sessions sessions;
  private final Connection connection;
  private final Outbox outbox;
  private volatile LiveParticipant participant; // another one only before the first room
  private final @Nullable ProtocolEndpoint endpoint; // null for plain text
  private volatile @Nullable String id;
  private final TokenBucket messageRate;
  private final TokenBucket rateViolations;
  private final TokenBucket frameRate;
  private final AtomicInteger pending = new AtomicInteger(1); // the opening itself
  private final List<Subscription> subscriptions = new ArrayList<>(1); // guarded by this
  private @Nullable CloseStatus closeStatus; // guarded by this
  private long closedAt; // guarded by this
  private volatile boolean suspended; // ended, but its client may come back; changed under this
  private boolean
      suspensionComplete; // guarded by this: its seats are away, and nobody is moving them
  private @Nullable CloseStatus
      pendingEndStatus; // guarded by this: one that came before it had settled
  private @Nullable Mailbox mailbox; // guarded by this
  private @Nullable String resumeSecret; // as the next, set before others see this
  private List<Session> predecessors = List.of();
  private volatile @Nullable Session successor;
  private final String primaryRoomName;
  private volatile @Nullable Subscription primarySubscription;
  private volatile boolean closedByServer;
  private final AtomicBoolean aborted = new AtomicBoolean();
  private volatile long lastReceived;
  private long lastPing;

  public Session(
      Sessions sessions,
      AcceptedAdmission admission,
      LiveParticipant participant,
      Connection connection) {
    this(sessions, admission.room(), participant, connection, null);
    this.resumeSecret = sessions.newResumeSecret();
  }

  /** Creates a session with a protocol: it has no primary room and cannot be resumed. */
  public Session(
      Sessions sessions,
      LiveParticipant unidentified,
      Connection connection,
      ProtocolEndpoint endpoint) {
    this(sessions, "", unidentified, connection, endpoint);
  }

  private Session(
      Sessions sessions,
      String primaryRoomName,
      LiveParticipant participant,
      Connection connection,
      @Nullable ProtocolEndpoint endpoint) {
    this.sessions = sessions;
    this.endpoint = endpoint;
    this.number = sessions.nextNumber();
    this.connection = connection;
    this.participant = participant;
    this.primaryRoomName = primaryRoomName;
    long now = sessions.environment.scheduler().nanoTime();
    this.lastReceived = now;
    this.lastPing = now;
    this.messageRate =
        new TokenBucket(
            sessions.environment.limits().messagesPerSecond(),
            sessions.environment.limits().messageBurst(),
            now);
    this.frameRate = new TokenBucket(FRAMES_PER_SECOND, FRAME_BURST, now);
    this.rateViolations = new TokenBucket(1, sessions.environment.limits().rateViolations(), now);
    this.outbox =
        new Outbox(
            connection,
            sessions.environment.writeLoops().next(),
            sessions.environment.scheduler(),
            sessions.environment.limits().outboxBytes(),
            this::connectionFailed);
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

  /** Two threads may both make it, and it is the same. */
  @Override
  public String id() {
    String known = id;
    if (known == null) {
      known = sessions.connectionId(number);
      id = known;
    }
    return known;
  }

  /** Assigns the participant; returns false if the session is closed. */
  public boolean identify(AcceptedAdmission admission) {
    sessions.participants.attach(
        sessions.rooms,
        admission,
        identified -> {
          participant = identified; // before others find it there
          return this;
        });
    if (isClosed()) {
      sessions.participants.detach(participant, this);
      participant.callbacks.run();
      return false;
    }
    participant.applyName(admission);
    return true;
  }

  /** The opening is done, and what the client says can come. */
  public void opened() {
    pending.decrementAndGet();
  }

  /** On this connection, or on the one that followed it, or when one does. */
  @Override
  public Outcome sendDirect(Payload payload) {
    Session newest = latest();
    if (newest != this) {
      return newest.sendDirect(payload);
    }
    Frame encoded = sessions.environment.frames().of(payload);
    if (endpoint != null) {
      return sendDirect(endpoint.protocol.encodeDirect(payload))
          ? Outcome.done()
          : Rejections.gone();
    }
    boolean closed;
    boolean fits = false;
    synchronized (this) {
      closed = closeStatus != null;
      if (!closed) {
        // With the monitor held: a close in between would drop the frame unnoticed.
        fits = offerDirect(encoded);
      } else if (mailbox == null) {
        return Rejections.gone();
      } else if (mailbox.add(encoded)) {
        return Outcome.done();
      }
    }
    if (closed) {
      // The promise to keep what was sent cannot be held any more.
      endSuspension(CloseStatus.TOO_SLOW);
      runCallbacks();
      return Rejections.gone();
    }
    if (!fits) {
      closeTooSlow();
      return sendDirect(payload); // into the mailbox, if the client can resume
    }
    outbox.wake();
    return Outcome.done();
  }

  /** Queues a frame for this client alone; it is kept if the client can resume. */
  private boolean offerDirect(Frame frame) {
    return resumeSecret == null
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
  public boolean send(Frame frame) {
    boolean open = !isClosed();
    if (open) {
      offer(frame);
    }
    return open;
  }

  private void offer(Frame frame) {
    if (!offerDirect(frame)) {
      closeTooSlow();
    }
    outbox.wake();
  }

  @Override
  public void text(String text) {
    receive(isTooBig(text), () -> Payload.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    receive(isTooBig(bytes), () -> Payload.bytes(bytes));
  }

  @Override
  public void pong() {
    lastReceived = sessions.environment.scheduler().nanoTime();
    meterFrame();
  }

  @Override
  public void fragment() {
    lastReceived = sessions.environment.scheduler().nanoTime();
    meterFrame();
  }

  /** Counts a frame that is no message; too many of them close the connection. */
  private void meterFrame() {
    if (frameRate.take(lastReceived) > 0) {
      close(CloseStatus.TOO_FAST.withReason("too many frames"), CloseMode.IMMEDIATELY);
      runCallbacks();
    }
  }

  @Override
  public void closed(int code, String reason) {
    CloseStatus status =
        code < 1000 || code > 4999 || code == CloseStatus.LOST.code()
            ? CloseStatus.LOST
            : CloseStatus.truncated(code, reason);
    boolean first = close(status, CloseMode.DISCARD);
    sessions.remove(this);
    if (!first) {
      return; // whoever closed the session runs its callbacks
    }
    if (outbox.isOnWriteLoop()) {
      runCallbacks(); // the server found out within a write, and no callback runs on a lane
    } else {
      participant.callbacks.run();
    }
  }

  public boolean isTooBig(String text) {
    int limit = sessions.environment.limits().messageBytes();
    return text.length() > limit
        || (text.length() > limit / 3 && text.getBytes(StandardCharsets.UTF_8).length > limit);
  }

  public boolean isTooBig(ByteBuffer bytes) {
    return bytes.remaining() > sessions.environment.limits().messageBytes();
  }

  private void receive(boolean tooBig, Supplier<Payload> payload) {
    if (acceptInput(tooBig)) {
      long wait = checkRate(lastReceived);
      if (wait != RATE_VIOLATION && acquireQueueSlot()) {
        enqueueMessage(payload.get(), wait);
      }
    }
    participant.callbacks.run();
  }

  /** A sign of life; whether it can be listened to. The turns must be run afterwards. */
  public boolean acceptInput(boolean tooBig) {
    lastReceived = sessions.environment.scheduler().nanoTime();
    if (tooBig) {
      String limit =
          "a message is at most " + sessions.environment.limits().messageBytes() + " bytes";
      close(CloseStatus.TOO_BIG.withReason(limit), CloseMode.AFTER_FLUSH);
    }
    return !tooBig;
  }

  /**
   * For how many nanoseconds something should have waited; it was too fast if that is not 0. The
   * turns must be run afterwards.
   */
  public long checkRate(long now) {
    return checkRate(1, () -> false, now);
  }

  /**
   * As {@link #checkRate(long)}, for a number of tokens.
   *
   * @param tolerated asked if they are not there: whether this does not count as a violation
   */
  public long checkRate(int tokens, BooleanSupplier tolerated, long now) {
    Limits limits = sessions.environment.limits();
    long wait = messageRate.take(tokens, now);
    boolean underSessionRate = wait == 0;
    if (underSessionRate) {
      wait = participant.messageRate.take(tokens, now);
    }
    if (wait > 0 && !tolerated.getAsBoolean() && rateViolations.take(now) > 0) {
      int limit =
          underSessionRate ? limits.participantMessagesPerSecond() : limits.messagesPerSecond();
      close(
          CloseStatus.TOO_FAST.withReason("more than " + limit + " messages a second"),
          CloseMode.AFTER_FLUSH);
      return RATE_VIOLATION;
    }
    return wait;
  }

  /** Takes tokens for what was done already. */
  public void charge(long tokens) {
    long now = sessions.environment.scheduler().nanoTime();
    messageRate.charge(tokens, now);
    participant.messageRate.charge(tokens, now);
  }

  /** One more waits for its turn, unless too many do; {@link #releaseQueueSlot} must follow. */
  public boolean acquireQueueSlot() {
    boolean fits = pending.incrementAndGet() <= MAX_PENDING;
    if (!fits) {
      close(
          CloseStatus.TOO_FAST.withReason("too many messages before the first was handled"),
          CloseMode.AFTER_FLUSH);
    }
    return fits;
  }

  public void releaseQueueSlot() {
    pending.decrementAndGet();
  }

  /**
   * What came is told in turn.
   *
   * @param wait for how many nanoseconds it should have waited: it was too fast
   */
  private void enqueueMessage(Payload payload, long wait) {
    participant.callbacks.add(
        () -> {
          Subscription subscription = primarySubscription;
          if (subscription != null && mayPublish(subscription)) {
            LiveRoom room = subscription.room;
            RoomMessage message = RoomMessage.published(room, this, payload, Optional.empty());
            HandlerCalls calls = sessions.environment.calls();
            calls
                .onMessage(
                    this,
                    room,
                    () -> message,
                    () ->
                        wait > 0
                            ? Optional.of(Rejections.tooFast(wait))
                            : room.publishRejectionFor(subscription.member))
                .ifPresent(rejection -> calls.onRejected(this, room, message, rejection));
          }
          pending.decrementAndGet(); // not before: while its handler runs, nobody may be reading
        });
  }

  /**
   * Not once it was cut, and not once its leaving was told: a message that the transport had read
   * already may come behind a kick or a cut. One that has hung up may have said something yet.
   */
  public boolean mayPublish(Subscription subscription) {
    return !closedByServer && !subscription.member.left;
  }

  /**
   * The room of the entry is the one in which it speaks, even if the participant joins another one
   * with all its connections before this one got there. Called under the room's lock.
   */
  @Override
  public synchronized boolean addSubscription(Subscription subscription) {
    if (closeStatus != null) {
      return false;
    }
    subscriptions.add(subscription);
    if (primarySubscription == null && subscription.room.name().equals(primaryRoomName)) {
      primarySubscription = subscription;
    }
    return true;
  }

  @Override
  public synchronized void removeSubscription(Subscription subscription) {
    subscriptions.remove(subscription);
  }

  @Override
  public synchronized List<LiveRoom> rooms() {
    return subscriptions.stream().map(subscription -> subscription.room).toList();
  }

  public synchronized @Nullable Subscription subscriptionTo(String room) {
    for (Subscription subscription : subscriptions) {
      if (subscription.room.name().equals(room)) {
        return subscription;
      }
    }
    return null;
  }

  public boolean isClosedByServer() {
    return closedByServer;
  }

  @Override
  public boolean isPrimaryRoom(LiveRoom room) {
    Subscription subscription = primarySubscription;
    return subscription != null && subscription.room == room;
  }

  /**
   * Ends the visit, unless it has ended: out of all rooms, the connection told. The participant's
   * turns must be run afterwards.
   */
  @Override
  public boolean close(CloseStatus status, CloseMode mode) {
    List<Subscription> current;
    synchronized (this) {
      if (closeStatus != null) {
        if (mode == CloseMode.DISCARD) {
          outbox.abandon();
        }
        return false;
      }
      closeStatus = status;
      closedAt = sessions.environment.scheduler().nanoTime();
      closedByServer = mode != CloseMode.DISCARD;
      suspended =
          resumeSecret != null
              && RESUMABLE.contains(status)
              && !subscriptions.isEmpty()
              && !sessions.isClosing();
      current = List.copyOf(subscriptions);
      if (endpoint != null) {
        endpoint.sessionClosed(current);
      }
      if (!suspended) {
        subscriptions.clear();
      }
      if (mode == CloseMode.DISCARD) {
        outbox.abandon();
      } else {
        outbox.finish(status, mode == CloseMode.AFTER_FLUSH);
      }
      if (suspended) {
        mailbox = new Mailbox(sessions.environment.limits().outboxBytes());
        outbox.takeUnsent().forEach(mailbox::add);
      }
    }
    if (suspended) {
      completeSuspension(current);
    } else {
      current.forEach(
          subscription -> subscription.room.membership.removeSubscription(subscription, status));
    }
    sessions.participants.detach(participant, this);
    outbox.wake();
    return true;
  }

  private void completeSuspension(List<Subscription> current) {
    current.forEach(subscription -> subscription.room.membership.suspend(subscription));
    sessions.addSuspended(this);
    CloseStatus pending;
    synchronized (this) {
      suspensionComplete = true;
      pending = pendingEndStatus;
    }
    if (pending != null) {
      endSuspension(pending);
    } else if (sessions.isClosing()) {
      endSuspension(
          CloseStatus.RESTART); // it may not have been there yet when the absent were sent off
    }
  }

  @Override
  public boolean isSuspended() {
    return suspended;
  }

  /** Whether another connection of the same client is there in its place. */
  @Override
  public boolean isResumed() {
    return successor != null;
  }

  @Override
  public Session latest() {
    Session newest = this;
    for (Session next = successor; next != null; next = newest.successor) {
      newest = next;
    }
    return newest;
  }

  /** Whether it is of the client that was given this secret, and could still be followed. */
  @Override
  public boolean hasResumeSecret(String candidate) {
    synchronized (this) {
      if (resumeSecret == null || (closeStatus != null && !suspended)) {
        return false;
      }
    }
    return MessageDigest.isEqual(
        resumeSecret.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  /** Sets the sessions that this one resumes, before other threads see it. */
  public void setPredecessors(List<Session> sessions) {
    predecessors = sessions;
    for (Session other : sessions) {
      resumeSecret = other.resumeSecret;
      other.successor = this;
    }
  }

  @Override
  public boolean isResumption() {
    return !predecessors.isEmpty();
  }

  @Override
  public @Nullable String resumeSecret() {
    return resumeSecret;
  }

  /**
   * Takes the place of those before it, which has got into the room of its entry: first it comes
   * into their other rooms, then they go, so that nobody sees it leave. Of those before it the
   * oldest first: what one of them has left it has left to the next.
   */
  public void takeOver(AcceptedAdmission admission) {
    for (Session old : predecessors) {
      for (LiveRoom room : old.rooms()) {
        sessions.rooms.rejoin(JoinAttempt.resuming(this, admission.replay(room.name())), room);
      }
    }
    if (isClosed()) {
      sessions.participants.cancelResume(
          this); // lost before it was everywhere: those before it still are
      return;
    }
    for (Session old : predecessors) {
      old.close(CloseStatus.RESUMED, CloseMode.IMMEDIATELY);
      old.takeUnsentFrames().forEach(this::offer);
      old.endSuspension(CloseStatus.RESUMED);
    }
    predecessors = List.of();
  }

  /** It could not take the place of those before it, unless another one is to do so. */
  public void cancelResume() {
    for (Session old : predecessors) {
      if (old.successor == this) {
        old.successor = null;
      }
    }
    predecessors = List.of();
  }

  public synchronized boolean isClosed() {
    return closeStatus != null;
  }

  private synchronized List<Frame> takeUnsentFrames() {
    Mailbox current = mailbox;
    mailbox = null;
    return current == null ? outbox.takeUnsent() : current.take();
  }

  /**
   * Ends the absence of one that was lost and is kept, if it is: out of all rooms, for good. The
   * participant's turns must be run afterwards.
   */
  @Override
  public void endSuspension(CloseStatus status) {
    List<Subscription> current;
    synchronized (this) {
      if (!suspended) {
        return;
      }
      if (!suspensionComplete) {
        pendingEndStatus = status;
        return;
      }
      suspended = false;
      mailbox = null;
      current = List.copyOf(subscriptions);
      subscriptions.clear();
    }
    sessions.removeSuspended(this);
    current.forEach(
        subscription -> subscription.room.membership.removeSubscription(subscription, status));
    sessions.participants.detach(participant, this);
  }

  /** For the reason for which it was lost. */
  public void endSuspension() {
    CloseStatus reason;
    synchronized (this) {
      reason = closeStatus;
    }
    if (reason != null) {
      endSuspension(reason);
    }
  }

  /** A look at the deadline of one that is away. */
  public void checkResumeWindow(long now) {
    boolean expired;
    synchronized (this) {
      expired =
          !isResumed() && hasElapsed(now - closedAt, sessions.environment.limits().resumeWindow());
    }
    if (expired) {
      endSuspension();
      runCallbacks();
    }
  }

  /** The outbox is full, and closed already. May be called on any thread, but under no lock. */
  @Override
  public void closeTooSlow() {
    close(CloseStatus.TOO_SLOW, CloseMode.IMMEDIATELY);
    runCallbacks();
  }

  /** An event cannot be encoded in its protocol. On any thread, but under no lock. */
  @Override
  public void closeNotEncodable() {
    close(CloseStatus.NOT_ENCODABLE, CloseMode.AFTER_FLUSH);
    runCallbacks();
  }

  /** May be called by a transport from within a write, and with locks of its own. */
  private void connectionFailed(Throwable cause) {
    LOG.log(System.Logger.Level.DEBUG, () -> "connection of " + participant + " failed", cause);
    abort(CloseStatus.LOST);
  }

  /** Closes the session at once, and aborts the connection on a thread that may block shortly. */
  public void abort(CloseStatus status) {
    close(status, CloseMode.DISCARD);
    if (aborted.compareAndSet(false, true)) {
      try {
        sessions.environment.scheduler().abortExecutor().execute(this::abortConnection);
      } catch (Throwable failure) {
        aborted.set(false); // the deadline timer tries again
        LOG.log(
            System.Logger.Level.ERROR,
            () -> "The abort executor refused to abort the connection of " + participant,
            failure);
      }
      runCallbacks();
    }
  }

  private void abortConnection() {
    sessions.remove(this);
    try {
      connection.abort();
    } catch (Throwable failure) {
      LOG.log(
          System.Logger.Level.DEBUG,
          () -> "Aborting the connection of " + participant + " failed",
          failure);
    }
  }

  public void runCallbacks() {
    sessions.environment.callbacks().execute(participant.callbacks::run);
  }

  /**
   * A look at deadlines, a few times a second. Who is over one leaves on this thread: those for
   * callbacks may all be held by handlers that block, and nothing may pile up before them.
   */
  public void checkDeadlines(long now) {
    Limits limits = sessions.environment.limits();
    if (hasElapsed(outbox.stuckFor(now), limits.writeTimeout())) {
      abort(CloseStatus.TOO_SLOW);
      return;
    }
    CloseStatus status;
    long sinceClose;
    synchronized (this) {
      status = closeStatus;
      sinceClose = now - closedAt;
    }
    if (status != null) {
      if (hasElapsed(sinceClose, limits.closeTimeout())) {
        abort(status);
      }
      return;
    }
    outbox.trim();
    if (endpoint != null) {
      endpoint.tick();
    }
    if (pending.get() > 0) {
      // While a handler is busy the server may not read: that is not the client's silence.
      lastReceived = now;
    }
    long idle = now - lastReceived;
    if (hasElapsed(idle, limits.idleTimeout())) {
      close(CloseStatus.IDLE_TIMEOUT, CloseMode.IMMEDIATELY);
      runCallbacks();
    } else if (hasElapsed(idle, limits.pingInterval())
        && hasElapsed(now - lastPing, limits.pingInterval())) {
      lastPing = now;
      outbox.ping();
      outbox.wake();
    }
  }

  private static boolean hasElapsed(long nanos, Duration limit) {
    return nanos >= limit.toNanos();
  }
}
