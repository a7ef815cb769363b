package dev.roomful.internal.validation;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** The form of display names: Unicode NFKC, 1 to 128 characters, none of them invisible. */
public final class DisplayNameRules {
  private static final int MAX_LENGTH = 128;

  private DisplayNameRules() {}

  /** Returns the name in the form in which it is stored and compared. */
  public static String normalize(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).strip();
  }

  /** Returns why a normalized name is not allowed, or null if it is allowed. */
  public static @Nullable String errorIn(String name) {
    if (name.isBlank()) {
      return "the display name is empty: give 1 to " + MAX_LENGTH + " characters";
    }
    if (name.length() > MAX_LENGTH) {
      return "the display name has " + name.length() + " characters: at most " + MAX_LENGTH;
    }
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      int codePoint = name.codePointAt(i);
      if (isInvisible(codePoint)) {
        return String.format(
            "the display name has the invisible character U+%04X at index %d: leave it out",
            codePoint, i);
      }
    }
    return null;
  }

  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default ->
          codePoint == 0x034F || codePoint == 0x115F || codePoint == 0x1160 || codePoint == 0x2800;
    };
  }
}
