package dev.roomful;

import java.text.Normalizer;
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
 * Refusal#NAME}.
 */
public final class Names {
  private static final int MAX_NAME = 128;

  private static final Names SHARED =
      new Names(false, false, name -> name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));

  private final boolean unique;
  private final boolean numbered;
  private final UnaryOperator<String> likeness;

  private Names(boolean unique, boolean numbered, UnaryOperator<String> likeness) {
    this.unique = unique;
    this.numbered = numbered;
    this.likeness = likeness;
  }

  /**
   * Any number of participants may have one name; they are told apart by their ids.
   *
   * @return the choice of a room that makes none
   */
  public static Names shared() {
    return SHARED;
  }

  /**
   * A name has one participant: another one that wants to come in with it is refused, with {@link
   * Refusal#NAME_TAKEN} and status 409. It is free again when its participant has left.
   *
   * @return the choice
   */
  public static Names unique() {
    return new Names(true, false, SHARED.likeness);
  }

  /**
   * A name has one participant: another one that wants to come in with it gets a number, such as in
   * "Ann (2)". Only who is in no other room yet: who has a name elsewhere keeps it, and is refused
   * as by {@link #unique}.
   *
   * @return the choice
   */
  public static Names numbered() {
    return new Names(true, true, SHARED.likeness);
  }

  /**
   * When two names are one: by default when they are but for capitals.
   *
   * @param likeness gives equal strings for names that people would take for one another; {@code
   *     Confusables::skeleton} of the module {@code chat-names} knows the letters of all alphabets
   *     that look alike. Called with no lock held
   * @return a changed copy
   */
  public Names comparedBy(UnaryOperator<String> likeness) {
    return new Names(unique, numbered, Objects.requireNonNull(likeness, "likeness"));
  }

  boolean areNumbered() {
    return numbered;
  }

  /** What nobody else in the room may have for this name; null if anybody may. */
  @Nullable String key(String name) {
    return unique ? Objects.requireNonNull(likeness.apply(name), "the likeness of a name") : null;
  }

  /** A name as it is kept. */
  static String tidy(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).strip();
  }

  /** What is wrong with a tidy name, in words, or null. */
  static @Nullable String trouble(String name) {
    if (name.isBlank()) {
      return "the display name is empty: give 1 to " + MAX_NAME + " characters";
    }
    if (name.length() > MAX_NAME) {
      return "the display name has " + name.length() + " characters: at most " + MAX_NAME;
    }
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      int letter = name.codePointAt(i);
      if (isUnseen(letter)) {
        return String.format(
            "the display name has the invisible character U+%04X at index %d: leave it out",
            letter, i);
      }
    }
    return null;
  }

  private static boolean isUnseen(int letter) {
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> letter == 0x034F || letter == 0x115F || letter == 0x1160 || letter == 0x2800;
    };
  }
}
