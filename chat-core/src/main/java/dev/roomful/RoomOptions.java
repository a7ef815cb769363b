package dev.roomful;

import dev.roomful.admission.Role;
import dev.roomful.internal.validation.Arguments;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a room is: who hears what, how many fit in, what happens to slow readers, whether it stays
 * when empty, what it keeps and tells. Immutable; each setter gives a changed copy.
 */
public final class RoomOptions {
  private static final RoomOptions DEFAULTS = new RoomOptions();

  // Set before a copy is given out, and never after.
  private BroadcastPolicy policy = BroadcastPolicy.everyone();
  private int capacity = Integer.MAX_VALUE;
  private Overflow overflow = Overflow.DISCONNECT;
  private boolean permanent;
  private Duration keepEmptyFor = Duration.ZERO;
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
    copy.history = history;
    copy.welcome = welcome;
    copy.roles = roles;
    copy.notices = notices;
    copy.displayNames = displayNames;
    return copy;
  }

  /**
   * Everyone hears everything, no limit of participants, slow readers are disconnected, and the
   * room is forgotten when the last one leaves.
   *
   * @return the options from which to start
   */
  public static RoomOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Who hears what is said.
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
   * How many participants fit in; one more is refused.
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
   * What happens to a message for a connection whose outbox is full.
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
   * The room exists from the start, and stays when the last one leaves.
   *
   * @return a changed copy
   */
  public RoomOptions withPermanent() {
    RoomOptions copy = copy();
    copy.permanent = true;
    return copy;
  }

  /**
   * How long the room stays, with its history and its topic, when the last one has left: who is
   * lost, or comes back later, finds what was said. It counts against {@link Limits#rooms}
   * meanwhile.
   *
   * @param duration not negative; by default nothing, and the room is forgotten at once
   * @return a changed copy
   * @throws IllegalArgumentException if the time is negative
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
   * What the room keeps of what was said, for those who come later.
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
   * What each connection hears first when it comes in.
   *
   * @param welcome the application's rule; by default nothing is said
   * @return a changed copy
   */
  public RoomOptions withWelcome(WelcomeMessage welcome) {
    RoomOptions copy = copy();
    copy.welcome = Objects.requireNonNull(welcome, "greeting");
    return copy;
  }

  /**
   * Which role may do what.
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
   * How those in the room are told who comes, goes and changes.
   *
   * @param notices the application's words; by default nothing is told
   * @return a changed copy
   */
  public RoomOptions withNotices(RoomNotices notices) {
    RoomOptions copy = copy();
    copy.notices = Objects.requireNonNull(notices, "notices");
    return copy;
  }

  /**
   * Whether two participants may have one display name.
   *
   * @param displayNames by default {@link DisplayNames#any}
   * @return a changed copy
   */
  public RoomOptions withDisplayNames(DisplayNames displayNames) {
    RoomOptions copy = copy();
    copy.displayNames = Objects.requireNonNull(displayNames, "names");
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

  /**
   * Which role may do what.
   *
   * @return the rule
   */
  public Role.Rule roles() {
    return roles;
  }

  /**
   * What the room keeps.
   *
   * @return the history
   */
  public History history() {
    return history;
  }

  /** {@return the welcome message, or null} */
  public @Nullable WelcomeMessage welcome() {
    return welcome;
  }

  /**
   * Who hears what is said.
   *
   * @return the policy
   */
  public BroadcastPolicy policy() {
    return policy;
  }

  /**
   * How many participants fit in.
   *
   * @return the number
   */
  public int capacity() {
    return capacity;
  }

  /**
   * What happens to slow readers.
   *
   * @return the choice
   */
  public Overflow overflow() {
    return overflow;
  }

  /**
   * Whether the room stays when empty.
   *
   * @return true if it stays
   */
  public boolean isPermanent() {
    return permanent;
  }

  /**
   * How long the room stays when empty.
   *
   * @return zero if it is forgotten at once
   */
  public Duration keepEmptyFor() {
    return keepEmptyFor;
  }

  /** {@return whether a room stores what is published while nobody is in it} */
  public boolean storesWhenEmpty() {
    return history.messages() > 0 && (permanent || !keepEmptyFor.isZero());
  }
}
