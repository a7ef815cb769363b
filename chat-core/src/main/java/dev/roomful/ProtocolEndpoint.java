package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.protocol.HistoryPage;
import dev.roomful.protocol.HistoryQuery;
import dev.roomful.protocol.JoinReply;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The visit of a connection that speaks a dialect, as its interpreter has it in hand. */
final class ProtocolEndpoint implements ProtocolSession, Receiver {
  final Protocol protocol;
  final ProtocolHandler protocolHandler;
  private final ChatRuntime runtime;
  private final CloseCodeMapping connection;
  private final Session session;

  /** What is to be done in turn; one turn at a time is added for them all. */
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  private final AtomicInteger unfinishedTasks = new AtomicInteger();
  private volatile boolean identified;

  /** On which turns may be run, unlike on the one that looks at deadlines. */
  private volatile @Nullable Thread readerThread;

  /** Where it was when it ended: what it had said before may still wait for its turn. */
  private volatile List<Subscription> lastSubscriptions = List.of();

  ProtocolEndpoint(
      ChatRuntime runtime,
      Protocol protocol,
      Function<ProtocolSession, ProtocolHandler> handlerFactory,
      Connection connection,
      Participant unidentified) {
    this.runtime = runtime;
    this.protocol = protocol;
    this.connection = new CloseCodeMapping(connection, protocol);
    this.session = new Session(runtime, unidentified, this.connection, this);
    this.protocolHandler = handlerFactory.apply(this);
  }

  Session session() {
    return session;
  }

  @Override
  public void text(String text) {
    receive(session.isTooBig(text), () -> protocolHandler.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    receive(session.isTooBig(bytes), () -> protocolHandler.binary(bytes));
  }

  private void receive(boolean tooBig, Runnable action) {
    if (session.acceptInput(tooBig)) {
      readerThread = Thread.currentThread();
      runSafely(action);
      readerThread = null;
    }
    session.participant().callbacks.run(); // it may have ended the visit
  }

  @Override
  public void pong() {
    session.pong();
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
  public Optional<Rejection> identify(String id, String name, Map<String, Object> attributes) {
    if (identified) {
      throw new IllegalStateException("connection " + id() + " is identified already");
    }
    AcceptedAdmission admission = AcceptedAdmission.of(id, "").withName(name);
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      admission = admission.withAttribute(attribute.getKey(), attribute.getValue());
    }
    Optional<Rejection> rejection = ChatRuntime.validateIdentity(admission);
    if (rejection.isPresent()) {
      return rejection;
    }
    identified = true;
    return session.identify(admission) ? Optional.empty() : Optional.of(connectionClosed());
  }

  private static Rejection connectionClosed() {
    return new Rejection(410, Rejection.GONE, "the connection has ended");
  }

  @Override
  public Participant participant() {
    if (!identified) {
      throw new IllegalStateException("nobody knows yet who it is: identify it first");
    }
    return session.participant();
  }

  @Override
  public void enqueue(List<Runnable> newTasks) {
    Participant participant = participant();
    if (newTasks.isEmpty() || !session.acquireQueueSlot()) {
      return;
    }
    tasks.addAll(newTasks);
    tasks.add(session::releaseQueueSlot);
    if (unfinishedTasks.getAndAdd(newTasks.size() + 1) == 0) {
      participant.callbacks.add(this::runNext);
    }
    if (Thread.currentThread() == readerThread) {
      participant.callbacks.run();
    } else {
      session.runCallbacks();
    }
  }

  /**
   * Called under the visit's lock, before its leaving is told. Of one that has hung up, what it had
   * said before is done ahead of that.
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
    // Not before: what this one has caused comes before the next one.
    if (unfinishedTasks.get() > 0 && runOne()) {
      session.participant().callbacks.add(this::runNext);
    }
  }

  private void runRemaining() {
    for (boolean more = unfinishedTasks.get() > 0; more; ) {
      more = runOne();
    }
  }

  /** Does one of those that are undone; whether there are more. */
  private boolean runOne() {
    Runnable task = tasks.poll();
    if (task != null && !session.isClosedByServer()) {
      runSafely(task);
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
      ChatRuntime.LOG.log(
          Level.ERROR, () -> "a dialect failed for " + session.participant(), failure);
      close(CloseStatus.FAILED);
    }
  }

  @Override
  public Optional<Rejection> checkRate(int price, BooleanSupplier tolerated) {
    long wait = session.checkRate(price, tolerated, runtime.scheduler.nanoTime());
    if (wait == Session.RATE_VIOLATION) {
      session.runCallbacks();
      return Optional.of(connectionClosed());
    }
    return wait == 0 ? Optional.empty() : Optional.of(Session.tooFast(wait));
  }

  @Override
  public void charge(long price) {
    session.charge(price);
  }

  @Override
  public Optional<Rejection> join(
      String room,
      HistoryRange replay,
      Role role,
      PresenceOptions presenceOptions,
      JoinReply joinReply) {
    Participant participant = participant();
    replay.requireUpToNow();
    String error = Identifiers.errorIn("room name", room);
    if (error != null) {
      return Optional.of(new Rejection(400, Rejection.ROOM_NAME, error));
    }
    JoinAttempt attempt = new JoinAttempt(session, replay, role, joinReply, presenceOptions);
    Optional<Rejection> rejection;
    try {
      rejection = runtime.rooms.join(room, attempt);
    } catch (RuntimeException failure) {
      ChatRuntime.LOG.log(Level.ERROR, () -> "the backplane failed to open room " + room, failure);
      return Optional.of(new Rejection(500, Rejection.FAILED, "internal error"));
    } finally {
      participant.callbacks.run();
    }
    return rejection.isPresent() || attempt.hasJoined()
        ? rejection
        : Optional.of(
            new Rejection(409, Rejection.ALREADY_JOINED, "it is in room \"" + room + "\""));
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
  public Optional<Rejection> publish(String room, Payload payload) {
    Subscription subscription = subscriptionTo(room);
    if (subscription == null) {
      return Optional.of(
          new Rejection(403, Rejection.NOT_A_MEMBER, "it is not in room \"" + room + "\""));
    }
    if (!session.mayPublish(subscription)) {
      return Optional.of(connectionClosed());
    }
    Optional<Rejection> rejection = subscription.room.publishRejectionFor(subscription.member);
    if (rejection.isEmpty()) {
      Message message =
          Message.published(
              subscription.room, session, payload, subscription.presenceOptions.connectionInfo());
      runtime.call(
          "onMessage",
          session.participant(),
          subscription.room,
          session,
          handler -> handler.onMessage(subscription.room, message));
    }
    return rejection;
  }

  @Override
  public List<PresenceEntry> presence(String room) {
    return runtime.rooms.get(room).map(found -> found.membership.presence()).orElse(List.of());
  }

  @Override
  public PresenceCount presenceCount(String room) {
    return runtime
        .rooms
        .get(room)
        .map(found -> found.membership.presenceCount())
        .orElse(PresenceCount.NONE);
  }

  @Override
  public Optional<HistoryPage> history(String room, HistoryQuery query) {
    Participant participant = participant();
    return runtime.rooms.get(room).map(found -> found.publisher.page(query, participant));
  }

  @Override
  public void mergeFrames() {
    connection.mergeFrames();
  }

  @Override
  public void send(Frame frame) {
    session.send(frame);
  }

  @Override
  public Consumer<@Nullable Frame> reserveFrame() {
    Frame reservation = session.outbox().reserve();
    return frame -> {
      session.outbox().fillReservation(reservation, frame);
      session.outbox().wake();
    };
  }

  @Override
  public void close(CloseStatus status) {
    session.close(status, Session.CloseMode.AFTER_FLUSH);
    session.runCallbacks();
  }

  @Override
  public boolean isOpen() {
    return !session.isClosed();
  }
}
