package dev.roomful.admission;

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
  public enum Action {
    /** Saying something. */
    PUBLISH("publish"),
    /** Silencing somebody. */
    MUTE("mute"),
    /** Throwing somebody out. */
    KICK("kick"),
    /** Keeping somebody out. */
    BAN("ban"),
    /** Taking a message out of the history. */
    DELETE_MESSAGES("delete messages"),
    /** Seeing who is here. */
    SEE_PARTICIPANTS("see the participants"),
    /** Saying what the room is about. */
    SET_TOPIC("change the topic");

    private final String label;

    Action(String label) {
      this.label = label;
    }

    /** {@return the action in words, for messages to people} */
    public String label() {
      return label;
    }
  }

  /** Which role may do what; plain and quick, since it is asked for each message. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Decides.
     *
     * @param role of whoever wants to act
     * @param action what it wants
     * @return true if it may
     */
    boolean allows(Role role, Action action);
  }

  /**
   * Visitors listen and see who is here, members speak, moderators and owners do everything.
   *
   * @return the rule that a room has unless it is given another
   */
  public static Rule defaultRule() {
    return (role, action) ->
        switch (action) {
          case SEE_PARTICIPANTS -> true;
          case PUBLISH -> role.isAtLeast(MEMBER);
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

  /** {@return the name in lower case, for messages to people} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
