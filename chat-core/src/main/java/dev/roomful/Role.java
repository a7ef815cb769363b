package dev.roomful;

import java.util.Locale;
import java.util.Objects;

/** What a participant is in one room, from the least to the most. */
public enum Role {
  /** Looks on. */
  VISITOR,
  /** Takes part; what everybody is whom the doorman gave no other role. */
  MEMBER,
  /** Keeps order. */
  MODERATOR,
  /** Whose room it is. */
  OWNER;

  /** What a role may allow, or not. */
  public enum Act {
    /** Saying something. */
    SPEAK,
    /** Silencing somebody. */
    MUTE,
    /** Throwing somebody out. */
    KICK,
    /** Keeping somebody out. */
    BAN,
    /** Taking a message out of the history. */
    REMOVE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which role may do what; plain and quick, since it is asked for each message. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Decides.
     *
     * @param role of whoever wants to act
     * @param act what it wants
     * @return true if it may
     */
    boolean allows(Role role, Act act);
  }

  /**
   * Visitors listen, members speak, moderators and owners do everything.
   *
   * @return the rule that a room has unless it is given another
   */
  public static Rule usual() {
    return (role, act) -> role.isAtLeast(act == Act.SPEAK ? MEMBER : MODERATOR);
  }

  /**
   * Whether it is this role or one above.
   *
   * @param other the other role
   * @return true if this role is not below the other
   */
  public boolean isAtLeast(Role other) {
    return compareTo(Objects.requireNonNull(other, "other")) >= 0;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
