package dev.roomful.internal.state;

import dev.roomful.Payload;
import dev.roomful.cluster.LogEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one participant on all nodes. For one thread at a time; nothing here reads a
 * clock, so that the same entries lead to the same state on every node.
 */
public final class ParticipantState {
  /** How many payloads are kept for a session whose node is gone; it ends at more. */
  private static final int MAX_KEPT = 100;

  private static final int SESSION = 1;
  private static final int NODE = 2;
  private static final int LOG_MILLIS = 3;

  private final long resumeMillis;
  private final Map<String, SessionRecord> sessions = new LinkedHashMap<>();
  private final NodeSequences nodes = new NodeSequences();
  private long logMillis;

  /**
   * Creates the state of a participant without sessions.
   *
   * @param resumeMillis how long a session is kept whose node is gone
   */
  public ParticipantState(long resumeMillis) {
    this.resumeMillis = resumeMillis;
  }

  /** One session. */
  public static final class SessionRecord {
    private final String connectionId;
    private final String node;
    private final String secretHash;
    private final String name;
    private final long since;
    private final Set<String> rooms = new LinkedHashSet<>();

    /** Until when it can be resumed because its node is gone, 0 if the node is there. */
    private long keptUntil;

    /** What was sent since its node is gone. */
    private final List<Payload> kept = new ArrayList<>(0);

    SessionRecord(String connectionId, String node, String secretHash, String name, long since) {
      this.connectionId = connectionId;
      this.node = node;
      this.secretHash = secretHash;
      this.name = name;
      this.since = since;
    }

    public String connectionId() {
      return connectionId;
    }

    public String node() {
      return node;
    }

    public String name() {
      return name;
    }

    /** {@return when it began, in milliseconds since 1970 on the clock of the log} */
    public long since() {
      return since;
    }

    public Set<String> rooms() {
      return Collections.unmodifiableSet(rooms);
    }

    /** {@return whether its node is gone} */
    public boolean isOrphan() {
      return keptUntil > 0;
    }
  }

  /**
   * What an entry changed.
   *
   * @param ended sessions that are no more
   * @param kept what was sent to a resumed session since its node was gone
   * @param reached whether the participant has a session
   */
  public record Change(List<SessionRecord> ended, List<Payload> kept, boolean reached) {}

  /** {@return the sessions, the oldest first} */
  public Collection<SessionRecord> sessions() {
    return Collections.unmodifiableCollection(sessions.values());
  }

  public NodeSequences nodes() {
    return nodes;
  }

  /** {@return the session that can be resumed with a secret, or null} */
  public @Nullable SessionRecord find(String secretHash) {
    for (SessionRecord session : sessions.values()) {
      if (session.secretHash.equals(secretHash)) {
        return session;
      }
    }
    return null;
  }

  /**
   * Applies an entry of the participant's log.
   *
   * @return what it changed, or null if it is to be ignored
   */
  public @Nullable Change apply(ParticipantEvent event, LogEntry entry) {
    logMillis = Math.max(logMillis, entry.millis());
    if (!nodes.accept(entry.node(), entry.nodeSequence(), logMillis)) {
      return null;
    }
    sessions.values().removeIf(session -> session.isOrphan() && session.keptUntil <= logMillis);
    boolean reached = !sessions.isEmpty();
    List<SessionRecord> ended = new ArrayList<>(0);
    List<Payload> kept = List.of();
    switch (event.kind()) {
      case ATTACHED -> attach(event, entry);
      case SUBSCRIBED -> roomsOf(event).add(event.room());
      case UNSUBSCRIBED -> roomsOf(event).remove(event.room());
      case DETACHED -> remove(event.connectionId(), ended);
      case SENT -> keepForOrphans(event.payloads(), ended);
      case DISCONNECTED -> {
        ended.addAll(sessions.values());
        sessions.clear();
      }
      case RESUMED -> {
        kept = new ArrayList<>();
        for (SessionRecord resumed = find(event.secretHash());
            resumed != null;
            resumed = find(event.secretHash())) {
          kept.addAll(resumed.kept);
          remove(resumed.connectionId, ended);
        }
        reached = !ended.isEmpty();
        attach(event, entry);
      }
      case NODE_LOST -> lose(event.name(), ended);
      case HANDED_OVER, CALLED, RETURNED, UNKNOWN -> {}
    }
    return new Change(ended, kept, reached);
  }

  private void attach(ParticipantEvent event, LogEntry entry) {
    SessionRecord session =
        new SessionRecord(
            event.connectionId(), entry.node(), event.secretHash(), event.name(), logMillis);
    if (!event.room().isEmpty()) {
      session.rooms.add(event.room());
    }
    sessions.put(event.connectionId(), session);
  }

  /** {@return the rooms of the session that an event names; those of no session if it has ended} */
  private Set<String> roomsOf(ParticipantEvent event) {
    SessionRecord session = sessions.get(event.connectionId());
    return session == null ? new LinkedHashSet<>() : session.rooms;
  }

  private void remove(String connectionId, List<SessionRecord> ended) {
    SessionRecord session = sessions.remove(connectionId);
    if (session != null) {
      ended.add(session);
    }
  }

  private void keepForOrphans(List<Payload> payloads, List<SessionRecord> ended) {
    for (SessionRecord session : List.copyOf(sessions.values())) {
      if (session.isOrphan()) {
        session.kept.addAll(payloads);
        if (session.kept.size() > MAX_KEPT) {
          remove(session.connectionId, ended); // it cannot be given all that it missed
        }
      }
    }
  }

  private void lose(String node, List<SessionRecord> ended) {
    nodes.lose(node, logMillis);
    for (SessionRecord session : List.copyOf(sessions.values())) {
      if (!session.node.equals(node)) {
        continue;
      }
      if (session.secretHash.isEmpty()) {
        remove(session.connectionId, ended);
      } else if (!session.isOrphan()) {
        session.keptUntil = logMillis + resumeMillis;
      }
    }
  }

  /** {@return the binary form of the whole state} */
  public byte[] encode() {
    FieldWriter writer = new FieldWriter();
    sessions.values().forEach(one -> writer.message(SESSION, one, ParticipantState::writeSession));
    nodes.all().entrySet().forEach(one -> writer.message(NODE, one, SnapshotFields::writeNode));
    writer.int64IfNotZero(LOG_MILLIS, logMillis);
    return writer.toByteArray();
  }

  private static void writeSession(FieldWriter writer, SessionRecord session) {
    writer
        .string(1, session.connectionId)
        .string(2, session.node)
        .string(3, session.secretHash)
        .string(4, session.name)
        .int64(5, session.since)
        .int64IfNotZero(6, session.keptUntil);
    session.rooms.forEach(room -> writer.string(7, room));
    session.kept.forEach(one -> writer.message(8, one, CommonFields::writePayload));
  }

  /**
   * Replaces the whole state.
   *
   * @param snapshot the binary form, or null for a participant without sessions
   * @throws IllegalArgumentException if the bytes are malformed
   */
  public void restore(byte @Nullable [] snapshot) {
    Map<String, SessionRecord> restored = new LinkedHashMap<>();
    Map<String, NodeSequences.Last> restoredNodes = new LinkedHashMap<>();
    long millis = 0;
    FieldReader reader = new FieldReader(snapshot == null ? new byte[0] : snapshot);
    while (reader.next()) {
      switch (reader.field()) {
        case SESSION -> {
          SessionRecord session = readSession(reader.message());
          restored.put(session.connectionId, session);
        }
        case NODE -> SnapshotFields.readNode(reader.message(), restoredNodes);
        case LOG_MILLIS -> millis = reader.int64();
        default -> {}
      }
    }
    sessions.clear();
    sessions.putAll(restored);
    nodes.restore(restoredNodes);
    logMillis = millis;
  }

  private static SessionRecord readSession(FieldReader reader) {
    String connectionId = "";
    String node = "";
    String secretHash = "";
    String name = "";
    long since = 0;
    long keptUntil = 0;
    List<String> rooms = new ArrayList<>();
    List<Payload> kept = new ArrayList<>(0);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> connectionId = reader.string();
        case 2 -> node = reader.string();
        case 3 -> secretHash = reader.string();
        case 4 -> name = reader.string();
        case 5 -> since = reader.int64();
        case 6 -> keptUntil = reader.int64();
        case 7 -> rooms.add(reader.string());
        case 8 -> kept.add(CommonFields.readPayload(reader.message()));
        default -> {}
      }
    }
    SessionRecord session = new SessionRecord(connectionId, node, secretHash, name, since);
    session.keptUntil = keptUntil;
    session.rooms.addAll(rooms);
    session.kept.addAll(kept);
    return session;
  }
}
