package dev.roomful.internal.room;

import dev.roomful.BroadcastPolicy;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a room and their subscriptions; guarded by the room. */
public final class Roster {
  /** Whether the room is closed: nobody joins, and messages are rejected. */
  boolean closed;

  private volatile int memberCount;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, Member> byName = new HashMap<>(0);
  private @Nullable Subscription[] subscriptions = new Subscription[4];
  private int subscriptionCount;

  /** The protocols beside plain text, with the number of their connections. */
  private Map<Protocol, Integer> protocolCounts = Map.of();

  /** The number of connections that receive presence events. */
  private int presenceReceivers;

  // Suspended subscriptions included.
  private int listedConnections;
  private int listedParticipants;

  /** The protocols beside plain text, read without the lock. */
  private volatile List<Protocol> protocols = List.of();

  /** The number of members; may be read without the lock. */
  public int size() {
    return memberCount;
  }

  public @Nullable Member member(String id) {
    return members.get(id);
  }

  /** Whether another participant has a name with this key. */
  public boolean isNameTaken(@Nullable String nameKey, String id) {
    Member holder = nameKey == null ? null : byName.get(nameKey);
    return holder != null && !holder.participant.id().equals(id);
  }

  /** Gives a member the key of a name that is not taken. */
  public void setNameKey(Member member, @Nullable String nameKey) {
    if (member.nameKey != null) {
      byName.remove(member.nameKey);
    }
    member.nameKey = nameKey;
    if (nameKey != null) {
      byName.put(nameKey, member);
    }
  }

  /** The protocols beside plain text; may be read without the lock. */
  public List<Protocol> protocols() {
    return protocols;
  }

  public boolean hasPresenceReceivers() {
    return presenceReceivers > 0;
  }

  public PresenceCount presenceCount() {
    return new PresenceCount(listedConnections, listedParticipants);
  }

  private void countListed(Subscription subscription, int change) {
    if (subscription.presenceOptions.listed()) {
      Member member = subscription.member;
      boolean wasListed = member.listedConnections > 0;
      member.listedConnections += change;
      listedConnections += change;
      boolean isListed = member.listedConnections > 0;
      listedParticipants += wasListed == isListed ? 0 : change;
    }
  }

  private void count(Subscription subscription, int change) {
    presenceReceivers += subscription.presenceOptions.presenceEvents() ? change : 0;
    if (subscription.protocol != null) {
      Map<Protocol, Integer> counts = new HashMap<>(protocolCounts);
      counts.merge(
          subscription.protocol, change, (one, other) -> one + other == 0 ? null : one + other);
      protocolCounts = counts;
      protocols = List.copyOf(counts.keySet());
    }
  }

  /** The participants, in the order in which they joined. */
  public List<LiveParticipant> participants() {
    return members.values().stream().map(member -> member.participant).toList();
  }

  /** All subscriptions, the suspended ones first. */
  public List<Subscription> all() {
    List<Subscription> all = new ArrayList<>();
    members.values().forEach(member -> all.addAll(member.suspended));
    all.addAll(subscriptions());
    return all;
  }

  /** A snapshot of the subscriptions that are not suspended. */
  public List<Subscription> subscriptions() {
    List<Subscription> all = new ArrayList<>(subscriptionCount);
    for (int i = 0; i < subscriptionCount; i++) {
      Subscription subscription = subscriptions[i];
      if (subscription != null) {
        all.add(subscription);
      }
    }
    return all;
  }

  /**
   * Adds a subscription.
   *
   * @return whether it is the first one of its member, which joins by it
   */
  public boolean add(Subscription subscription) {
    if (subscriptionCount == subscriptions.length) {
      subscriptions = Arrays.copyOf(subscriptions, subscriptionCount * 2);
    }
    subscription.index = subscriptionCount;
    subscriptions[subscriptionCount++] = subscription;
    count(subscription, 1);
    countListed(subscription, 1);
    subscription.member.subscriptions.add(subscription);
    boolean joined =
        members.putIfAbsent(subscription.member.participant.id(), subscription.member) == null;
    memberCount = members.size();
    return joined;
  }

  /**
   * Whether the subscription is in the room, suspended or not. Of two threads that remove it at the
   * same time, the second finds that it is not.
   */
  public boolean contains(Subscription subscription) {
    return isActive(subscription) || subscription.member.suspended.contains(subscription);
  }

  private boolean isActive(Subscription subscription) {
    return subscription.index < subscriptionCount
        && subscriptions[subscription.index] == subscription;
  }

  /** Suspends a subscription: it receives nothing, and its member stays. */
  public void suspend(Subscription subscription) {
    if (isActive(subscription)) {
      removeActive(subscription);
      subscription.member.suspended.add(subscription);
    }
  }

  /**
   * Removes a subscription, suspended or not.
   *
   * @return whether it was the last one of its member, which leaves by it
   */
  public boolean remove(Subscription subscription) {
    if (contains(subscription)) {
      countListed(subscription, -1);
    }
    if (isActive(subscription)) {
      removeActive(subscription);
    }
    Member member = subscription.member;
    member.suspended.remove(subscription);
    boolean removed =
        member.subscriptions.isEmpty()
            && member.suspended.isEmpty()
            && members.remove(member.participant.id()) != null;
    if (removed) {
      setNameKey(member, null);
      memberCount = members.size();
    }
    return removed;
  }

  private void removeActive(Subscription subscription) {
    count(subscription, -1);
    Subscription moved = subscriptions[--subscriptionCount];
    subscriptions[subscriptionCount] = null;
    if (moved != null && moved != subscription) {
      subscriptions[subscription.index] = moved;
      moved.index = subscription.index;
    }
    subscription.member.subscriptions.remove(subscription);
  }

  public boolean hasVerdictForEach(Map<LiveParticipant, Boolean> verdicts) {
    return members.values().stream().allMatch(member -> verdicts.containsKey(member.participant));
  }

  /** Queues a message for all whom its audience selects. */
  public void select(
      Fanout<Protocol> fanout, RoomMessage message, Map<LiveParticipant, Boolean> verdicts) {
    BroadcastPolicy policy = message.audience();
    RoomSession origin = origin(policy, message);
    Member sender =
        policy.excludesSender() && !message.isAnnouncement()
            ? members.get(message.sender().id())
            : null;
    boolean unrestricted = policy.exceptIds().isEmpty() && verdicts.isEmpty();
    Set<String> only = policy.onlyIds();
    if (only == null) {
      for (int i = 0; i < subscriptionCount; i++) {
        Subscription subscription = subscriptions[i];
        if (subscription != null
            && subscription.member != sender
            && subscription.session != origin
            && (unrestricted || receives(subscription.member.participant, policy, verdicts))) {
          fanout.add(subscription.session, subscription.outbox, subscription.protocol);
        }
      }
      return;
    }
    for (String id : only) {
      Member member = members.get(id);
      if (member != null
          && member != sender
          && (unrestricted || receives(member.participant, policy, verdicts))) {
        for (Subscription subscription : member.subscriptions) {
          if (subscription.session != origin) {
            fanout.add(subscription.session, subscription.outbox, subscription.protocol);
          }
        }
      }
    }
  }

  private static @Nullable RoomSession origin(BroadcastPolicy policy, RoomMessage message) {
    RoomSession origin = policy.excludesOrigin() ? message.origin() : null;
    return origin == null ? null : origin.latest();
  }

  private static boolean receives(
      LiveParticipant recipient, BroadcastPolicy policy, Map<LiveParticipant, Boolean> verdicts) {
    return !policy.exceptIds().contains(recipient.id()) && verdicts.getOrDefault(recipient, true);
  }
}
