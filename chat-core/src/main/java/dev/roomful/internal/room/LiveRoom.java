package dev.roomful.internal.room;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Moderation;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.validation.Identifiers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** A room of this node: its members, its log and its settings. */
public final class LiveRoom implements Room {
  private final RoomEnvironment environment;
  private final String name;
  private final RoomOptions options;

  /** Held for memory work only: never while application code or a transport runs. */
  public final ReentrantLock lock = new ReentrantLock();

  /** Rooms that are locked together are locked in this order. */
  final long number;

  /** When the room next has something to do; guarded by the lock. */
  final RoomDueTime timer;

  private final Roster roster = new Roster();
  public final Publisher publisher;
  public final RoomMembership membership;
  final RoomJoins joins;
  final RoomEventSender events;
  final RoomLifetime lifetime;
  private volatile String topic = ""; // changed with the lock held

  public LiveRoom(
      RoomEnvironment environment,
      String name,
      RoomOptions options,
      long number,
      RoomRegistry registry) {
    this.environment = environment;
    this.name = name;
    this.options = options;
    this.number = number;
    this.timer = new RoomDueTime(registry.deadlines, this);
    this.publisher = new Publisher(environment, this, roster, registry);
    this.events = new RoomEventSender(environment, this, roster);
    this.lifetime = new RoomLifetime(environment, this, roster, registry);
    this.membership = new RoomMembership(environment, this, roster, events, lifetime);
    this.joins = new RoomJoins(environment, this, roster, events, lifetime, membership);
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
    return roster.size();
  }

  @Override
  public List<Participant> participants() {
    return List.copyOf(members());
  }

  /** A snapshot of the members, in the order in which they joined. */
  public List<LiveParticipant> members() {
    lock.lock();
    try {
      return roster.participants();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean contains(Participant participant) {
    return membership.member(participant.id()) != null;
  }

  @Override
  public CompletionStage<Position> publish(Message message, BroadcastPolicy policy) {
    requireNoRules(policy);
    return publisher.publish(RoomMessage.of(message).withAudience(options.policy().and(policy)));
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
    return publisher.publish(RoomMessage.announcement(this, payload, audience));
  }

  @Override
  public Outcome signal(Message message) {
    return publisher.signal(RoomMessage.of(message).withAudience(options.policy()));
  }

  @Override
  public Outcome signal(Payload payload) {
    return publisher.signal(RoomMessage.announcement(this, payload, BroadcastPolicy.everyone()));
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

  @Override
  public Outcome deleteMessage(Position position) {
    return publisher.delete(position).isPresent()
        ? Outcome.done()
        : notFound("no message is stored at " + position);
  }

  @Override
  public Outcome kick(String id, String reason) {
    return membership.removeMember(id, CloseStatus.KICKED.withReason(reason))
        ? Outcome.done()
        : notInRoom(id);
  }

  @Override
  public Outcome ban(String id, Duration duration, String reason) {
    CloseStatus status = CloseStatus.BANNED.withReason(reason);
    Outcome outcome = environment.bans().impose(name, id, duration, reason);
    if (outcome.isDone()) {
      membership.removeMember(id, status);
    }
    return outcome;
  }

  @Override
  public Outcome unban(String id) {
    return environment.bans().lift(name, id)
        ? Outcome.done()
        : notFound("participant \"" + id + "\" is not banned from " + this);
  }

  @Override
  public Outcome mute(String id, Duration duration, String reason) {
    return environment.mutes().impose(name, id, duration, reason);
  }

  @Override
  public Outcome unmute(String id) {
    return environment.mutes().lift(name, id)
        ? Outcome.done()
        : notFound("participant \"" + id + "\" is not muted in " + this);
  }

  @Override
  public Optional<Role> role(String id) {
    return Optional.ofNullable(membership.member(id)).map(member -> member.role);
  }

  @Override
  public Outcome setRole(String id, Role role) {
    return membership.setRole(id, Objects.requireNonNull(role, "role"))
        ? Outcome.done()
        : notInRoom(id);
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public Outcome setTopic(String newTopic) {
    Identifiers.requireTopic(newTopic);
    Notice notice = events.notice("topicChanged", notices -> notices.topicChanged(this, newTopic));
    boolean open =
        events.locked(
            () -> {
              if (!roster.closed) {
                topic = newTopic;
                events.sendNotice(notice, all -> true);
              }
              return !roster.closed;
            });
    return open ? Outcome.done() : Outcome.rejected(Rejections.roomClosed(name));
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
    membership.runDue(now);
  }

  public long currentMillis() {
    return environment.scheduler().currentTimeMillis();
  }

  /** Why a member may not publish. */
  public Optional<Rejection> publishRejectionFor(Member member) {
    return rejectionFor(member.role, Role.Action.PUBLISH)
        .or(() -> environment.mutes().rejectionFor(name, member.participant.id()));
  }

  /** Why a role may not do something. */
  public Optional<Rejection> rejectionFor(Role role, Role.Action action) {
    return options.roles().allows(role, action)
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                403, Rejection.NOT_ALLOWED, "role " + role.label() + " may not " + action.label()));
  }

  private Outcome notInRoom(String id) {
    return notFound("participant \"" + id + "\" is not in " + this);
  }

  private static Outcome notFound(String reason) {
    return Outcome.rejected(Rejections.notFound(reason));
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
