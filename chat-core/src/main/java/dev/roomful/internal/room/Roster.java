package dev.roomful.internal.room;

import dev.roomful.BroadcastPolicy;
import dev.roomful.internal.delivery.Fanout;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.state.SmallLists;
import dev.roomful.protocol.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The subscriptions of this node to a room, by member; guarded by the room. */
public final class Roster {
  /** Whether the room is closed here: nobody joins, and messages are rejected. */
  boolean closed;

  private final Map<String, Member> members = new LinkedHashMap<>();
  private @Nullable Subscription[] subscriptions = new Subscription[4];

  /** The outboxes of the subscriptions, at the same indexes: most messages need nothing else. */
  private @Nullable Outbox[] outboxes = new Outbox[4];

  private int subscriptionCount;

  /** The protocols beside plain text, with the number of their connections. */
  private Map<Protocol, Integer> protocolCounts = Map.of();

  /** The number of connections that receive presence events. */
  private int presenceReceivers;

  /** How many changes of presence had to wait. */
  private long presenceChanges;

  /** The protocols beside plain text, read without the lock. */
  private volatile List<Protocol> protocols = List.of();

  public @Nullable Member member(String id) {
    return members.get(id);
  }

  Collection<Member> members() {
    return members.values();
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** The protocols beside plain text; may be read without the lock. */
  public List<Protocol> protocols() {
    return protocols;
  }

  public boolean hasPresenceReceivers() {
    return presenceReceivers > 0;
  }

  /** {@return the number of a change of presence that has to wait} */
  long nextPresenceChange() {
    return presenceChanges++;
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

  /** The participants with connections to this node, in the order in which they joined. */
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

  /** {@return the number of subscriptions that are not suspended} */
  int connections() {
    return subscriptionCount;
  }

  /** {@return the number of suspended subscriptions} */
  int suspended() {
    return members.values().stream().mapToInt(member -> member.suspended.size()).sum();
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

  /** Adds a subscription, and its member with the first one. */
  public void add(Subscription subscription) {
    if (subscriptionCount == subscriptions.length) {
      subscriptions = Arrays.copyOf(subscriptions, subscriptionCount * 2);
      outboxes = Arrays.copyOf(outboxes, subscriptionCount * 2);
    }
    subscription.index = subscriptionCount;
    subscription.firstPresenceChange = presenceChanges;
    outboxes[subscriptionCount] = subscription.outbox;
    subscriptions[subscriptionCount++] = subscription;
    count(subscription, 1);
    Member member = subscription.member;
    member.subscriptions = SmallLists.with(member.subscriptions, subscription);
    members.putIfAbsent(member.participant.id(), member);
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
      Member member = subscription.member;
      member.suspended = SmallLists.with(member.suspended, subscription);
    }
  }

  /** Finds the subscription of a connection, suspended or not, or returns null. */
  @Nullable Subscription find(String id, String connectionId) {
    Member member = members.get(id);
    if (member == null) {
      return null;
    }
    Subscription found = find(member.subscriptions, connectionId);
    return found == null ? find(member.suspended, connectionId) : found;
  }

  private static @Nullable Subscription find(
      List<Subscription> subscriptions, String connectionId) {
    for (int i = 0; i < subscriptions.size(); i++) {
      if (subscriptions.get(i).session.id().equals(connectionId)) {
        return subscriptions.get(i);
      }
    }
    return null;
  }

  /**
   * Removes a subscription, suspended or not.
   *
   * @return whether it was the last one of its member on this node
   */
  public boolean remove(Subscription subscription) {
    if (isActive(subscription)) {
      removeActive(subscription);
    }
    Member member = subscription.member;
    member.suspended = SmallLists.without(member.suspended, subscription);
    return member.subscriptions.isEmpty()
        && member.suspended.isEmpty()
        && members.remove(member.participant.id(), member);
  }

  private void removeActive(Subscription subscription) {
    count(subscription, -1);
    Subscription moved = subscriptions[--subscriptionCount];
    subscriptions[subscriptionCount] = null;
    outboxes[subscriptionCount] = null;
    if (moved != null && moved != subscription) {
      subscriptions[subscription.index] = moved;
      outboxes[subscription.index] = moved.outbox;
      moved.index = subscription.index;
    }
    Member member = subscription.member;
    member.subscriptions = SmallLists.without(member.subscriptions, subscription);
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
    int recipients = 0;
    if (only == null) {
      if (unrestricted && protocolCounts.isEmpty() && hasOneConnection(sender)) {
        fanout.countRecipients(addAllBut(skipped(sender, origin), fanout));
        return;
      }
      for (int i = 0; i < subscriptionCount; i++) {
        Subscription subscription = subscriptions[i];
        if (subscription != null
            && subscription.member != sender
            && subscription.session != origin
            && (unrestricted || receives(subscription.member.participant, policy, verdicts))) {
          fanout.add(subscription.outbox, subscription.protocol);
          recipients++;
        }
      }
      fanout.countRecipients(recipients);
      return;
    }
    for (String id : only) {
      Member member = members.get(id);
      if (member != null
          && member != sender
          && (unrestricted || receives(member.participant, policy, verdicts))) {
        for (Subscription subscription : member.subscriptions) {
          if (subscription.session != origin) {
            fanout.add(subscription.outbox, subscription.protocol);
            recipients++;
          }
        }
      }
    }
    fanout.countRecipients(recipients);
  }

  private static boolean hasOneConnection(@Nullable Member sender) {
    return sender == null || sender.subscriptions.size() <= 1;
  }

  /** The outbox that does not receive a message: of its sender, or of the connection it came on. */
  private static @Nullable Outbox skipped(@Nullable Member sender, @Nullable RoomSession origin) {
    if (sender != null) { // the connection is one of the sender's
      return sender.subscriptions.isEmpty() ? null : sender.subscriptions.get(0).outbox;
    }
    return origin == null ? null : origin.outbox();
  }

  /** Queues a message in plain text in all outboxes but one, and returns in how many. */
  private int addAllBut(@Nullable Outbox skipped, Fanout<Protocol> fanout) {
    int recipients = 0;
    for (int i = 0; i < subscriptionCount; i++) {
      Outbox outbox = outboxes[i];
      if (outbox != null && outbox != skipped) {
        fanout.add(outbox, null);
        recipients++;
      }
    }
    return recipients;
  }

  private static @Nullable RoomSession origin(BroadcastPolicy policy, RoomMessage message) {
    return policy.excludesOrigin() && message.origin() instanceof RoomSession origin
        ? origin.latest()
        : null;
  }

  private static boolean receives(
      LiveParticipant recipient, BroadcastPolicy policy, Map<LiveParticipant, Boolean> verdicts) {
    return !policy.exceptIds().contains(recipient.id()) && verdicts.getOrDefault(recipient, true);
  }
}
