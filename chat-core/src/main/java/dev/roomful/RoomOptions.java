package dev.roomful;

/**
 * How a room is: who hears what, how many fit in, what happens to slow readers, whether it stays
 * when empty. Immutable; each setter gives a changed copy.
 */
public final class RoomOptions {
  private static final RoomOptions DEFAULTS =
      new RoomOptions(BroadcastPolicy.everyone(), Integer.MAX_VALUE, Overflow.DISCONNECT, false);

  private final BroadcastPolicy policy;
  private final int capacity;
  private final Overflow overflow;
  private final boolean permanent;

  private RoomOptions(BroadcastPolicy policy, int capacity, Overflow overflow, boolean permanent) {
    this.policy = policy;
    this.capacity = capacity;
    this.overflow = overflow;
    this.permanent = permanent;
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
    return new RoomOptions(policy, capacity, overflow, permanent);
  }

  /**
   * How many participants fit in; one more is refused.
   *
   * @param participants at least 1, by default unlimited
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public RoomOptions capacity(int participants) {
    return new RoomOptions(
        policy, Limits.atLeast(1, participants, "capacity"), overflow, permanent);
  }

  /**
   * What happens to a message for a connection whose outbox is full.
   *
   * @param overflow by default {@link Overflow#DISCONNECT}
   * @return a changed copy
   */
  public RoomOptions overflow(Overflow overflow) {
    return new RoomOptions(policy, capacity, overflow, permanent);
  }

  /**
   * The room exists from the start, and stays when the last one leaves.
   *
   * @return a changed copy
   */
  public RoomOptions permanent() {
    return new RoomOptions(policy, capacity, overflow, true);
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
}
