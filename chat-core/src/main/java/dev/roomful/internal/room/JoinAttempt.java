package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Overflow;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RoomNotices;
import dev.roomful.WelcomeMessage;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.state.MessageHistory;
import dev.roomful.internal.state.Notice;
import dev.roomful.internal.state.RoomEvent;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.protocol.JoinReplyEncoder;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.transport.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt of a connection to join a room: what it asks for, and what it receives. */
public final class JoinAttempt {
  /** A bound, because a comparison that ignores digits finds every numbered name taken. */
  private static final int MAX_NAME_NUMBER = 1000;

  /** How many bytes a protocol adds to a replayed message, roughly. */
  private static final int ENVELOPE_BYTES = 256;

  final RoomSession session;
  final HistoryRange replay;
  final Role role;

  /** Whether the role is that of an admission, and not a default. */
  final boolean roleIsAdmitted;

  /** Whether it joins only if its participant is in the room already. */
  final boolean resuming;

  /** Which presence events the connection causes and receives. */
  final PresenceOptions presenceOptions;

  private final @Nullable JoinReplyEncoder joinReply; // null for plain text
  private List<Message> replayedMessages = List.of();

  private Map<MessageHistory.StoredMessage, Boolean> verdicts = Map.of(); // until there is one
  private List<MessageHistory.StoredMessage> unevaluated = List.of();
  private @Nullable JoinInfo joinInfo;
  private boolean seesParticipants;
  private String name = "";
  private @Nullable String nameKey;
  private int nameNumber = 1;
  private @Nullable Notice joinNotice;
  private @Nullable Notice leaveNotice;

  /** The subscription that the session has, until the room has it. */
  @Nullable Subscription subscription;

  private @Nullable Frame reservation;
  private boolean tooSlow;
  private boolean failed;
  private int updateCount;

  /** A join of a connection that was admitted to the room. */
  public JoinAttempt(RoomSession session, HistoryRange replay, Role role) {
    this(session, replay, role, true, false, PresenceOptions.defaults(), serverJoinReply(session));
  }

  /** A join that a connection with a protocol asks for. */
  public JoinAttempt(
      RoomSession session,
      HistoryRange replay,
      Role role,
      JoinReplyEncoder joinReply,
      PresenceOptions presenceOptions) {
    this(session, replay, role, true, false, presenceOptions, joinReply);
  }

  private JoinAttempt(
      RoomSession session,
      HistoryRange replay,
      Role role,
      boolean roleIsAdmitted,
      boolean resuming,
      PresenceOptions presenceOptions,
      @Nullable JoinReplyEncoder joinReply) {
    this.session = session;
    this.replay = replay;
    this.role = role;
    this.roleIsAdmitted = roleIsAdmitted;
    this.resuming = resuming;
    this.presenceOptions = presenceOptions;
    this.joinReply = joinReply;
  }

  /** A join of a room that the resumed session is in. */
  public static JoinAttempt resuming(RoomSession session, HistoryRange replay) {
    return withDefaultRole(session, replay, true);
  }

  /** A join that the application asks for, without an admission. */
  public static JoinAttempt withoutAdmission(RoomSession session, HistoryRange replay) {
    return withDefaultRole(session, replay, false);
  }

  private static JoinAttempt withDefaultRole(
      RoomSession session, HistoryRange replay, boolean resuming) {
    return new JoinAttempt(
        session,
        replay,
        Role.MEMBER,
        false,
        resuming,
        PresenceOptions.defaults(),
        serverJoinReply(session));
  }

  private static @Nullable JoinReplyEncoder serverJoinReply(RoomSession session) {
    ProtocolHandler handler = session.protocolHandler();
    return handler == null ? null : handler.serverJoinReply();
  }

  /** Whether it needs the state of the room at the moment of the join. */
  public boolean needsJoinInfo(LiveRoom room) {
    return joinReply != null || replay.limit() > 0 || room.options().welcome() != null;
  }

  /** Whether that has the participants; protocols request them, not at each join under the lock. */
  public boolean needsParticipants(LiveRoom room) {
    return room.options().welcome() != null;
  }

  public boolean hasJoined() {
    return joinInfo != null;
  }

  /** Asks the application for what others and the connection receive; called with no lock held. */
  public void prepare(RoomEnvironment environment, LiveRoom room) {
    LiveParticipant participant = session.participant();
    RoomNotices notices = room.options().notices();
    try {
      if (nameNumber > 1) {
        participant.appendNumber(nameNumber);
      }
      updateCount = participant.updateCount();
      name = participant.name();
      nameKey = room.options().displayNames().key(name);
      seesParticipants = room.options().roles().allows(role, Role.Action.SEE_PARTICIPANTS);
      joinNotice =
          Notice.of(notices.participantJoined(room, participant), environment.payloadEncoder());
      leaveNotice =
          Notice.of(notices.participantLeft(room, participant), environment.payloadEncoder());
      evaluateRules();
    } catch (Throwable failure) {
      fail("RoomOptions", room, failure);
    }
  }

  /**
   * Returns the event of the join, as it was prepared.
   *
   * @param replacedConnectionId the connection that it replaces without anybody's notice, or null
   */
  RoomEvent.Joined event(@Nullable String replacedConnectionId) {
    LiveParticipant participant = session.participant();
    return new RoomEvent.Joined(
        participant,
        participant.id(),
        name,
        nameKey,
        participant.attributes(),
        role,
        seesParticipants,
        resuming,
        session.id(),
        replacedConnectionId,
        presenceOptions,
        joinNotice,
        leaveNotice);
  }

  /** Asks the rules about missed messages again; called with no lock held. */
  void evaluateRules(LiveRoom room) {
    try {
      evaluateRules();
    } catch (Throwable failure) {
      fail("BroadcastPolicy.Rule", room, failure);
    }
  }

  private void evaluateRules() {
    for (MessageHistory.StoredMessage stored : unevaluated) {
      if (verdicts.isEmpty()) {
        verdicts = new HashMap<>();
      }
      verdicts.put(
          stored, stored.message().audience().rulesAllow(stored.message(), session.participant()));
    }
  }

  /** Whether the rules were asked about all these messages, or have failed. */
  boolean hasVerdicts(@Nullable List<MessageHistory.StoredMessage> missed) {
    unevaluated =
        missed == null || missed.isEmpty()
            ? List.of()
            : missed.stream()
                .filter(
                    stored ->
                        stored.message().audience().hasRules() && !verdicts.containsKey(stored))
                .toList();
    return failed || unevaluated.isEmpty();
  }

  /**
   * Whether the preparation still applies, or has failed. Messages that rules have to be asked
   * about are remembered for the next preparation.
   */
  public boolean isPreparedFor(@Nullable List<MessageHistory.StoredMessage> missed) {
    return hasVerdicts(missed) && (failed || updateCount == session.participant().updateCount());
  }

  /** Called if its name is taken: whether to try again with the next number. */
  public boolean mayTryAnotherName(LiveRoom room) {
    boolean mayBeNumbered =
        room.options().displayNames().areNumbered() && session.participant().roomCount() == 0;
    if (mayBeNumbered && nameNumber < MAX_NAME_NUMBER) {
      nameNumber++;
    }
    return mayBeNumbered && nameNumber < MAX_NAME_NUMBER;
  }

  private void fail(String what, LiveRoom room, Throwable failure) {
    failed = true;
    LogEvent.JOIN_CALLBACK_FAILED.logFailure(
        () -> what + " threw an exception at a join; closing the connection",
        failure,
        what,
        session.participant().id(),
        room.name());
    session.close(CloseStatus.FAILED, SessionCloseMode.AFTER_FLUSH);
  }

  /**
   * Takes the state of the room, reserves the place of the first frame, and queues the replay.
   * Called with the room's lock held, after the join.
   *
   * @param missed the messages of the requested range, or null if some are not stored any more
   * @param maxBytes the bound of the replay
   */
  public void joined(
      LiveRoom room,
      List<? extends Participant> participants,
      Position position,
      @Nullable List<MessageHistory.StoredMessage> missed,
      int maxBytes) {
    Deque<RoomMessage> replayed = missed == null ? null : selectReplay(missed, maxBytes);
    boolean recovered = replayed != null && replay.since() != null;
    joinInfo =
        new JoinSnapshot(
            room,
            session.participant(),
            position,
            recovered,
            replayed == null ? 0 : replayed.size(),
            List.copyOf(participants),
            session.isResumption(),
            Optional.ofNullable(session.resumeSecret()));
    if (joinReply != null || room.options().welcome() != null) {
      reservation = session.outbox().reserve();
      tooSlow = reservation == null;
    }
    if (replayed != null && joinReply != null) {
      replayedMessages = List.copyOf(replayed);
    } else if (replayed != null) {
      for (RoomMessage message : replayed) {
        tooSlow |= !session.outbox().offer(message.frame(), Overflow.DISCONNECT);
      }
    }
  }

  /** Fills the place of the first frame; called with no lock held. */
  public void finish(RoomEnvironment environment, LiveRoom room) {
    if (joinInfo == null) {
      return;
    }
    if (reservation != null) {
      tooSlow |=
          !session.outbox().fillReservation(reservation, firstFrame(environment, room, joinInfo));
    }
    if (tooSlow) {
      session.closeTooSlow();
    }
    session.outbox().wake();
  }

  private @Nullable Frame firstFrame(RoomEnvironment environment, LiveRoom room, JoinInfo info) {
    WelcomeMessage welcome = room.options().welcome();
    try {
      Payload payload = welcome == null ? null : welcome.payloadFor(info);
      // Encoded in any case: it rejects a welcome message that is too large for an outbox.
      Frame plain = payload == null ? null : environment.payloadEncoder().of(payload);
      return joinReply == null ? plain : joinReply.encode(info, replayedMessages, payload);
    } catch (Throwable failure) {
      fail("WelcomeMessage", room, failure);
      return null;
    }
  }

  private int connectionInfoBytes(RoomMessage message) {
    return joinReply == null
        ? 0
        : message.isAnnouncement()
            ? 0
            : message.sender().connectionInfo().map(Payload::size).orElse(0);
  }

  /**
   * Selects the missed messages that it may receive and that fit.
   *
   * @return the newest of them; null if it asked for all since a position, and not all fit
   */
  private @Nullable Deque<RoomMessage> selectReplay(
      List<MessageHistory.StoredMessage> missed, int maxBytes) {
    Deque<RoomMessage> replayed = new ArrayDeque<>();
    int envelopeBytes = joinReply == null ? 0 : ENVELOPE_BYTES;
    long bytes = 0;
    for (int i = missed.size() - 1; i >= 0; i--) {
      MessageHistory.StoredMessage stored = missed.get(i);
      if (stored.isFor(session.participant()) && verdicts.getOrDefault(stored, true)) {
        bytes +=
            stored.message().frame().size()
                + Outbox.FRAME_COST
                + envelopeBytes
                + connectionInfoBytes(stored.message());
        if (bytes > maxBytes) {
          return replay.since() == null ? replayed : null;
        }
        replayed.addFirst(stored.message());
      }
    }
    return replayed;
  }
}
