package dev.roomful;

import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.DisplayNameRules;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whether two participants of a room may have the same display name, and which names count as the
 * same. Immutable.
 *
 * <p>All display names are in Unicode's normal form NFKC, without white space at the ends, have 1
 * to 128 characters and none that is invisible or changes the direction of the text after it. A
 * joiner (U+200C, U+200D) is allowed between letters of scripts that use it, such as Persian and
 * Sinhala, and between emoji; a variation selector is allowed after an emoji, an ideograph or such
 * a letter. A handshake with another name is rejected with {@link Rejection#NAME}. The rule is a
 * fixed table of code points and does not depend on the version of Java.
 */
public final class DisplayNames {
  private static final DisplayNames ANY =
      new DisplayNames(false, false, DisplayNameRules::comparisonKey);

  /** One object, so that two choices with the default comparison are equal. */
  private static final DisplayNames UNIQUE = new DisplayNames(true, false, ANY.comparison);

  private static final DisplayNames NUMBERED = new DisplayNames(true, true, ANY.comparison);

  private final boolean unique;
  private final boolean numbered;
  private final UnaryOperator<String> comparison;

  private DisplayNames(boolean unique, boolean numbered, UnaryOperator<String> comparison) {
    this.unique = unique;
    this.numbered = numbered;
    this.comparison = comparison;
  }

  /**
   * Returns the default: any number of participants may have the same name. Their ids tell them
   * apart.
   *
   * @return the choice
   */
  public static DisplayNames any() {
    return ANY;
  }

  /**
   * Returns the choice that each participant has a name of its own. A join with a name that another
   * participant of the room uses is rejected with {@link Rejection#NAME_TAKEN} and status 409. The
   * name is free again when its participant has left.
   *
   * @return the choice
   */
  public static DisplayNames unique() {
    return UNIQUE;
  }

  /**
   * Returns the choice that each participant has a name of its own, if necessary with a number,
   * such as "Ann (2)". Only a participant that is in no other room gets a number: one that has a
   * name elsewhere keeps it, and is rejected as by {@link #unique}.
   *
   * @return the choice
   */
  public static DisplayNames numbered() {
    return NUMBERED;
  }

  /**
   * Sets which names count as the same: by default those that differ only in upper and lower case,
   * joiners and variation selectors.
   *
   * @param comparison returns equal strings for names that count as the same; {@code
   *     Confusables::skeleton} of the module {@code chat-names} knows the letters of all alphabets
   *     that look alike. Called with no lock held; its results have to be stable
   * @return a changed copy
   */
  public DisplayNames withComparison(UnaryOperator<String> comparison) {
    return new DisplayNames(unique, numbered, Objects.requireNonNull(comparison, "comparison"));
  }

  /** {@return whether each participant of the room has a name of its own} */
  public boolean areUnique() {
    return unique;
  }

  /** {@return whether a participant whose name is taken gets a number} */
  public boolean areNumbered() {
    return numbered;
  }

  /** {@return which names count as the same: those for which it returns equal strings} */
  public UnaryOperator<String> comparison() {
    return comparison;
  }

  /**
   * Returns the key of a name: two participants of a room never have equal keys.
   *
   * @param name a display name
   * @return the key, or null if several participants may use one name
   */
  public @Nullable String key(String name) {
    return unique
        ? Objects.requireNonNull(comparison.apply(name), "the result of the name comparison")
        : null;
  }

  /** Comparisons are compared with their own {@code equals}. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DisplayNames that
        && unique == that.unique
        && numbered == that.numbered
        && comparison.equals(that.comparison);
  }

  @Override
  public int hashCode() {
    return Objects.hash(unique, numbered, comparison);
  }

  @Override
  public String toString() {
    return "DisplayNames{" + (numbered ? "numbered" : unique ? "unique" : "any") + "}";
  }
}
