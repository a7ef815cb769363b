package dev.roomful;

import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.validation.Arguments;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a room: who receives messages, the capacity, what happens to slow readers, how
 * long the room exists when it is empty, its history, notices and names. Immutable; each {@code
 * with} method returns a changed copy.
 */
public final class RoomOptions {
  private static final RoomOptions DEFAULTS = new RoomOptions();

  private static final Duration LONGEST_LEAVE_DELAY = Duration.ofMinutes(10);

  // Set before a copy is given out, and never after.
  private BroadcastPolicy policy = BroadcastPolicy.everyone();
  private int capacity = Integer.MAX_VALUE;
  private Overflow overflow = Overflow.DISCONNECT;
  private boolean permanent;
  private Duration keepEmptyFor = Duration.ZERO;
  private Duration leaveDelay = Duration.ZERO;
  private boolean readReceipts;
  private History history = History.none();
  private @Nullable WelcomeMessage welcome;
  private Role.Rule roles = Role.defaultRule();
  private RoomNotices notices = new RoomNotices() {};
  private DisplayNames displayNames = DisplayNames.any();

  private RoomOptions() {}

  private RoomOptions copy() {
    RoomOptions copy = new RoomOptions();
    copy.policy = policy;
    copy.capacity = capacity;
    copy.overflow = overflow;
    copy.permanent = permanent;
    copy.keepEmptyFor = keepEmptyFor;
    copy.leaveDelay = leaveDelay;
    copy.readReceipts = readReceipts;
    copy.history = history;
    copy.welcome = welcome;
    copy.roles = roles;
    copy.notices = notices;
    copy.displayNames = displayNames;
    return copy;
  }

  /**
   * Returns the default options: everyone receives every message, the number of participants is not
   * limited, slow readers are disconnected, and the room is removed when the last participant
   * leaves.
   *
   * @return the default options
   */
  public static RoomOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets who receives messages.
   *
   * @param policy the policy, by default {@link BroadcastPolicy#everyone}
   * @return a changed copy
   */
  public RoomOptions withPolicy(BroadcastPolicy policy) {
    RoomOptions copy = copy();
    copy.policy = Objects.requireNonNull(policy, "policy");
    return copy;
  }

  /**
   * Sets how many participants may be in the room. A further one is rejected with {@link
   * Rejection#ROOM_FULL}.
   *
   * @param participants at least 1, by default unlimited
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public RoomOptions withCapacity(int participants) {
    RoomOptions copy = copy();
    copy.capacity = Arguments.requireAtLeast(1, participants, "capacity");
    return copy;
  }

  /**
   * Sends the notice of {@link RoomNotices#readMarked} to all who may see the participants, and not
   * only to the connections of the participant. For small rooms: each move of a mark is a frame for
   * each connection.
   *
   * @return a changed copy
   */
  public RoomOptions withReadReceipts() {
    RoomOptions copy = copy();
    copy.readReceipts = true;
    return copy;
  }

  /**
   * Sets what happens to a message for a connection whose outbox is full.
   *
   * @param overflow by default {@link Overflow#DISCONNECT}
   * @return a changed copy
   */
  public RoomOptions withOverflow(Overflow overflow) {
    RoomOptions copy = copy();
    copy.overflow = Objects.requireNonNull(overflow, "overflow");
    return copy;
  }

  /**
   * Makes the room exist from the start until it is closed, with or without participants.
   *
   * @return a changed copy
   */
  public RoomOptions withPermanent() {
    RoomOptions copy = copy();
    copy.permanent = true;
    return copy;
  }

  /**
   * Sets how long the room exists, with its history and its topic, after the last participant left.
   * It counts against {@link Limits#rooms} meanwhile. When that limit is reached, the kept room
   * whose time ends first is removed for a new one.
   *
   * @param duration not negative; by default zero: the room is removed at once. A duration of more
   *     than 292 years never ends
   * @return a changed copy
   * @throws IllegalArgumentException if the duration is negative
   */
  public RoomOptions withKeepEmptyFor(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "keepEmptyFor is " + duration + ": it must be zero or longer");
    }
    RoomOptions copy = copy();
    copy.keepEmptyFor = duration;
    return copy;
  }

  /**
   * Sets how long a participant stays in the room after its last connection was lost or its page
   * was reloaded (close codes 1001, 1006, 4001, 4002). If it joins again meanwhile, nobody is
   * notified, and it keeps its name and its role. It receives what it missed only if it asks for a
   * replay.
   *
   * <p>A participant that leaves on purpose (1000), is removed or disconnected leaves at once, and
   * so does everyone when the room or the chat is closed. A participant that stays counts against
   * {@link #withCapacity}. The leave of at most 1,000 participants of a room is delayed; above that
   * number the one that was lost first leaves at once.
   *
   * @param delay at most 10 minutes; by default zero: the participant leaves at once
   * @return a changed copy
   * @throws IllegalArgumentException if the delay is negative or too long
   */
  public RoomOptions withLeaveDelay(Duration delay) {
    RoomOptions copy = copy();
    copy.leaveDelay = Arguments.requireAtMost(LONGEST_LEAVE_DELAY, delay, "leaveDelay");
    return copy;
  }

  /**
   * Sets what the room stores of its messages, for those who join later.
   *
   * @param history by default {@link History#none}
   * @return a changed copy
   */
  public RoomOptions withHistory(History history) {
    RoomOptions copy = copy();
    copy.history = Objects.requireNonNull(history, "history");
    return copy;
  }

  /**
   * Sets the first message that each connection receives when it joins.
   *
   * @param welcome creates the message; by default there is none
   * @return a changed copy
   */
  public RoomOptions withWelcome(WelcomeMessage welcome) {
    RoomOptions copy = copy();
    copy.welcome = Objects.requireNonNull(welcome, "welcome");
    return copy;
  }

  /**
   * Sets which role allows which action.
   *
   * @param rule the application's rule, by default {@link Role#defaultRule}
   * @return a changed copy
   */
  public RoomOptions withRoles(Role.Rule rule) {
    RoomOptions copy = copy();
    copy.roles = Objects.requireNonNull(rule, "rule");
    return copy;
  }

  /**
   * Sets the notices that participants receive about who joins, leaves and changes.
   *
   * @param notices creates the notices; by default there are none
   * @return a changed copy
   */
  public RoomOptions withNotices(RoomNotices notices) {
    RoomOptions copy = copy();
    copy.notices = Objects.requireNonNull(notices, "notices");
    return copy;
  }

  /**
   * Sets whether two participants may have the same display name.
   *
   * @param displayNames by default {@link DisplayNames#any}
   * @return a changed copy
   */
  public RoomOptions withDisplayNames(DisplayNames displayNames) {
    RoomOptions copy = copy();
    copy.displayNames = Objects.requireNonNull(displayNames, "displayNames");
    return copy;
  }

  /** {@return the rules for display names} */
  public DisplayNames displayNames() {
    return displayNames;
  }

  /** {@return the notices} */
  public RoomNotices notices() {
    return notices;
  }

  /** {@return which role allows which action} */
  public Role.Rule roles() {
    return roles;
  }

  /** {@return what the room stores of its messages} */
  public History history() {
    return history;
  }

  /** {@return what creates the welcome message, or null} */
  public @Nullable WelcomeMessage welcome() {
    return welcome;
  }

  /** {@return who receives messages} */
  public BroadcastPolicy policy() {
    return policy;
  }

  /** {@return the number of participants that may be in the room} */
  public int capacity() {
    return capacity;
  }

  /** {@return what happens to a message for a connection whose outbox is full} */
  public Overflow overflow() {
    return overflow;
  }

  /** {@return whether the room exists from the start and stays when it is empty} */
  public boolean isPermanent() {
    return permanent;
  }

  /** {@return how long the room exists when it is empty, zero if it is removed at once} */
  public Duration keepEmptyFor() {
    return keepEmptyFor;
  }

  /** {@return how long a participant stays after its last connection was lost} */
  public Duration leaveDelay() {
    return leaveDelay;
  }

  /** {@return whether all who may see the participants learn what others have read} */
  public boolean readReceipts() {
    return readReceipts;
  }

  /** {@return whether a room stores what is published while nobody is in it} */
  public boolean storesWhenEmpty() {
    return history.messages() > 0 && (permanent || !keepEmptyFor.isZero());
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("policy", policy);
    values.put("capacity", capacity);
    values.put("overflow", overflow);
    values.put("permanent", permanent);
    values.put("keepEmptyFor", keepEmptyFor);
    values.put("leaveDelay", leaveDelay);
    values.put("readReceipts", readReceipts);
    values.put("history", history);
    values.put("welcome", Optional.ofNullable(welcome));
    values.put("roles", roles);
    values.put("notices", notices);
    values.put("displayNames", displayNames);
    return values;
  }

  /** Callbacks, such as notices and rules, are compared with their own {@code equals}. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RoomOptions that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "RoomOptions" + values();
  }
}
