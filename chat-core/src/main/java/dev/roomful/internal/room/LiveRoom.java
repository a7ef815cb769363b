package dev.roomful.internal.room;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.ChatSnapshot.RoomEntry;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Moderation;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.Sender;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.state.EventTime;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.MessageHistory;
import dev.roomful.internal.state.Notice;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomCodec;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.state.RoomState;
import dev.roomful.internal.state.RoomState.RoomSanctions;
import dev.roomful.internal.validation.Arguments;
import dev.roomful.internal.validation.Identifiers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A room of this node: its members, its log and its settings. */
public final class LiveRoom implements Room {
  private static final int MAX_REASON_LENGTH = 256;

  private final RoomEnvironment environment;
  private final RoomRegistry registry;
  private final String name;
  private final RoomOptions options;

  /** Held for memory work only: never while application code or a transport runs. */
  public final ReentrantLock lock = new ReentrantLock();

  /** Rooms that are locked together are locked in this order. */
  final long number;

  /** When the room next has something to do; guarded by the lock. */
  final RoomDueTime timer;

  private final Roster roster = new Roster();
  final RoomSanctions sanctions;
  final RoomState state;
  final RoomLog log;
  public final Publisher publisher;
  private final RoomAmendments amendments;
  public final RoomMembership membership;
  final RoomJoins joins;
  final RoomEventSender events;
  final RoomEffects effects;
  final RoomLifetime lifetime;

  public LiveRoom(
      RoomEnvironment environment,
      String name,
      RoomOptions options,
      long number,
      RoomRegistry registry) {
    this.environment = environment;
    this.registry = registry;
    this.name = name;
    this.options = options;
    this.number = number;
    this.timer = new RoomDueTime(registry.deadlines, this);
    this.sanctions = registry.sanctions.of(name);
    this.state =
        new RoomState(
            name,
            options,
            sanctions,
            environment.isClustered() ? RoomState.NO_EPOCH : newEpoch(),
            environment.scheduler()::nanoTime,
            registry.historyBudget::add);
    LeaveDelays leaveDelays = new LeaveDelays(options.leaveDelay(), timer);
    this.publisher = new Publisher(environment, this, roster, registry);
    this.events = new RoomEventSender(environment, this, roster);
    this.amendments = new RoomAmendments(environment, this);
    this.lifetime = new RoomLifetime(environment, this, roster, registry);
    this.effects = new RoomEffects(environment, this, roster, events, lifetime, leaveDelays);
    this.membership = new RoomMembership(environment, this, roster, leaveDelays);
    this.joins = new RoomJoins(environment, this, roster, leaveDelays);
    ClusterNode cluster = environment.cluster();
    this.log =
        cluster == null
            ? new MemoryLog(environment, this, roster)
            : new ClusterLog(environment, this, roster, cluster);
  }

  /** Reads or changes what the lock guards; the action does memory work only. */
  <T extends @Nullable Object> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Changes what the lock guards, without a result. */
  void runLocked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private static String newEpoch() {
    return Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX);
  }

  @Override
  public Chat chat() {
    return environment.chat();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public RoomOptions options() {
    return options;
  }

  @Override
  public int size() {
    return state.size();
  }

  @Override
  public List<Participant> participants() {
    return locked(() -> state.members().stream().map(this::view).toList());
  }

  /**
   * {@return a member with the name that it has in this room} The same participant may have another
   * name in other rooms for a moment, or if the engine was lost while it was renamed.
   */
  private Participant view(MemberState member) {
    Participant participant = member.participant();
    return participant.name().equals(member.name())
        ? participant
        : new RemoteParticipant(environment, member);
  }

  /** Finds a member on any node. */
  public Optional<Participant> member(String id) {
    return Optional.ofNullable(membership.member(id)).map(this::view);
  }

  /** {@return the number of connections of a participant to this room, on all nodes} */
  public int connections(String id) {
    return locked(
        () -> {
          MemberState member = state.member(id);
          return member == null ? 0 : member.connections().size();
        });
  }

  RoomEntry snapshot() {
    return locked(
        () ->
            new RoomEntry(
                name,
                state.size(),
                roster.connections(),
                roster.suspended(),
                state.position(),
                publisher.storedBytes(),
                state.topic()));
  }

  /** A snapshot of the members with connections to this node, in the order of their joins. */
  public List<LiveParticipant> members() {
    return locked(roster::participants);
  }

  @Override
  public boolean contains(Participant participant) {
    return membership.member(participant.id()) != null;
  }

  @Override
  public CompletionStage<Position> publish(Message message, BroadcastPolicy policy) {
    requireNoRules(policy);
    RoomMessage own = RoomMessage.of(message).withAudience(options.policy().and(policy));
    return own.isAmendment() ? amendments.publish(own) : publisher.publish(own);
  }

  @Override
  public CompletionStage<Position> announce(Payload payload, BroadcastPolicy audience) {
    requireNoRules(audience);
    if (audience.excludesSender() || audience.excludesOrigin()) {
      throw new IllegalArgumentException(
          "an announcement has no sender to exclude: use except(participant) instead of \""
              + audience
              + "\"");
    }
    return publisher.publish(announcement(payload, audience));
  }

  @Override
  public Outcome signal(Message message) {
    return publisher.signal(RoomMessage.of(message).withAudience(options.policy()));
  }

  @Override
  public Outcome signal(Payload payload) {
    return publisher.signal(announcement(payload, BroadcastPolicy.everyone()));
  }

  @Override
  public Position position() {
    return publisher.position();
  }

  @Override
  public Optional<List<Message>> history(HistoryRange range) {
    return Optional.ofNullable(publisher.find(range))
        .map(all -> all.stream().<Message>map(MessageHistory.StoredMessage::message).toList());
  }

  @Override
  public Optional<List<Message>> history(HistoryRange range, Participant recipient) {
    return Optional.ofNullable(publisher.find(range))
        .map(
            all ->
                all.stream()
                    .filter(one -> one.isFor(recipient))
                    .filter(one -> one.message().audience().rulesAllow(one.message(), recipient))
                    .<Message>map(MessageHistory.StoredMessage::message)
                    .toList());
  }

  /** A message of this room without a sender. */
  RoomMessage announcement(Payload payload, BroadcastPolicy audience) {
    return RoomMessage.announcement(this, payload, audience, currentMillis());
  }

  /** A message that a connection to this node publishes. */
  public RoomMessage message(
      RoomSession origin, Payload payload, Optional<Payload> connectionInfo) {
    LiveParticipant participant = origin.participant();
    Sender sender =
        new Sender(
            participant.id(),
            participant.name(),
            participant.info(),
            origin.id(),
            connectionInfo.orElse(null));
    return RoomMessage.published(this, origin, sender, payload, currentMillis());
  }

  /** Changes the name of a member; called with the lock held, on one node only. */
  void applyRename(RoomEvent.MemberUpdated rename) {
    rename.applyTo(state, new EventTime("", "", 0, 0));
  }

  /** {@return a digest of the state, which is equal on all nodes after the same entries} */
  public String stateDigest() {
    return locked(() -> RoomCodec.digest(state));
  }

  /** Appends a sanction, which outlives a room that was closed. */
  private Outcome appendSanction(RoomEvent event) {
    LiveRoom current = registry.get(name).orElse(this);
    Outcome outcome = current.append(event);
    registry.retainSanctions(current);
    return outcome;
  }

  /** Appends an event to the log and waits until it was applied. */
  Outcome append(RoomEvent event) {
    Rejection rejection = log.append(event).rejection();
    return rejection == null ? Outcome.done() : Outcome.rejected(rejection);
  }

  @Override
  public Message messageFrom(Sender sender, Payload payload) {
    Identifiers.requireId("sender's id", sender.id());
    return RoomMessage.from(this, sender, payload, currentMillis());
  }

  @Override
  public CompletionStage<Position> amend(Amendment amendment, Payload payload) {
    return amendments.announce(amendment, payload, BroadcastPolicy.everyone());
  }

  @Override
  public Outcome deleteMessage(Position position) {
    return amendments.delete(position);
  }

  @Override
  public Outcome markRead(String id, Position position) {
    Identifiers.requireId("participant's id", id);
    Notice notice =
        events.notice("RoomNotices.readMarked", notices -> notices.readMarked(this, id, position));
    return append(new RoomEvent.ReadMarked(id, position, notice));
  }

  @Override
  public Optional<Position> readMark(String id) {
    return Optional.ofNullable(locked(() -> state.readMark(id)));
  }

  @Override
  public int unreadCount(String id) {
    long read = readMark(id).map(Position::offset).orElse(0L);
    Participant reader = member(id).orElseGet(() -> registry.remoteParticipant(id, id));
    List<Message> stored =
        history(HistoryRange.last(Integer.MAX_VALUE).folded(), reader).orElse(List.of());
    return (int)
        stored.stream()
            .filter(one -> one.position().orElseThrow().offset() > read)
            .filter(one -> one.isAnnouncement() || !one.sender().id().equals(id))
            .count();
  }

  @Override
  public List<String> readersOf(Position position) {
    return locked(() -> state.readersOf(position));
  }

  @Override
  public Outcome kick(String id, String reason) {
    return membership.removeMember(id, CloseStatus.KICKED.withReason(reason));
  }

  @Override
  public Outcome ban(String id, Duration duration, String reason) {
    CloseStatus status = CloseStatus.BANNED.withReason(reason);
    // In a cluster it may be a member that this node does not know yet.
    Notice notice =
        member(id)
            .or(
                () ->
                    environment.isClustered()
                        ? Optional.of(registry.remoteParticipant(id, id))
                        : Optional.empty())
            .map(
                participant ->
                    events.notice(
                        "RoomNotices.participantRemoved",
                        notices -> notices.participantRemoved(this, participant, status)))
            .orElse(null);
    return impose(true, id, duration, reason, notice);
  }

  @Override
  public Outcome unban(String id) {
    return appendSanction(new RoomEvent.SanctionLifted(true, id));
  }

  @Override
  public Outcome mute(String id, Duration duration, String reason) {
    return impose(false, id, duration, reason, null);
  }

  @Override
  public Outcome unmute(String id) {
    return appendSanction(new RoomEvent.SanctionLifted(false, id));
  }

  @Override
  public Map<String, Rejection> bans() {
    return sanctions.bans().rejections(log.monotonicMillis());
  }

  @Override
  public Optional<Rejection> banOf(String id) {
    return sanctions.bans().rejectionFor(id, log.monotonicMillis());
  }

  @Override
  public Optional<Rejection> muteOf(String id) {
    return sanctions.mutes().rejectionFor(id, log.monotonicMillis());
  }

  @Override
  public Map<String, Rejection> mutes() {
    return sanctions.mutes().rejections(log.monotonicMillis());
  }

  private Outcome impose(
      boolean ban, String id, Duration duration, String reason, @Nullable Notice notice) {
    Identifiers.requireId("participant's id", id);
    if (reason.length() > MAX_REASON_LENGTH) {
      throw new IllegalArgumentException(
          "the reason has " + reason.length() + " characters: at most " + MAX_REASON_LENGTH);
    }
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          "the duration " + duration + " is over at once: give more than zero");
    }
    // Rounded up: a sanction lasts at least as long as was asked for.
    long millis = (Arguments.saturatedNanos(duration) - 1) / 1_000_000 + 1;
    if (!registry.sanctions.hasPlace(log.monotonicMillis())) {
      return Outcome.rejected(
          Rejections.tooManySanctions(name, environment.limits().sanctionsPerRoom()));
    }
    return appendSanction(new RoomEvent.SanctionImposed(ban, id, millis, reason, notice));
  }

  @Override
  public Optional<Role> role(String id) {
    return Optional.ofNullable(membership.member(id)).map(MemberState::role);
  }

  @Override
  public Outcome setRole(String id, Role role) {
    return membership.setRole(id, Objects.requireNonNull(role, "role"));
  }

  @Override
  public String topic() {
    return state.topic();
  }

  @Override
  public Outcome setTopic(String topic) {
    Identifiers.requireTopic(topic);
    Notice notice =
        events.notice("RoomNotices.topicChanged", notices -> notices.topicChanged(this, topic));
    return append(new RoomEvent.TopicChanged(topic, notice));
  }

  @Override
  public Moderation moderation(Participant actor) {
    return new RoomModeration(this, actor);
  }

  @Override
  public void close(String reason) {
    membership.close(CloseStatus.ROOM_CLOSED.withReason(reason));
  }

  /** Does what is due; called by the deadline timer. */
  void runDue(long now) {
    lock.lock();
    try {
      timer.cancel(); // each part asks for its next time
      if (roster.closed) {
        return; // closed after the timer took it out of the queue
      }
      publisher.trim(now);
      lifetime.runDue(now);
    } finally {
      lock.unlock();
    }
    events.deliverWaiting(now);
    membership.leaveDue(now);
  }

  public long currentMillis() {
    return environment.scheduler().currentTimeMillis();
  }

  /** Why a member may not publish. */
  public Optional<Rejection> publishRejectionFor(Member member) {
    return rejectionFor(member.state().role(), Role.Action.PUBLISH)
        .or(
            () ->
                sanctions.mutes().size() == 0
                    ? Optional.empty()
                    : sanctions
                        .mutes()
                        .rejectionFor(member.participant.id(), log.monotonicMillis()));
  }

  /** Why a role may not do something. */
  public Optional<Rejection> rejectionFor(Role role, Role.Action action) {
    return options.roles().allows(role, action)
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                403, Rejection.NOT_ALLOWED, "role " + role.label() + " may not " + action.label()));
  }

  private static void requireNoRules(BroadcastPolicy policy) {
    if (policy.hasRules()) {
      throw new IllegalArgumentException(
          "a rule belongs to a room, not to a call: set it with RoomOptions.withPolicy, or select"
              + " participants with only(...) or except(...)");
    }
  }

  @Override
  public String toString() {
    return "room \"" + name + "\"";
  }
}
