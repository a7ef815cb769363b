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
    SPEAK("speak"),
    /** Silencing somebody. */
    MUTE("mute"),
    /** Throwing somebody out. */
    KICK("kick"),
    /** Keeping somebody out. */
    BAN("ban"),
    /** Taking a message out of the history. */
    REMOVE("remove messages"),
    /** Seeing who is here. */
    SEE("see who is here"),
    /** Saying what the room is about. */
    TOPIC("change the topic");

    private final String word;

    Act(String word) {
      this.word = word;
    }

    String word() {
      return word;
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
   * Visitors listen and see who is here, members speak, moderators and owners do everything.
   *
   * @return the rule that a room has unless it is given another
   */
  public static Rule usual() {
    return (role, act) ->
        switch (act) {
          case SEE -> true;
          case SPEAK -> role.isAtLeast(MEMBER);
          default -> role.isAtLeast(MODERATOR);
        };
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
