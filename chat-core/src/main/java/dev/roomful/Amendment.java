package dev.roomful;

import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change of a message that was published before: an edit, a deletion, a reaction or a pin. It is
 * part of a {@linkplain Message#withAmendment message of its own}, with a sender, a payload and a
 * position. Clients that were away therefore receive it when they resume. Immutable.
 *
 * <p><b>Effect.</b> The history contains the changed message, see {@link Message#isEdited}, {@link
 * Message#isPinned} and {@link Message#reactions}. An amendment replaces the stored amendments of
 * the same message that it supersedes: earlier edits; the same reaction of the same sender; earlier
 * pins; and a deletion all others. It reaches those whom the amended message was published to.
 *
 * <p><b>Errors.</b> The room rejects an amendment with {@link Rejection#NOT_FOUND} if no message is
 * stored at the position, or an amendment is; with {@link Rejection#NOT_ALLOWED} if the role of the
 * sender does not allow it; and with {@link Rejection#TOO_MANY_REACTIONS}.
 */
public final class Amendment {
  /** The largest number of different reactions to one message. */
  public static final int MAX_REACTION_KINDS = 20;

  /** The largest number of reactions of all participants to one message. */
  public static final int MAX_REACTIONS = 1000;

  /** The largest number of characters of a reaction. */
  public static final int MAX_REACTION_LENGTH = 64;

  /** What an amendment does with a message. */
  public enum Kind {
    /**
     * Replaces the payload. The author may; others need a role that may {@link
     * Role.Action#EDIT_MESSAGES}.
     */
    EDIT,
    /**
     * Removes the message from the history. The author may; others need a role that may {@link
     * Role.Action#DELETE_MESSAGES}.
     */
    DELETE,
    /** Adds a reaction of the sender; needs a role that may {@link Role.Action#REACT}. */
    REACT,
    /** Takes back a reaction of the sender; needs a role that may {@link Role.Action#REACT}. */
    UNREACT,
    /** Marks the message as important; needs a role that may {@link Role.Action#PIN_MESSAGES}. */
    PIN,
    /** Takes back a pin; needs a role that may {@link Role.Action#PIN_MESSAGES}. */
    UNPIN
  }

  private final Kind kind;
  private final Position target;
  private final @Nullable String reaction;

  private Amendment(Kind kind, Position target, @Nullable String reaction) {
    this.kind = kind;
    this.target = Objects.requireNonNull(target, "target");
    this.reaction = reaction;
  }

  /**
   * Returns an edit: the payload of the message that it is part of replaces that of the target.
   *
   * @param target the position of the message to edit
   * @return the amendment
   */
  public static Amendment edit(Position target) {
    return new Amendment(Kind.EDIT, target, null);
  }

  /**
   * Returns a deletion.
   *
   * @param target the position of the message to delete
   * @return the amendment
   */
  public static Amendment delete(Position target) {
    return new Amendment(Kind.DELETE, target, null);
  }

  /**
   * Returns a reaction of the sender.
   *
   * @param target the position of the message to react to
   * @param reaction an emoji or another short text, 1 to {@value #MAX_REACTION_LENGTH} characters
   * @return the amendment
   * @throws IllegalArgumentException if the reaction is empty or too long
   */
  public static Amendment react(Position target, String reaction) {
    return new Amendment(Kind.REACT, target, requireReaction(reaction));
  }

  /**
   * Takes back a reaction of the sender; has no effect if there is none.
   *
   * @param target the position of the message
   * @param reaction the reaction
   * @return the amendment
   * @throws IllegalArgumentException if the reaction is empty or too long
   */
  public static Amendment unreact(Position target, String reaction) {
    return new Amendment(Kind.UNREACT, target, requireReaction(reaction));
  }

  /**
   * Returns a pin.
   *
   * @param target the position of the message to mark as important
   * @return the amendment
   */
  public static Amendment pin(Position target) {
    return new Amendment(Kind.PIN, target, null);
  }

  /**
   * Takes back a pin; has no effect if there is none.
   *
   * @param target the position of the message
   * @return the amendment
   */
  public static Amendment unpin(Position target) {
    return new Amendment(Kind.UNPIN, target, null);
  }

  private static String requireReaction(String reaction) {
    if (reaction.isEmpty() || reaction.length() > MAX_REACTION_LENGTH) {
      throw new IllegalArgumentException(
          "the reaction \""
              + reaction
              + "\" has "
              + reaction.length()
              + " characters: give 1 to "
              + MAX_REACTION_LENGTH);
    }
    return reaction;
  }

  /** {@return what it does} */
  public Kind kind() {
    return kind;
  }

  /** {@return the position of the message that it changes} */
  public Position target() {
    return target;
  }

  /** {@return the reaction that it adds or takes back; empty for other kinds} */
  public Optional<String> reaction() {
    return Optional.ofNullable(reaction);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Amendment that
        && kind == that.kind
        && target.equals(that.target)
        && Objects.equals(reaction, that.reaction);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, target, reaction);
  }

  @Override
  public String toString() {
    return kind + " " + target + (reaction == null ? "" : " " + reaction);
  }
}
