package dev.roomful;

import dev.roomful.admission.Rejection;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whether two participants of a room may have one display name, and when two names are one. A
 * room's; immutable.
 *
 * <p>All display names are in Unicode's normal form NFKC, without white space at the ends, have 1
 * to 128 characters, and none that is invisible or changes the direction of what follows (Unicode
 * categories Cc, Cf, Cn, Co, Cs, Zl, Zp): the handshake of another one is refused with {@link
 * Rejection#NAME}.
 */
public final class DisplayNames {
  private static final DisplayNames ANY =
      new DisplayNames(
          false, false, name -> name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));

  private final boolean unique;
  private final boolean numbered;
  private final UnaryOperator<String> comparison;

  private DisplayNames(boolean unique, boolean numbered, UnaryOperator<String> comparison) {
    this.unique = unique;
    this.numbered = numbered;
    this.comparison = comparison;
  }

  /**
   * Any number of participants may have one name; they are told apart by their ids.
   *
   * @return the choice of a room that makes none
   */
  public static DisplayNames any() {
    return ANY;
  }

  /**
   * A name has one participant: another one that wants to come in with it is refused, with {@link
   * Rejection#NAME_TAKEN} and status 409. It is free again when its participant has left.
   *
   * @return the choice
   */
  public static DisplayNames unique() {
    return new DisplayNames(true, false, ANY.comparison);
  }

  /**
   * A name has one participant: another one that wants to come in with it gets a number, such as in
   * "Ann (2)". Only who is in no other room yet: who has a name elsewhere keeps it, and is refused
   * as by {@link #unique}.
   *
   * @return the choice
   */
  public static DisplayNames numbered() {
    return new DisplayNames(true, true, ANY.comparison);
  }

  /**
   * When two names are one: by default when they are but for capitals.
   *
   * @param comparison gives equal strings for names that people would take for one another; {@code
   *     Confusables::skeleton} of the module {@code chat-names} knows the letters of all alphabets
   *     that look alike. Called with no lock held
   * @return a changed copy
   */
  public DisplayNames withComparison(UnaryOperator<String> comparison) {
    return new DisplayNames(unique, numbered, Objects.requireNonNull(comparison, "likeness"));
  }

  /** {@return whether a name that is taken gets a number} */
  public boolean areNumbered() {
    return numbered;
  }

  /**
   * Returns the key of a name: two participants of a room never have equal keys.
   *
   * @param name a display name
   * @return the key, or null if several participants may use one name
   */
  public @Nullable String key(String name) {
    return unique ? Objects.requireNonNull(comparison.apply(name), "the likeness of a name") : null;
  }
}
