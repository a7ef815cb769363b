package dev.roomful.internal.session;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Payload;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.room.JoinAttempt;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.SessionCloseMode;
import dev.roomful.internal.room.Subscription;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.HistoryPage;
import dev.roomful.protocol.HistoryQuery;
import dev.roomful.protocol.JoinReplyEncoder;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The session of a connection with a protocol, as the handler of that protocol uses it. */
public final class ProtocolEndpoint implements ProtocolSession, Receiver {
  final Protocol protocol;
  public final ProtocolHandler protocolHandler;
  private final Sessions sessions;
  private final Session session;

  /** A task, and whether it has to run even if the server has closed the session. */
  private record Task(Runnable action, boolean always) {}

  /** The tasks of this connection, of which one at a time is in the participant's queue. */
  private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

  private final AtomicInteger unfinishedTasks = new AtomicInteger();
  private volatile boolean identified;

  /** The thread that gives a frame to the handler: callbacks may run on it. */
  private volatile @Nullable Thread readerThread;

  /** The bytes of that frame. */
  private int frameBytes;

  /** The subscriptions at the time of the close, for messages that were received before it. */
  private volatile List<Subscription> lastSubscriptions = List.of();

  public ProtocolEndpoint(
      Sessions sessions,
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection,
      LiveParticipant unidentified) {
    this.sessions = sessions;
    this.protocol = protocol;
    this.session =
        new Session(sessions, unidentified, new CloseCodeConnection(connection, protocol), this);
    this.protocolHandler = handlerFactory.apply(this);
  }

  public Session session() {
    return session;
  }

  @Override
  public void text(String text) {
    receive(session.inbound.isTooBig(text), text.length(), () -> protocolHandler.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    receive(
        session.inbound.isTooBig(bytes), bytes.remaining(), () -> protocolHandler.binary(bytes));
  }

  private void receive(boolean tooBig, int bytes, Runnable action) {
    if (session.acceptInput(tooBig, session.now())) {
      frameBytes = bytes;
      readerThread = Thread.currentThread();
      runSafely(action);
      readerThread = null;
    }
    session.participant().callbacks.run(); // the handler may have closed the session
  }

  @Override
  public void pong() {
    session.countFrame();
  }

  @Override
  public void fragment() {
    session.countFrame();
  }

  @Override
  public void closing(int code, String reason) {
    session.closing(code, reason);
  }

  @Override
  public void closed(int code, String reason) {
    session.closed(code, reason);
  }

  @Override
  public String id() {
    return session.id();
  }

  @Override
  public Outcome identify(String id, String name, Map<String, Object> attributes) {
    if (identified) {
      throw new IllegalStateException("connection " + id() + " is identified already");
    }
    AcceptedAdmission admission = AcceptedAdmission.of(id, "").withName(name);
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      admission = admission.withAttribute(attribute.getKey(), attribute.getValue());
    }
    Optional<Rejection> rejection = Rejections.invalidIdentity(admission);
    if (rejection.isPresent()) {
      return Outcome.rejected(rejection.get());
    }
    identified = true;
    return session.identify(admission)
        ? Outcome.done()
        : Outcome.rejected(Rejections.connectionClosed());
  }

  @Override
  public Outcome renew(Credential credential) {
    return session.renew(credential);
  }

  @Override
  public LiveParticipant participant() {
    if (!identified) {
      throw new IllegalStateException("nobody knows yet who it is: identify it first");
    }
    return session.participant();
  }

  @Override
  public void enqueue(List<Runnable> newTasks) {
    LiveParticipant participant = participant();
    boolean reading = Thread.currentThread() == readerThread;
    int bytes = reading ? frameBytes : 0;
    if (newTasks.isEmpty() || !session.inbound.acquire(participant, bytes)) {
      return;
    }
    newTasks.forEach(action -> tasks.add(new Task(action, false)));
    tasks.add(new Task(() -> session.inbound.release(participant, bytes), true));
    if (unfinishedTasks.getAndAdd(newTasks.size() + 1) == 0) {
      participant.callbacks.add(this::runNext);
    }
    if (reading) {
      participant.callbacks.run();
    } else {
      session.runCallbacks();
    }
  }

  /**
   * Takes note that the session closes; called with its monitor held and before its subscriptions
   * are removed. If the client closed the connection, what it sent before runs ahead of {@code
   * onLeave}.
   */
  void sessionClosed(List<Subscription> subscriptions) {
    lastSubscriptions = subscriptions;
    if (unfinishedTasks.get() > 0 && !session.isClosedByServer()) {
      session.participant().callbacks.add(this::runRemaining);
    }
  }

  private @Nullable Subscription subscriptionTo(String room) {
    Subscription subscription = session.subscriptionTo(room);
    return subscription != null
        ? subscription
        : lastSubscriptions.stream()
            .filter(candidate -> candidate.room.name().equals(room))
            .findFirst()
            .orElse(null);
  }

  private void runNext() {
    // One at a time: the callbacks that a task has caused come before the next task.
    if (unfinishedTasks.get() > 0 && runOne()) {
      session.participant().callbacks.add(this::runNext);
    }
  }

  private void runRemaining() {
    for (boolean more = unfinishedTasks.get() > 0; more; ) {
      more = runOne();
    }
  }

  /** Runs one task; returns whether there are more. */
  private boolean runOne() {
    Task task = tasks.poll();
    if (task != null && (task.always() || !session.isClosedByServer())) {
      runSafely(task.action());
    }
    return unfinishedTasks.decrementAndGet() > 0;
  }

  void tick() {
    runSafely(protocolHandler::tick);
  }

  private void runSafely(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) {
      LogEvent.PROTOCOL_FAILED.logFailure(
          () -> "Protocol handler threw an exception; closing its connection",
          failure,
          session.participant().id());
      close(CloseStatus.FAILED);
    }
  }

  @Override
  public Outcome checkRate(int price, BooleanSupplier tolerated) {
    long wait = session.inbound.take(price, tolerated, session.now());
    if (wait == InboundLimits.RATE_VIOLATION) {
      session.runCallbacks();
      return Outcome.rejected(Rejections.connectionClosed());
    }
    return wait == 0 ? Outcome.done() : rejected(Attempt.MESSAGE, Rejections.tooFast(wait));
  }

  private Outcome rejected(Attempt attempt, Rejection rejection) {
    sessions.environment.events().rejected(attempt, rejection);
    return Outcome.rejected(rejection);
  }

  @Override
  public void charge(long price) {
    session.inbound.charge(price, session.now());
  }

  @Override
  public Outcome join(
      String room,
      HistoryRange replay,
      Role role,
      PresenceOptions presenceOptions,
      JoinReplyEncoder joinReply) {
    LiveParticipant participant = participant();
    replay.requireUpToNow();
    Optional<Rejection> invalid = Rejections.invalidRoomName(room);
    if (invalid.isPresent()) {
      return rejected(Attempt.JOIN, invalid.get());
    }
    JoinAttempt attempt = new JoinAttempt(session, replay, role, joinReply, presenceOptions);
    Outcome outcome;
    try {
      outcome = sessions.rooms.join(room, attempt);
    } catch (Throwable failure) {
      LogEvent.JOIN_FAILED.logFailure(
          () -> "Joining a room failed; rejecting the join", failure, room);
      return rejected(Attempt.JOIN, Rejections.internalError());
    } finally {
      participant.callbacks.run();
    }
    Rejection rejection =
        outcome.rejection().orElse(attempt.hasJoined() ? null : Rejections.alreadyJoined(room));
    return rejection == null ? outcome : rejected(Attempt.JOIN, rejection);
  }

  @Override
  public boolean leave(String room) {
    Subscription subscription = session.subscriptionTo(room);
    if (subscription == null) {
      return false;
    }
    subscription.room.membership.removeSubscription(subscription, CloseStatus.NORMAL);
    session.removeSubscription(subscription);
    session.participant().callbacks.run();
    return true;
  }

  @Override
  public boolean isIn(String room) {
    return session.subscriptionTo(room) != null;
  }

  @Override
  public Outcome publish(String roomName, Payload payload) {
    Subscription subscription = subscriptionTo(roomName);
    if (subscription == null) {
      return rejected(Attempt.MESSAGE, Rejections.notAMember(session.participant().id(), roomName));
    }
    if (!session.mayPublish(subscription)) {
      return Outcome.rejected(Rejections.connectionClosed());
    }
    LiveRoom room = subscription.room;
    session.takePublished();
    Optional<Rejection> rejection =
        sessions
            .environment
            .calls()
            .onMessage(
                session,
                room,
                () -> room.message(session, payload, subscription.presenceOptions.connectionInfo()),
                () -> room.publishRejectionFor(subscription.member));
    // In a cluster the client is answered when the log has accepted the message.
    CompletionStage<Position> published = session.takePublished();
    if (rejection.isEmpty() && published != null) {
      rejection = sessions.awaitRejection(published);
      rejection.ifPresent(
          reason -> sessions.environment.events().rejected(Attempt.MESSAGE, reason));
    }
    return rejection.map(Outcome::rejected).orElse(Outcome.done());
  }

  @Override
  public List<PresenceEntry> presence(String room) {
    return sessions.rooms.get(room).map(found -> found.membership.presence()).orElse(List.of());
  }

  @Override
  public PresenceCount presenceCount(String room) {
    return sessions
        .rooms
        .get(room)
        .map(found -> found.membership.presenceCount())
        .orElse(PresenceCount.NONE);
  }

  @Override
  public Optional<HistoryPage> history(String room, HistoryQuery query) {
    LiveParticipant participant = participant();
    return sessions.rooms.get(room).map(found -> found.publisher.page(query, participant));
  }

  @Override
  public void mergeFrames() {
    session.outbox().mergeFrames();
  }

  @Override
  public void send(Frame frame) {
    session.send(frame);
  }

  @Override
  public Consumer<@Nullable Frame> reserveFrame() {
    Frame reservation = session.outbox().reserve();
    if (reservation == null) {
      session.closeTooSlow();
      return frame -> {};
    }
    return frame -> {
      if (!session.outbox().fillReservation(reservation, frame)) {
        session.closeTooSlow();
      }
      session.outbox().wake();
    };
  }

  @Override
  public void close(CloseStatus status) {
    session.close(status, SessionCloseMode.AFTER_FLUSH);
    session.runCallbacks();
  }

  @Override
  public boolean isOpen() {
    return !session.isClosed();
  }
}
