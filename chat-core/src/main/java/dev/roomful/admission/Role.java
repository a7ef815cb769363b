package dev.roomful.admission;

import java.util.Locale;
import java.util.Objects;

/** The role of a participant in one room, from the lowest to the highest. */
public enum Role {
  /** May see and receive, but not publish. */
  VISITOR,
  /** May publish; the role of everybody whom the authenticator gave no other one. */
  MEMBER,
  /** May act on members: kick, ban, mute, delete and pin messages. */
  MODERATOR,
  /** The highest role. */
  OWNER;

  /** What a role may allow. */
  public enum Action {
    /** Publishing messages. */
    PUBLISH("publish"),
    /** Muting a participant. */
    MUTE("mute"),
    /** Removing a participant. */
    KICK("kick"),
    /** Banning a participant. */
    BAN("ban"),
    /** Deleting messages of others from the history. */
    DELETE_MESSAGES("delete messages"),
    /** Editing messages of others; by default no role may. */
    EDIT_MESSAGES("edit messages"),
    /** Reacting to messages. */
    REACT("react"),
    /** Pinning messages, and taking back pins. */
    PIN_MESSAGES("pin messages"),
    /** Seeing the participants, and who joins and leaves. */
    SEE_PARTICIPANTS("see the participants"),
    /** Setting the topic. */
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

  /** Decides which role may do what. Called for each message, so it should be quick. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Returns whether a role allows an action.
     *
     * @param role the role of the actor
     * @param action the action
     * @return true if it does
     */
    boolean allows(Role role, Action action);
  }

  /**
   * Returns the rule of a room that sets none: visitors may see the participants, members may also
   * publish and react, moderators and owners may do everything except {@link Action#EDIT_MESSAGES},
   * which nobody may.
   *
   * @return the default rule
   */
  public static Rule defaultRule() {
    return (role, action) ->
        switch (action) {
          case SEE_PARTICIPANTS -> true;
          case PUBLISH, REACT -> role.isAtLeast(MEMBER);
          case EDIT_MESSAGES -> false;
          default -> role.isAtLeast(MODERATOR);
        };
  }

  /**
   * Returns whether this role is the same as another one, or higher.
   *
   * @param other the other role
   * @return true if this role is not below the other one
   */
  public boolean isAtLeast(Role other) {
    return compareTo(Objects.requireNonNull(other, "other")) >= 0;
  }

  /** {@return the name in lower case, for messages to people} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
