package dev.roomful;

import dev.roomful.admission.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Rooms and sessions of this node at one moment, for admin pages: {@link Chat#snapshot}. Components
 * may be added in later versions.
 *
 * <p><b>Consistency.</b> Immutable. Each room is read under its lock and each session under its
 * own, so an entry is consistent in itself. Entries are of slightly different moments: a
 * participant that joins meanwhile may be in a session's rooms and not yet in a room's count.
 *
 * @param time when it was taken, on this node's clock
 * @param rooms the rooms with the most participants, the largest first
 * @param roomCount how many rooms there are, also those that are not in the list
 * @param sessions the sessions with the most queued bytes, and of those with equally many the
 *     oldest, in this order
 * @param sessionCount how many sessions there are, also those that are not in the list
 */
public record ChatSnapshot(
    Instant time,
    List<RoomEntry> rooms,
    int roomCount,
    List<SessionEntry> sessions,
    int sessionCount) {
  /**
   * Copies the lists.
   *
   * @param time when it was taken
   * @param rooms some of the rooms
   * @param roomCount how many rooms there are
   * @param sessions some of the sessions
   * @param sessionCount how many sessions there are
   * @throws NullPointerException if an argument is null
   */
  public ChatSnapshot {
    rooms = List.copyOf(rooms);
    sessions = List.copyOf(sessions);
  }

  /**
   * A room.
   *
   * @param name its name
   * @param participants the number of its participants, on all nodes
   * @param connections the number of connections of this node that receive its messages
   * @param suspended the number of connections of this node that were lost and whose places are
   *     kept
   * @param position the position of its last message
   * @param historyBytes the bytes of its stored messages
   * @param topic its topic, empty if there is none
   */
  public record RoomEntry(
      String name,
      int participants,
      int connections,
      int suspended,
      Position position,
      long historyBytes,
      String topic) {}

  /**
   * A session.
   *
   * @param connectionId the id of its connection, unique among all chats
   * @param participantId the id of its participant; of a connection with a protocol that is not
   *     identified yet, {@code ?}
   * @param since when it was connected
   * @param state whether it is open
   * @param rooms the names of the rooms that it is in, at most {@link Limits#roomsPerParticipant}
   * @param queuedBytes the bytes in its outbox
   * @param outboxAge for how long its operation in flight has been in flight, see {@link
   *     ChatStats#outboxAge}; zero if there is none
   */
  public record SessionEntry(
      String connectionId,
      String participantId,
      Instant since,
      SessionState state,
      Set<String> rooms,
      long queuedBytes,
      Duration outboxAge) {
    /**
     * Copies the names.
     *
     * @param connectionId the id of its connection
     * @param participantId the id of its participant
     * @param since when it was connected
     * @param state whether it is open
     * @param rooms the names of its rooms
     * @param queuedBytes the bytes in its outbox
     * @param outboxAge the age of its operation in flight
     * @throws NullPointerException if an argument is null
     */
    public SessionEntry {
      rooms = Set.copyOf(rooms);
    }
  }

  /** The state of a session. */
  public enum SessionState {
    /** It receives messages, or is about to be in its first room. */
    OPEN,
    /** Its connection has ended, and its client can resume it. */
    SUSPENDED,
    /** Its connection is being closed. */
    CLOSING
  }
}
