package dev.roomful;

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
  private Duration linger = Duration.ZERO;
  private History history = History.none();
  private Arrival.@Nullable Greeting greeting;
  private Role.Rule roles = Role.usual();
  private Notices notices = new Notices() {};
  private Names names = Names.shared();

  private RoomOptions() {}

  private RoomOptions copy() {
    RoomOptions copy = new RoomOptions();
    copy.policy = policy;
    copy.capacity = capacity;
    copy.overflow = overflow;
    copy.permanent = permanent;
    copy.linger = linger;
    copy.history = history;
    copy.greeting = greeting;
    copy.roles = roles;
    copy.notices = notices;
    copy.names = names;
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
  public RoomOptions policy(BroadcastPolicy policy) {
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
  public RoomOptions capacity(int participants) {
    RoomOptions copy = copy();
    copy.capacity = Limits.atLeast(1, participants, "capacity");
    return copy;
  }

  /**
   * What happens to a message for a connection whose outbox is full.
   *
   * @param overflow by default {@link Overflow#DISCONNECT}
   * @return a changed copy
   */
  public RoomOptions overflow(Overflow overflow) {
    RoomOptions copy = copy();
    copy.overflow = Objects.requireNonNull(overflow, "overflow");
    return copy;
  }

  /**
   * The room exists from the start, and stays when the last one leaves.
   *
   * @return a changed copy
   */
  public RoomOptions permanent() {
    RoomOptions copy = copy();
    copy.permanent = true;
    return copy;
  }

  /**
   * How long the room stays, with its history and its topic, when the last one has left: who is
   * lost, or comes back later, finds what was said. It counts against {@link Limits#rooms}
   * meanwhile.
   *
   * @param whenEmpty not negative; by default nothing, and the room is forgotten at once
   * @return a changed copy
   * @throws IllegalArgumentException if the time is negative
   */
  public RoomOptions linger(Duration whenEmpty) {
    if (whenEmpty.isNegative()) {
      throw new IllegalArgumentException(
          "a room cannot linger for " + whenEmpty + ": give zero or more");
    }
    RoomOptions copy = copy();
    copy.linger = whenEmpty;
    return copy;
  }

  /**
   * What the room keeps of what was said, for those who come later.
   *
   * @param history by default {@link History#none}
   * @return a changed copy
   */
  public RoomOptions history(History history) {
    RoomOptions copy = copy();
    copy.history = Objects.requireNonNull(history, "history");
    return copy;
  }

  /**
   * What each connection hears first when it comes in.
   *
   * @param greeting the application's rule; by default nothing is said
   * @return a changed copy
   */
  public RoomOptions greeting(Arrival.Greeting greeting) {
    RoomOptions copy = copy();
    copy.greeting = Objects.requireNonNull(greeting, "greeting");
    return copy;
  }

  /**
   * Which role may do what.
   *
   * @param rule the application's rule, by default {@link Role#usual}
   * @return a changed copy
   */
  public RoomOptions roles(Role.Rule rule) {
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
  public RoomOptions notices(Notices notices) {
    RoomOptions copy = copy();
    copy.notices = Objects.requireNonNull(notices, "notices");
    return copy;
  }

  /**
   * Whether two participants may have one display name.
   *
   * @param names by default {@link Names#shared}
   * @return a changed copy
   */
  public RoomOptions names(Names names) {
    RoomOptions copy = copy();
    copy.names = Objects.requireNonNull(names, "names");
    return copy;
  }

  Names names() {
    return names;
  }

  Notices notices() {
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

  Arrival.@Nullable Greeting greeting() {
    return greeting;
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
  public Duration linger() {
    return linger;
  }
}
