package dev.roomful;

import dev.roomful.dialect.Dialect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is in a room, and on which connections; guarded by the room. */
final class Seating {
  /** Whether nobody comes in any more, and what is said is heard by nobody. */
  boolean over;

  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, Member> byName = new HashMap<>(0);
  private @Nullable Seat[] seats = new Seat[4];
  private int seatCount;

  /** What is spoken here beside plain text, and on how many connections. */
  private Map<Dialect, Integer> speakers = Map.of();

  /** On how many it is heard which connections come and go. */
  private int presenceHeard;

  /** Read by all. */
  private volatile List<Dialect> dialects = List.of();

  int size() {
    return members.size();
  }

  @Nullable Member member(String id) {
    return members.get(id);
  }

  /** Whether somebody else has this name, or one that looks like it. */
  boolean isTaken(@Nullable String nameKey, String id) {
    Member holder = nameKey == null ? null : byName.get(nameKey);
    return holder != null && !holder.participant.id().equals(id);
  }

  /** Gives a member a name that is not taken. */
  void name(Member member, @Nullable String nameKey) {
    if (member.nameKey != null) {
      byName.remove(member.nameKey);
    }
    member.nameKey = nameKey;
    if (nameKey != null) {
      byName.put(nameKey, member);
    }
  }

  /** What is spoken here beside plain text; may be asked without the lock. */
  List<Dialect> dialects() {
    return dialects;
  }

  boolean isPresenceHeard() {
    return presenceHeard > 0;
  }

  private void count(Seat seat, int change) {
    presenceHeard += seat.appearance.watches() ? change : 0;
    if (seat.dialect != null) {
      Map<Dialect, Integer> more = new HashMap<>(speakers);
      more.merge(seat.dialect, change, (one, other) -> one + other == 0 ? null : one + other);
      speakers = more;
      dialects = List.copyOf(more.keySet());
    }
  }

  /** In the order in which they came. */
  List<Participant> participants() {
    return members.values().stream().map(member -> member.participant).toList();
  }

  /** Those that are kept, and then those that are taken. */
  List<Seat> all() {
    List<Seat> all = new ArrayList<>();
    members.values().forEach(member -> all.addAll(member.away));
    all.addAll(seats());
    return all;
  }

  /** A snapshot of those that are taken. */
  List<Seat> seats() {
    List<Seat> all = new ArrayList<>(seatCount);
    for (int i = 0; i < seatCount; i++) {
      Seat seat = seats[i];
      if (seat != null) {
        all.add(seat);
      }
    }
    return all;
  }

  /**
   * Gives somebody a seat.
   *
   * @return whether it is the first of its member, who was not here before
   */
  boolean take(Seat seat) {
    if (seatCount == seats.length) {
      seats = Arrays.copyOf(seats, seatCount * 2);
    }
    seat.index = seatCount;
    seats[seatCount++] = seat;
    count(seat, 1);
    seat.member.seats.add(seat);
    return members.putIfAbsent(seat.member.participant.id(), seat.member) == null;
  }

  /**
   * Whether the seat is taken, or kept: of two reasons to leave that race, one finds that it is
   * not.
   */
  boolean has(Seat seat) {
    return isTaken(seat) || seat.member.away.contains(seat);
  }

  private boolean isTaken(Seat seat) {
    return seat.index < seatCount && seats[seat.index] == seat;
  }

  /** Keeps a seat for a connection that was lost: nothing goes there, and its member is here. */
  void keep(Seat seat) {
    if (isTaken(seat)) {
      clear(seat);
      seat.member.away.add(seat);
    }
  }

  /**
   * Frees a seat that is taken or kept.
   *
   * @return whether it was the last one of its member, who is not here any more
   */
  boolean free(Seat seat) {
    if (isTaken(seat)) {
      clear(seat);
    }
    Member member = seat.member;
    member.away.remove(seat);
    boolean gone =
        member.seats.isEmpty()
            && member.away.isEmpty()
            && members.remove(member.participant.id()) != null;
    if (gone) {
      name(member, null);
    }
    return gone;
  }

  private void clear(Seat seat) {
    count(seat, -1);
    Seat moved = seats[--seatCount];
    seats[seatCount] = null;
    if (moved != null && moved != seat) {
      seats[seat.index] = moved;
      moved.index = seat.index;
    }
    seat.member.seats.remove(seat);
  }

  boolean allJudged(Map<Participant, Boolean> verdicts) {
    return members.values().stream().allMatch(member -> verdicts.containsKey(member.participant));
  }

  /** Puts a frame into the outboxes of all who are to hear it. */
  void select(Fanout fanout, Message message, Map<Participant, Boolean> verdicts) {
    BroadcastPolicy policy = message.audience();
    Visit origin = origin(policy, message);
    Member sender =
        policy.excludesSender() && !message.isAnnouncement()
            ? members.get(message.sender().id())
            : null;
    boolean plain = !policy.excludesSome() && verdicts.isEmpty();
    Set<String> only = policy.onlyIds();
    if (only == null) {
      for (int i = 0; i < seatCount; i++) {
        Seat seat = seats[i];
        if (seat != null
            && seat.member != sender
            && seat.visit != origin
            && (plain || hears(seat.member.participant, policy, verdicts))) {
          fanout.to(seat);
        }
      }
      return;
    }
    for (String id : only) {
      Member member = members.get(id);
      if (member != null
          && member != sender
          && (plain || hears(member.participant, policy, verdicts))) {
        for (Seat seat : member.seats) {
          if (seat.visit != origin) {
            fanout.to(seat);
          }
        }
      }
    }
  }

  private static @Nullable Visit origin(BroadcastPolicy policy, Message message) {
    Visit origin = policy.excludesOrigin() ? message.origin() : null;
    return origin == null ? null : origin.latest();
  }

  private static boolean hears(
      Participant listener, BroadcastPolicy policy, Map<Participant, Boolean> verdicts) {
    return !policy.excludes(listener) && verdicts.getOrDefault(listener, true);
  }
}
