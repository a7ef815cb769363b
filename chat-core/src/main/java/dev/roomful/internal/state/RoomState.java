package dev.roomful.internal.state;

import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.state.Applied.Departure;
import dev.roomful.internal.state.Sanctions.Sanction;
import dev.roomful.internal.validation.Arguments;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of a room: members and their connections on all nodes, names, roles, topic, sanctions
 * and messages. Events change it, and nothing else; whether an event is rejected is decided here,
 * so that all nodes agree. Guarded by the room's lock.
 */
public final class RoomState {
  /** How long a room is kept at least whose last members were on a lost node: they may be back. */
  private static final long KEPT_AFTER_LOSS_MILLIS = 30_000;

  /** The epoch of a room of which no entry was applied yet. */
  public static final String NO_EPOCH = "0";

  private final String room;
  private final RoomOptions options;
  private final MemberTable members = new MemberTable();
  private final Sanctions bans;
  private final Sanctions mutes;
  private final MessageSequence sequence;
  private final MessageHistory history;
  private final NodeSequences nodes = new NodeSequences();
  private final ReadMarks readMarks = new ReadMarks();

  /** The time of the log: does not go back. */
  private volatile long logMillis;

  /** The generation of the last entry, empty if there is none. */
  private String generation = "";

  /** When the last member left, on the time of the log; later if it was lost with its node. */
  private long emptySince;

  private volatile String topic = "";

  /**
   * The sanctions of a room, which exist longer than the room.
   *
   * @param bans who may not join
   * @param mutes who may not publish
   */
  public record RoomSanctions(Sanctions bans, Sanctions mutes) {
    public static RoomSanctions of(int limit) {
      return new RoomSanctions(
          new Sanctions(Rejection.BANNED, limit), new Sanctions(Rejection.MUTED, limit));
    }

    public int size() {
      return bans.size() + mutes.size();
    }
  }

  /**
   * Creates the state of a room that was not used yet.
   *
   * @param room the room's name
   * @param options the same on all nodes
   * @param sanctions those that are in force already
   * @param epoch identifies this lifetime of the room
   * @param clock the chat's clock in nanoseconds, for the age of stored messages
   * @param historyBudget receives how many bytes more, or fewer, are stored
   */
  public RoomState(
      String room,
      RoomOptions options,
      RoomSanctions sanctions,
      String epoch,
      LongSupplier clock,
      LongConsumer historyBudget) {
    this.room = room;
    this.options = options;
    this.bans = sanctions.bans();
    this.mutes = sanctions.mutes();
    this.sequence = new MessageSequence(epoch);
    this.history = new MessageHistory(options.history(), sequence, clock, historyBudget);
  }

  // What the state is.

  /** {@return the number of members; may be read without the lock} */
  public int size() {
    return members.size();
  }

  public @Nullable MemberState member(String id) {
    return members.get(id);
  }

  /** {@return the members, in the order in which they joined} */
  public Collection<MemberState> members() {
    return members.all();
  }

  /** {@return the participants, in the order in which they joined} */
  public List<Participant> participants() {
    return members.all().stream().map(MemberState::participant).toList();
  }

  /** {@return whether another participant has a name with this key} */
  public boolean isNameTaken(@Nullable String nameKey, String id) {
    return members.isNameTaken(nameKey, id);
  }

  /** {@return the listed connections of all members} */
  public List<PresenceEntry> presence() {
    return members.presence();
  }

  public PresenceCount presenceCount() {
    return members.presenceCount();
  }

  /** {@return the topic; may be read without the lock} */
  public String topic() {
    return topic;
  }

  /** {@return who may not join; may be read without the lock} */
  public Sanctions bans() {
    return bans;
  }

  /** {@return who may not publish; may be read without the lock} */
  public Sanctions mutes() {
    return mutes;
  }

  public MessageHistory history() {
    return history;
  }

  /** {@return the position of the newest message} */
  public Position position() {
    return sequence.position();
  }

  /** {@return up to which position a participant has read, or null} */
  public @Nullable Position readMark(String id) {
    OptionalLong offset = readMarks.offset(id);
    return offset.isEmpty() ? null : new Position(position().epoch(), offset.getAsLong());
  }

  /** {@return the ids of the participants who have read a message} */
  public List<String> readersOf(Position position) {
    return sequence.contains(position) ? readMarks.readersOf(position.offset()) : List.of();
  }

  /** {@return the entries of each node} */
  public NodeSequences nodes() {
    return nodes;
  }

  /**
   * {@return the time of the log in milliseconds since 1970, which does not go back; may be read
   * without the lock}
   */
  public long logMillis() {
    return logMillis;
  }

  /** {@return the whole state; its maps and members are those of this state} */
  RoomSnapshot snapshot() {
    return new RoomSnapshot(
        position(),
        sequence.lastMillis(),
        sequence.earlierEpochs(),
        sequence.keys(),
        logMillis,
        emptySince,
        generation,
        topic,
        List.copyOf(members.all()),
        bans.inForce(logMillis),
        mutes.inForce(logMillis),
        nodes.all(),
        history.all(),
        history.lastEvictedOffset(),
        readMarks.all());
  }

  /** Replaces the whole state by that of a room of which no entry was applied yet. */
  public void clear() {
    restore(
        new RoomSnapshot(
            new Position(NO_EPOCH, 0),
            0,
            Map.of(),
            Map.of(),
            0,
            0,
            "",
            "",
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            0,
            Map.of()));
  }

  /** Replaces the whole state. */
  void restore(RoomSnapshot snapshot) {
    sequence.restore(
        snapshot.position(),
        snapshot.lastMessageMillis(),
        snapshot.earlierEpochs(),
        snapshot.keys());
    nodes.restore(snapshot.nodes());
    bans.restore(snapshot.bans());
    mutes.restore(snapshot.mutes());
    logMillis = snapshot.logMillis();
    emptySince = snapshot.emptySince();
    generation = snapshot.generation();
    topic = snapshot.topic();
    history.restore(snapshot.messages(), snapshot.lastEvictedOffset(), logMillis);
    readMarks.restore(snapshot.readMarks());
    members.restore(snapshot.members());
  }

  // How events change it.

  /**
   * Applies an entry of a log that several nodes share.
   *
   * @param entry the entry
   * @param epoch the epoch that the node which appended it knew
   * @return what it changed, or null if it is to be ignored: it is a duplicate, an entry of its
   *     node before it is missing, or its node is lost
   */
  public @Nullable Applied apply(RoomEvent event, LogEntry entry, String epoch) {
    logMillis = Math.max(logMillis, entry.millis());
    if (!generation.equals(entry.generation())) {
      if (!generation.isEmpty()) {
        sequence.continueAs(entry.token()); // later positions of the epoch may have been lost
      }
      generation = entry.generation();
    }
    if (!nodes.accept(entry.node(), entry.nodeSequence(), logMillis)) {
      return null;
    }
    if (position().epoch().equals(NO_EPOCH)) {
      sequence.continueAs(entry.token());
    }
    if (isRemovable() && logMillis - emptySince >= keepEmptyMillis()) {
      reset(entry.token());
    }
    if (!sequence.hasEpochOf(new Position(epoch, 0)) && !outlivesRoom(event)) {
      return Applied.rejected(Rejections.roomClosed(room));
    }
    int before = members.size();
    Applied applied =
        event.applyTo(this, new EventTime(entry.node(), entry.token(), entry.millis(), logMillis));
    if (event instanceof RoomEvent.NodeLost lost) {
      nodes.lose(lost.node(), logMillis);
    }
    if (event instanceof RoomEvent.Closed) {
      reset(entry.token());
    } else if (before > 0 && members.isEmpty() && !options.isPermanent()) {
      emptySince = logMillis;
      if (event instanceof RoomEvent.NodeLost) {
        emptySince += Math.max(0, KEPT_AFTER_LOSS_MILLIS - keepEmptyMillis());
      } else if (options.keepEmptyFor().isZero()) {
        reset(entry.token());
      }
    }
    return applied;
  }

  private long keepEmptyMillis() {
    return Arguments.saturatedNanos(options.keepEmptyFor()) / 1_000_000;
  }

  /** Whether an event is about the name of the room rather than about one lifetime of it. */
  public static boolean outlivesRoom(RoomEvent event) {
    return event instanceof RoomEvent.SanctionImposed
        || event instanceof RoomEvent.SanctionLifted
        || event instanceof RoomEvent.NodeLost
        || event instanceof RoomEvent.ConnectionLeft;
  }

  private boolean isRemovable() {
    return members.isEmpty() && !options.isPermanent() && emptySince > 0;
  }

  /** Begins another lifetime of the room: everything is forgotten but sanctions. */
  private void reset(String epoch) {
    sequence.reset(epoch);
    history.reset();
    readMarks.clear();
    topic = "";
    emptySince = 0;
  }

  /**
   * Gives a message its place, and stores it.
   *
   * @return with the message; with the message that has the same idempotency key, without its
   *     content, if there was one before
   */
  Applied publish(RoomMessage message, long millis, long monotonicMillis) {
    Rejection rejection = publishRejection(message, monotonicMillis);
    if (rejection != null) {
      return Applied.rejected(rejection);
    }
    Position duplicate = sequence.duplicateOf(message);
    return Applied.of(
        duplicate == null ? append(message, millis) : message.withPosition(duplicate, millis));
  }

  /** {@return why a message may not be published, or null} */
  public @Nullable Rejection publishRejection(RoomMessage message, long monotonicMillis) {
    return message.isAnnouncement()
        ? null
        : mutes.rejectionFor(message.sender().id(), monotonicMillis).orElse(null);
  }

  /** {@return the position of a message with the same idempotency key, or null} */
  public @Nullable Position duplicateOf(RoomMessage message) {
    return sequence.duplicateOf(message);
  }

  /** Gives a message that is not rejected and no duplicate its place, and stores it. */
  public RoomMessage append(RoomMessage message, long millis) {
    RoomMessage appended = sequence.append(message, millis);
    if (!appended.isAmendment() || history.amend(appended)) {
      history.add(appended);
    }
    return appended;
  }

  Applied join(RoomEvent.Joined joined, EventTime time) {
    Rejection rejection = joinRejection(joined, time.monotonicMillis());
    return rejection == null ? members.join(joined, time.node()) : Applied.rejected(rejection);
  }

  /** {@return why a connection may not join, or null} */
  public @Nullable Rejection joinRejection(RoomEvent.Joined joined, long monotonicMillis) {
    if (members.get(joined.id()) != null) {
      return null;
    }
    if (joined.resuming()) {
      return Rejections.notAMember(joined.id(), room);
    }
    Optional<Rejection> banned = bans.rejectionFor(joined.id(), monotonicMillis);
    if (banned.isPresent()) {
      return banned.get();
    }
    if (members.size() >= options.capacity()) {
      return Rejections.roomFull(room);
    }
    return members.isNameTaken(joined.nameKey(), joined.id())
        ? Rejections.nameTaken(room, joined.name())
        : null;
  }

  Applied removeConnection(RoomEvent.ConnectionLeft left) {
    MemberState member = members.get(left.id());
    ConnectionState connection = member == null ? null : member.connection(left.connectionId());
    return member == null || connection == null
        ? Applied.unchanged()
        : Applied.left(
            List.of(
                members.depart(member, List.of(connection), left.status(), member.leaveNotice())));
  }

  Applied removeMember(RoomEvent.MemberRemoved removed) {
    MemberState member = members.get(removed.id());
    return member == null
        ? Applied.rejected(Rejections.notInRoom(removed.id(), room))
        : Applied.left(
            List.of(
                members.depart(
                    member,
                    List.copyOf(member.connections()),
                    removed.status(),
                    removed.notice())));
  }

  Applied removeNode(String node) {
    List<Departure> departures = new ArrayList<>();
    for (MemberState member : List.copyOf(members.all())) {
      List<ConnectionState> lost =
          member.connections().stream()
              .filter(connection -> connection.node().equals(node))
              .toList();
      if (!lost.isEmpty()) {
        departures.add(members.depart(member, lost, CloseStatus.LOST, member.leaveNotice()));
      }
    }
    return Applied.left(departures);
  }

  Applied updateMember(RoomEvent.MemberUpdated update) {
    MemberState member = members.get(update.id());
    if (member == null) {
      return Applied.rejected(Rejections.notInRoom(update.id(), room));
    }
    if (update.name() != null) {
      if (members.isNameTaken(update.nameKey(), update.id())) {
        return Applied.rejected(Rejections.nameTaken(room, update.name()));
      }
      members.setNameKey(member, update.nameKey());
    }
    member.update(update);
    return Applied.of(member);
  }

  Applied changeRole(RoomEvent.RoleChanged change) {
    MemberState member = members.get(change.id());
    if (member == null) {
      return Applied.rejected(Rejections.notInRoom(change.id(), room));
    }
    if (change.admitted() && member.admittedRole() == change.role()) {
      return Applied.unchanged();
    }
    member.setRole(change);
    return Applied.of(member);
  }

  Applied changeTopic(RoomEvent.TopicChanged change) {
    topic = change.topic();
    return Applied.unchanged();
  }

  Applied imposeSanction(RoomEvent.SanctionImposed imposed, EventTime time) {
    Sanctions sanctions = imposed.ban() ? bans : mutes;
    if (!sanctions.impose(
        imposed.id(), new Sanction(imposed.reason(), time.monotonicMillis(), imposed.millis()))) {
      return Applied.rejected(Rejections.tooManySanctions(room, sanctions.limit()));
    }
    MemberState member = imposed.ban() ? members.get(imposed.id()) : null;
    return member == null
        ? Applied.unchanged()
        : Applied.left(
            List.of(
                members.depart(
                    member,
                    List.copyOf(member.connections()),
                    CloseStatus.truncated(CloseStatus.BANNED.code(), imposed.reason()),
                    imposed.notice())));
  }

  Applied liftSanction(RoomEvent.SanctionLifted lifted, EventTime time) {
    Sanctions sanctions = lifted.ban() ? bans : mutes;
    return sanctions.lift(lifted.id(), time.monotonicMillis())
        ? Applied.unchanged()
        : Applied.rejected(
            Rejections.notFound(
                "participant \""
                    + lifted.id()
                    + (lifted.ban() ? "\" is not banned from" : "\" is not muted in")
                    + " room \""
                    + room
                    + "\""));
  }

  Applied markRead(String id, Position position) {
    if (!sequence.contains(position)) {
      return Applied.rejected(Rejections.noPosition(position));
    }
    return readMarks.move(id, position.offset()) ? Applied.unchanged() : Applied.alreadyKnown();
  }

  Applied close(CloseStatus status) {
    List<Departure> departures = new ArrayList<>();
    for (MemberState member : List.copyOf(members.all())) {
      departures.add(members.depart(member, List.copyOf(member.connections()), status, null));
    }
    return Applied.left(departures);
  }
}
