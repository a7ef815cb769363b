package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.cluster.LogMachine;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.cluster.Submission;
import dev.roomful.internal.room.RoomEffects.Removal;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.Applied.Departure;
import dev.roomful.internal.state.DecodedEvent;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomCodec;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.state.RoomState;
import dev.roomful.internal.validation.LogEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log of a room that several nodes share. An event is applied when the engine has given it its
 * place; who has appended it waits for that.
 */
final class ClusterLog implements RoomLog, LogMachine {
  private static final DecodedEvent NOTHING =
      new DecodedEvent(new RoomEvent.Unknown(), RoomState.NO_EPOCH);

  /** The name of a room's log, so that other kinds of logs can have names of their own. */
  private static final String PREFIX = "room:";

  /** How long a room stays open without members here, for those who come back. */
  private static final Duration LINGER = Duration.ofSeconds(30);

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final RoomState state;
  private final Roster roster;
  private final ClusterNode node;
  private final RoomCodec codec;
  private final RoomReconciliation reconciliation;
  private final LogReplica replica;

  /** When the last entry was applied. */
  private volatile long appliedAt;

  /** Whether entries are applied that may have been applied before; used by the replica only. */
  private boolean restoring;

  /** Whether all entries were understood; used by the replica only. */
  private boolean complete = true;

  /** Used by the replica only. */
  private final RestoredJoins restoredJoins;

  /** Whether the log has closed this room, so that nothing in it has an effect any more. */
  private volatile boolean closedByLog;

  ClusterLog(RoomEnvironment environment, LiveRoom room, Roster roster, ClusterNode node) {
    this.environment = environment;
    this.room = room;
    this.state = room.state;
    this.roster = roster;
    this.node = node;
    this.codec =
        new RoomCodec(
            room,
            room.options(),
            (id, name, attributes) -> new RemoteParticipant(environment, id, name, attributes));
    this.restoredJoins = new RestoredJoins(room);
    this.reconciliation = new RoomReconciliation(environment, room, roster, this, node);
    this.replica = new LogReplica(node, PREFIX + room.name(), this);
  }

  @Override
  public void start() {
    replica.start();
  }

  // What the node appends.

  private LogSubmission submission(
      RoomEvent event,
      boolean expires,
      @Nullable JoinAttempt attempt,
      @Nullable MessageDelivery delivery) {
    String epoch = room.locked(() -> state.position().epoch());
    return new LogSubmission(
        event,
        epoch,
        codec.encode(event, epoch),
        expires,
        attempt,
        delivery,
        () -> reasonToGiveUp(event));
  }

  /** Nothing that was meant for a room that is closed takes effect any more. */
  private Rejection reasonToGiveUp(RoomEvent event) {
    return closedByLog && !RoomState.outlivesRoom(event)
        ? Rejections.roomClosed(room.name())
        : Rejections.unavailable();
  }

  private Applied appendAndWait(LogSubmission submission) {
    if (room.locked(() -> roster.closed)) {
      return Applied.rejected(Rejections.roomClosed(room.name()));
    }
    replica.submit(submission);
    if (node.await(submission.applied)) {
      return submission.applied.join();
    }
    room.runLocked(submission::givenUp); // a join is not completed any more
    return submission.applied.join();
  }

  @Override
  public boolean awaitLoaded() {
    return replica.awaitLoaded();
  }

  @Override
  public Applied append(RoomEvent event) {
    return appendAndWait(submission(event, true, null, null));
  }

  @Override
  public void appendLater(RoomEvent event) {
    if (event instanceof RoomEvent.ConnectionLeft left) {
      room.runLocked(() -> suspend(left)); // it receives nothing any more
    }
    replica.submit(submission(event, false, null, null));
  }

  private void suspend(RoomEvent.ConnectionLeft left) {
    Subscription subscription = roster.find(left.id(), left.connectionId());
    if (subscription != null) {
      roster.suspend(subscription);
      subscription.leaving = true;
    }
  }

  /** Appends that a connection of this node is in the room, which others have forgotten. */
  void rejoin(RoomEvent.Joined joined) {
    replica.submit(submission(joined, false, null, null));
  }

  @Override
  public @Nullable Applied join(JoinAttempt attempt) {
    if (room.locked(() -> room.joins.isSubscribed(attempt))) {
      return Applied.unchanged();
    }
    RoomEvent.Joined event =
        attempt.event(room.locked(() -> room.joins.replacedConnectionId(attempt)));
    Applied applied = appendAndWait(submission(event, true, attempt, null));
    if (applied.isRejected()) {
      room.runLocked(room.lifetime::joinFailed);
      return applied;
    }
    // Both logs were written at the same time. The client is welcome when both have answered.
    Subscription subscription = attempt.subscription;
    if (!attempt.session.awaitKnownToCluster() && subscription != null) {
      room.membership.removeSubscription(subscription, CloseStatus.LOST);
      return Applied.rejected(Rejections.unavailable());
    }
    return applied;
  }

  @Override
  public CompletionStage<Position> publish(RoomMessage message, MessageDelivery delivery) {
    LogSubmission submission = submission(new RoomEvent.Published(message), true, null, delivery);
    if (room.locked(() -> roster.closed)) {
      return CompletableFuture.failedStage(
          new RejectedException(Rejections.roomClosed(room.name())));
    }
    replica.submit(submission);
    CompletionStage<Position> position =
        submission.applied.thenApply(ClusterLog::position).minimalCompletionStage();
    if (message.origin() instanceof RoomSession origin) {
      origin.publishing(position);
    }
    return position;
  }

  private static Position position(Applied applied) {
    Rejection rejection = applied.rejection();
    RoomMessage message = applied.message();
    if (rejection != null || message == null) {
      throw new RejectedException(rejection == null ? Rejections.unavailable() : rejection);
    }
    return message.position().orElseThrow();
  }

  @Override
  public Outcome signal(RoomMessage message, MessageDelivery delivery) {
    if (!node.isConnected()) {
      return Outcome.rejected(Rejections.unavailable());
    }
    if (room.locked(() -> roster.closed)) {
      return Outcome.rejected(Rejections.roomClosed(room.name()));
    }
    replica.submit(submission(new RoomEvent.Signalled(message), true, null, delivery));
    return Outcome.done();
  }

  @Override
  public List<Subscription> shutDown() {
    return room.locked(room.effects::leaveCluster);
  }

  @Override
  public Duration keepEmptyFor() {
    Duration kept = room.options().keepEmptyFor();
    return kept.compareTo(LINGER) < 0 ? LINGER : kept;
  }

  @Override
  public boolean isIdle() {
    return replica.waiting() == 0;
  }

  @Override
  public void close() {
    replica.close();
  }

  /** The engine's clock: as of the last entry, and what has passed here since then. */
  @Override
  public long monotonicMillis() {
    long passed = environment.scheduler().nanoTime() - appliedAt;
    return state.logMillis() + TimeUnit.NANOSECONDS.toMillis(passed);
  }

  // What the replica applies.

  @Override
  public boolean apply(LogEntry entry, byte[] content, @Nullable Submission own) {
    LogSubmission submission = (LogSubmission) own;
    appliedAt = environment.scheduler().nanoTime();
    if (!entry.node().equals(node.incarnation())) {
      node.seen(entry.node());
    }
    DecodedEvent decoded =
        submission == null ? decode(content) : new DecodedEvent(submission.event, submission.epoch);
    Applied applied =
        switch (kindOf(decoded.event())) {
          case MESSAGE -> applyMessage(decoded, entry, submission);
          case JOIN -> applyJoin(decoded, entry, submission);
          case OTHER -> applyOther(decoded, entry, submission != null);
        };
    if (applied != null && submission != null && !restoredJoins.contains(submission)) {
      submission.applied.complete(applied);
    }
    return applied != null;
  }

  private enum Kind {
    MESSAGE,
    JOIN,
    OTHER
  }

  private static Kind kindOf(RoomEvent event) {
    return event instanceof RoomEvent.Published || event instanceof RoomEvent.Signalled
        ? Kind.MESSAGE
        : event instanceof RoomEvent.Joined ? Kind.JOIN : Kind.OTHER;
  }

  private DecodedEvent decode(byte[] content) {
    if (content.length == 0) {
      return NOTHING;
    }
    try {
      return codec.decode(content);
    } catch (IllegalArgumentException malformed) {
      // All nodes of this version skip it, and remain equal.
      LogEvent.ROOM_ENTRY_UNREADABLE.logFailure(
          () -> "An entry of a room's log cannot be read; skipping it", malformed, room.name());
      complete = false;
      return NOTHING;
    }
  }

  private @Nullable Applied applyMessage(
      DecodedEvent decoded, LogEntry entry, @Nullable LogSubmission own) {
    boolean signal = decoded.event() instanceof RoomEvent.Signalled;
    RoomMessage message =
        decoded.event() instanceof RoomEvent.Signalled signalled
            ? signalled.message()
            : ((RoomEvent.Published) decoded.event()).message();
    MessageDelivery delivery =
        restoring ? null : own == null ? deliver(message, signal) : own.delivery;
    Supplier<@Nullable Applied> action =
        () -> {
          long before = state.position().offset();
          Applied applied = state.apply(decoded.event(), entry, decoded.epoch());
          RoomMessage positioned = applied == null ? null : applied.message();
          if (positioned != null) {
            room.publisher.messageAppended();
          }
          if (positioned != null && state.position().offset() > before) {
            if (own != null) {
              room.publisher.absent.appended(positioned);
            }
            if (delivery != null) {
              delivery.addRecipients(roster, positioned);
            }
          } else if (delivery != null && signal && applied != null && !applied.isRejected()) {
            delivery.addRecipients(roster, message);
          }
          return applied;
        };
    return delivery == null ? room.locked(action) : room.publisher.deliver(delivery, action);
  }

  /** Prepares the delivery of a message of another node; null if this node cannot deliver it. */
  @Nullable MessageDelivery deliver(RoomMessage message, boolean signal) {
    try {
      return signal
          ? MessageDelivery.ofSignal(environment, message)
          : MessageDelivery.of(environment, message, room.options().overflow());
    } catch (IllegalArgumentException tooLarge) {
      LogEvent.MESSAGE_TOO_LARGE.logFailure(
          () -> "A message of another node does not fit here", tooLarge, room.name());
      return null;
    }
  }

  private @Nullable Applied applyJoin(
      DecodedEvent decoded, LogEntry entry, @Nullable LogSubmission own) {
    RoomEvent.Joined joined = (RoomEvent.Joined) decoded.event();
    JoinAttempt attempt = own == null ? null : own.attempt;
    if (restoring && own != null && attempt != null) {
      return restoredJoins.apply(decoded, entry, own, attempt);
    }
    while (true) {
      if (attempt != null) {
        attempt.evaluateRules(room);
      }
      @Nullable Applied[] applied = {null};
      boolean done =
          room.events.locked(
              () -> {
                if (attempt != null && !room.joins.hasVerdicts(attempt)) {
                  return false;
                }
                applied[0] = applyJoinLocked(joined, decoded.epoch(), entry, own);
                return true;
              });
      if (done) {
        return applied[0];
      }
    }
  }

  /** Called with the lock held. */
  private @Nullable Applied applyJoinLocked(
      RoomEvent.Joined joined, String epoch, LogEntry entry, @Nullable LogSubmission own) {
    Applied applied = state.apply(joined, entry, epoch);
    if (applied == null || applied.isRejected()) {
      if (own != null && own.attempt == null && applied != null) {
        reconciliation.rejoinRejected(joined, applied);
      }
      return applied;
    }
    if (own != null && own.attempt != null) {
      Rejection rejection = room.joins.attach(own.attempt);
      if (rejection != null) {
        show(joined, applied, true);
        removeGhost(joined, applied);
        return Applied.rejected(rejection);
      }
      room.joins.joined(own.attempt, applied);
    } else if (own != null) {
      Subscription again = reconciliation.rejoined(joined, applied);
      if (again != null) {
        room.joins.queueOnJoin(again);
        environment.callbacks().execute(again.member.participant.callbacks::run);
      }
    } else if (node.isThisNode(entry.node())
        && roster.find(joined.id(), joined.connectionId()) == null) {
      removeGhost(joined, applied); // who appended it has given up waiting
    }
    Member here = roster.member(joined.id());
    if (here != null && applied.memberJoined() && applied.member() != null) {
      // It has a connection to this node, too, which joins again later.
      here.setState(applied.member());
      here.lost = false;
      applied.member().setParticipant(here.participant);
    }
    show(joined, applied, own != null);
    return applied;
  }

  /** Lets a connection leave that has ended before its join was applied; lock held. */
  void removeGhost(RoomEvent.Joined joined, Applied applied) {
    MemberState member = applied.member();
    if (!restoring && member != null) {
      room.effects.joinedAsGhost(
          member.participant(), joined.connectionId(), applied.memberJoined());
    }
    appendLater(new RoomEvent.ConnectionLeft(joined.id(), joined.connectionId(), CloseStatus.LOST));
  }

  private @Nullable Applied applyOther(DecodedEvent decoded, LogEntry entry, boolean here) {
    Removal[] removal = {Removal.NONE};
    List<LiveParticipant> leaving = new ArrayList<>();
    Applied applied =
        room.events.locked(
            () -> {
              Applied result = state.apply(decoded.event(), entry, decoded.epoch());
              if (result != null && !result.isRejected()) {
                closedByLog |= !restoring && decoded.event() instanceof RoomEvent.Closed;
                for (Departure departure : result.departures()) {
                  if (departure.member().participant() instanceof LiveParticipant live) {
                    leaving.add(live);
                  }
                }
                removal[0] = show(decoded.event(), result, here);
                updateParticipant(decoded.event(), result, here);
              }
              return result;
            });
    if (!removal[0].subscriptions().isEmpty()) {
      environment.callbacks().execute(() -> room.effects.finish(removal[0]));
    }
    leaving.forEach(participant -> environment.callbacks().execute(participant.callbacks::run));
    if (applied != null && decoded.event() instanceof RoomEvent.NodeLost lost) {
      if (lost.node().equals(node.incarnation())) {
        node.lost(lost.node());
      }
      if (!leaving.isEmpty() && !restoring) {
        reconciliation.rejoinForgotten(); // it was an earlier incarnation of this node
      }
    }
    return applied;
  }

  private Removal show(RoomEvent event, Applied applied, boolean here) {
    return restoring ? Removal.NONE : room.effects.show(event, applied, here);
  }

  /** Gives a participant of this node what was changed, in the order of the log. */
  private void updateParticipant(RoomEvent event, Applied applied, boolean here) {
    MemberState member = applied.member();
    if (member == null || !(event instanceof RoomEvent.MemberUpdated update)) {
      return;
    }
    if (!(member.participant() instanceof LiveParticipant live)) {
      member.setParticipant(new RemoteParticipant(environment, member));
    } else if (!here) {
      live.replace(member.name(), member.attributes());
      environment.callbacks().execute(() -> reconciliation.spread(live));
    } else if (update.name() != null) {
      live.setName(member.name());
    } else {
      live.settle(member.attributes());
    }
  }

  @Override
  public void beginRestore(byte @Nullable [] snapshot) {
    boolean again = restoring; // the read before has not reached the end of the log
    restoring = true;
    room.runLocked(
        () -> {
          if (!again) {
            reconciliation.begin();
          }
          if (snapshot == null) {
            state.clear();
          } else {
            codec.restore(state, snapshot);
          }
        });
  }

  @Override
  public void endRestore() {
    restoring = false;
    reconciliation.showMissed();
    restoredJoins.complete();
    reconciliation.correctMembers();
    nodes().forEach(node::seen);
  }

  @Override
  public byte[] snapshot() {
    return room.locked(() -> codec.snapshot(state));
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public long lastSequence(String incarnation) {
    return room.locked(() -> state.nodes().last(incarnation));
  }

  @Override
  public Set<String> nodes() {
    return room.locked(
        () ->
            state.members().stream()
                .flatMap(member -> member.connections().stream())
                .map(connection -> connection.node())
                .filter(name -> !name.equals(node.incarnation()))
                .collect(Collectors.toSet()));
  }

  @Override
  public boolean isLost(String incarnation) {
    return room.locked(() -> state.nodes().isLost(incarnation));
  }

  @Override
  public Submission nodeLost(String lost) {
    return submission(new RoomEvent.NodeLost(lost), false, null, null);
  }

  @Override
  public void incarnationChanged() {
    reconciliation.rejoinAll();
  }
}
