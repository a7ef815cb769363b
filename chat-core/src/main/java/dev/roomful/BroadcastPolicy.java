package dev.roomful;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who receives a message. Immutable and composable: {@code excludingSender().and(only(alice, bob))}
 * selects those whom both policies select. A policy names participants by id, so that exclusion
 * survives a reconnect.
 *
 * <p>A room has one policy; a call may narrow it, never widen it. All but {@link #rule} is plain
 * data, which can travel between servers. A rule is code, and therefore belongs to a room and not
 * to a call.
 */
public final class BroadcastPolicy {
  private static final BroadcastPolicy EVERYONE =
      new BroadcastPolicy(false, false, null, Set.of(), List.of());

  private final boolean excludesSender;
  private final boolean excludesOrigin;
  private final @Nullable Set<String> only;
  private final Set<String> except;
  private final List<Rule> rules;

  private BroadcastPolicy(
      boolean excludesSender,
      boolean excludesOrigin,
      @Nullable Set<String> only,
      Set<String> except,
      List<Rule> rules) {
    this.excludesSender = excludesSender;
    this.excludesOrigin = excludesOrigin;
    this.only = only;
    this.except = except;
    this.rules = rules;
  }

  /** The application's own rule about who receives which message. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Decides about one recipient. Called on the publisher's thread with no lock held, once for
     * each recipient and message; must be quick. If it throws, nobody receives the message and the
     * publisher gets the exception.
     *
     * @param message the message
     * @param recipient a participant of the room
     * @return true if the recipient receives it
     */
    boolean receives(Message message, Participant recipient);
  }

  /** {@return the policy that selects everyone in the room, the sender included} */
  public static BroadcastPolicy everyone() {
    return EVERYONE;
  }

  /** {@return the policy that selects everyone but the sender, on all of its connections} */
  public static BroadcastPolicy excludingSender() {
    return new BroadcastPolicy(true, false, null, Set.of(), List.of());
  }

  /**
   * Returns the policy that selects everyone but the connection that the message came from: other
   * tabs and devices of the sender receive it.
   *
   * @return the policy
   */
  public static BroadcastPolicy excludingOrigin() {
    return new BroadcastPolicy(false, true, null, Set.of(), List.of());
  }

  /**
   * Returns the policy that selects only these participants, as far as they are in the room.
   *
   * @param recipients who receives a message
   * @return the policy
   */
  public static BroadcastPolicy only(Participant... recipients) {
    return onlyIds(ids(recipients));
  }

  /**
   * Returns the policy that selects only the participants with these ids, as far as they are in the
   * room.
   *
   * @param ids the ids of those who receive a message
   * @return the policy
   */
  public static BroadcastPolicy onlyIds(Set<String> ids) {
    return new BroadcastPolicy(false, false, Set.copyOf(ids), Set.of(), List.of());
  }

  /**
   * Returns the policy that selects all but these participants.
   *
   * @param excluded who does not receive a message
   * @return the policy
   */
  public static BroadcastPolicy except(Participant... excluded) {
    return exceptIds(ids(excluded));
  }

  /**
   * Returns the policy that selects all but the participants with these ids.
   *
   * @param ids the ids of those who do not receive a message
   * @return the policy
   */
  public static BroadcastPolicy exceptIds(Set<String> ids) {
    return new BroadcastPolicy(false, false, null, Set.copyOf(ids), List.of());
  }

  /**
   * Returns the policy that selects those whom the application's rule selects.
   *
   * @param rule the rule
   * @return the policy, for a room
   */
  public static BroadcastPolicy rule(Rule rule) {
    return new BroadcastPolicy(false, false, null, Set.of(), List.of(rule));
  }

  /**
   * Returns the policy that selects those whom both this policy and another one select.
   *
   * @param other the other policy
   * @return the narrower policy
   */
  public BroadcastPolicy and(BroadcastPolicy other) {
    if (isEveryone()) {
      return other;
    }
    if (other.isEveryone()) {
      return this;
    }
    return new BroadcastPolicy(
        excludesSender || other.excludesSender,
        excludesOrigin || other.excludesOrigin,
        intersection(only, other.only),
        Stream.concat(except.stream(), other.except.stream())
            .collect(Collectors.toUnmodifiableSet()),
        Stream.concat(rules.stream(), other.rules.stream()).toList());
  }

  private boolean isEveryone() {
    return !excludesSender
        && !excludesOrigin
        && only == null
        && except.isEmpty()
        && rules.isEmpty();
  }

  /** {@return whether the sender does not receive its own message} */
  public boolean excludesSender() {
    return excludesSender;
  }

  /** {@return whether the connection that a message came from does not receive it} */
  public boolean excludesOrigin() {
    return excludesOrigin;
  }

  /** {@return the ids of the only recipients, or null if the policy does not list them} */
  public @Nullable Set<String> onlyIds() {
    return only;
  }

  /** {@return the ids of participants that do not receive a message} */
  public Set<String> exceptIds() {
    return except;
  }

  /** {@return whether the policy has a rule, which decides by message and recipient} */
  public boolean hasRules() {
    return !rules.isEmpty();
  }

  /**
   * Returns whether a participant may receive a message, as far as data can tell: rules are not
   * evaluated. Where the policy excludes the sender or its connection, the sender is excluded,
   * because a history outlives connections.
   *
   * @param message the message
   * @param recipient the participant
   * @return true if the policy selects it
   */
  public boolean selects(Message message, Participant recipient) {
    boolean excludesPublisher = excludesSender || excludesOrigin;
    return (only == null || only.contains(recipient.id()))
        && !except.contains(recipient.id())
        && (!excludesPublisher
            || message.isAnnouncement()
            || !message.sender().id().equals(recipient.id()));
  }

  /**
   * Evaluates the rules of this policy.
   *
   * @param message the message
   * @param recipient the participant
   * @return true if all rules let the participant receive the message
   */
  public boolean rulesAllow(Message message, Participant recipient) {
    for (Rule rule : rules) {
      if (!rule.receives(message, recipient)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Set<String> intersection(
      @Nullable Set<String> one, @Nullable Set<String> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Set<String> both = new HashSet<>(one);
    both.retainAll(other);
    return Set.copyOf(both);
  }

  private static Set<String> ids(Participant... participants) {
    return Arrays.stream(participants).map(Participant::id).collect(Collectors.toSet());
  }

  /** Rules are compared with their own {@code equals}. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BroadcastPolicy that
        && excludesSender == that.excludesSender
        && excludesOrigin == that.excludesOrigin
        && Objects.equals(only, that.only)
        && except.equals(that.except)
        && rules.equals(that.rules);
  }

  @Override
  public int hashCode() {
    return Objects.hash(excludesSender, excludesOrigin, only, except, rules);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (excludesSender) {
      parts.add("excluding the sender");
    }
    if (excludesOrigin) {
      parts.add("excluding the origin connection");
    }
    if (only != null) {
      parts.add("only " + only);
    }
    if (!except.isEmpty()) {
      parts.add("all but " + except);
    }
    if (!rules.isEmpty()) {
      parts.add("by a rule");
    }
    return parts.isEmpty() ? "everyone" : String.join(", ", parts);
  }
}
