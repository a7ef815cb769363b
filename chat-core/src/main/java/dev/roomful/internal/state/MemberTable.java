package dev.roomful.internal.state;

import dev.roomful.CloseStatus;
import dev.roomful.internal.state.Applied.Departure;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a room with their connections on all nodes, by id and by the key of their name,
 * and how many are listed. Guarded by the room's lock.
 */
final class MemberTable {
  private final Map<String, MemberState> byId = new LinkedHashMap<>();
  private Map<String, MemberState> byName = Map.of(); // until there is one
  private int listedConnections;
  private int listedParticipants;
  private volatile int size;

  /** {@return the number of members; may be read without the lock} */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable MemberState get(String id) {
    return byId.get(id);
  }

  /** {@return the members, in the order in which they joined} */
  Collection<MemberState> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** {@return whether another participant has a name with this key} */
  boolean isNameTaken(@Nullable String nameKey, String id) {
    MemberState holder = nameKey == null ? null : byName.get(nameKey);
    return holder != null && !holder.id().equals(id);
  }

  /** {@return the listed connections of all members} */
  List<PresenceEntry> presence() {
    List<PresenceEntry> listed = new ArrayList<>(listedConnections);
    for (MemberState member : byId.values()) {
      for (ConnectionState connection : member.connections()) {
        if (connection.presenceOptions().listed()) {
          listed.add(member.presenceEntry(connection));
        }
      }
    }
    return listed;
  }

  PresenceCount presenceCount() {
    return new PresenceCount(listedConnections, listedParticipants);
  }

  /** Replaces all members. */
  void restore(List<MemberState> members) {
    byId.clear();
    byName = new HashMap<>();
    listedConnections = 0;
    listedParticipants = 0;
    for (MemberState member : members) {
      byId.put(member.id(), member);
      if (member.nameKey != null) {
        byName.put(member.nameKey, member);
      }
      member.connections().forEach(connection -> count(member, connection, 1));
    }
    size = byId.size();
  }

  /** Adds a connection that may join, and its member with its first one. */
  Applied join(RoomEvent.Joined joined, String node) {
    MemberState existing = byId.get(joined.id());
    ConnectionState same = existing == null ? null : existing.connection(joined.connectionId());
    if (same != null && same.node().equals(node)) {
      return Applied.unchanged();
    }
    MemberState member = existing == null ? new MemberState(joined) : existing;
    ConnectionState replaced =
        joined.replacedConnectionId() == null
            ? null
            : member.connection(joined.replacedConnectionId());
    boolean known =
        replaced != null
            && replaced.presenceOptions().announced()
            && joined.presenceOptions().announced();
    ConnectionState connection =
        new ConnectionState(
            joined.connectionId(),
            node,
            replaced != null && known ? replaced.presenceId() : joined.connectionId(),
            joined.presenceOptions());
    member.add(connection);
    count(member, connection, 1);
    List<Departure> departures = List.of();
    if (replaced != null) {
      remove(member, replaced);
      departures =
          List.of(
              new Departure(
                  member, known ? List.of() : List.of(replaced), false, CloseStatus.RESUMED, null));
    }
    if (existing == null) {
      byId.put(member.id(), member);
      size = byId.size();
      setNameKey(member, joined.nameKey());
    }
    return new Applied(null, member, connection, existing == null, known, departures, null);
  }

  /** Removes connections of a member, and the member with its last one. */
  Departure depart(
      MemberState member,
      List<ConnectionState> connections,
      CloseStatus status,
      @Nullable Notice notice) {
    connections.forEach(connection -> remove(member, connection));
    boolean last = !member.hasConnections();
    if (last) {
      byId.remove(member.id());
      size = byId.size();
      setNameKey(member, null);
    }
    return new Departure(member, connections, last, status, notice);
  }

  private void remove(MemberState member, ConnectionState connection) {
    member.remove(connection);
    count(member, connection, -1);
  }

  private void count(MemberState member, ConnectionState connection, int change) {
    if (connection.presenceOptions().listed()) {
      boolean wasListed = member.listedConnections > 0;
      member.listedConnections += change;
      listedConnections += change;
      boolean isListed = member.listedConnections > 0;
      listedParticipants += wasListed == isListed ? 0 : change;
    }
  }

  /** Gives a member the key of a name that is not taken. */
  void setNameKey(MemberState member, @Nullable String nameKey) {
    if (member.nameKey != null) {
      byName.remove(member.nameKey);
    }
    member.nameKey = nameKey;
    if (nameKey != null) {
      if (byName.isEmpty()) {
        byName = new HashMap<>();
      }
      byName.put(nameKey, member);
    }
  }
}
