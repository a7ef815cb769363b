package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a room whose last connection closed, and who leave when the leave delay is over.
 * Guarded by the room.
 */
final class LeaveDelays {
  /** Above this number the one that waits longest leaves at once. */
  static final int MAX_DELAYED = 1000;

  /**
   * Page reloads (RFC 6455: 1001, going away) and lost connections; clients come back after them.
   */
  private static final Set<Integer> DELAYED_CODES =
      Set.of(
          1001,
          CloseStatus.LOST.code(),
          CloseStatus.IDLE_TIMEOUT.code(),
          CloseStatus.TOO_SLOW.code());

  private final Duration delay;
  private final RoomDueTime timer;

  /** In the order of their departures, because the delay is the same for all. */
  private Map<Subscription, Departure> departures = Map.of(); // until there is one

  private record Departure(CloseStatus status, long since) {}

  LeaveDelays(Duration delay, RoomDueTime timer) {
    this.delay = delay;
    this.timer = timer;
  }

  /** Whether the member stays for a while when this subscription ends. */
  boolean appliesTo(Subscription subscription, CloseStatus status) {
    return !delay.isZero()
        && DELAYED_CODES.contains(status.code())
        && subscription.member.state().connections().size() == 1;
  }

  void add(Subscription subscription, CloseStatus status, long now) {
    subscription.leaveDelayed = true;
    if (departures.isEmpty()) {
      departures = new LinkedHashMap<>();
    }
    departures.put(subscription, new Departure(status, now));
    timer.require(now, delay);
  }

  boolean remove(Subscription subscription) {
    return !departures.isEmpty() && departures.remove(subscription) != null;
  }

  /** Returns the subscription with which a member waits, or null. */
  @Nullable Subscription of(Member member) {
    for (Subscription subscription : member.suspended) {
      if (departures.containsKey(subscription)) {
        return subscription;
      }
    }
    return null;
  }

  /** Returns the reason for which a subscription ended. */
  CloseStatus statusOf(Subscription subscription) {
    Departure departure = departures.get(subscription);
    return departure == null ? CloseStatus.LOST : departure.status;
  }

  /** Returns those who have to leave now, and asks to be called for the next one. */
  List<Subscription> due(long now) {
    List<Subscription> due = new ArrayList<>();
    for (Map.Entry<Subscription, Departure> entry : departures.entrySet()) {
      long since = entry.getValue().since;
      boolean isOver = now - since >= delay.toNanos();
      if (!isOver && departures.size() - due.size() <= MAX_DELAYED) {
        timer.require(since, delay);
        return due;
      }
      due.add(entry.getKey());
    }
    return due;
  }
}
