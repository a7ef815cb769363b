package dev.roomful.internal.validation;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The form of display names: Unicode NFKC, 1 to 128 characters, none of them invisible.
 *
 * <p>The rule is written in ranges of code points. {@link Character} is not asked, because its
 * tables differ between versions of Java, and two nodes of a chat have to accept the same names.
 */
public final class DisplayNameRules {
  private static final int MAX_LENGTH = 128;

  private static final int NON_JOINER = 0x200C;
  private static final int JOINER = 0x200D;
  private static final int KEYCAP = 0x20E3;

  /** Code points that nobody sees, that change the direction of others, or that mean nothing. */
  private static final CodePointSet FORBIDDEN =
      CodePointSet.of(
          // Controls.
          0x0000,
          0x001F,
          0x007F,
          0x009F,
          // Soft hyphen, grapheme joiner.
          0x00AD,
          0x00AD,
          0x034F,
          0x034F,
          // Arabic and Syriac format characters, Arabic letter mark.
          0x0600,
          0x0605,
          0x061C,
          0x061C,
          0x06DD,
          0x06DD,
          0x070F,
          0x070F,
          0x0890,
          0x0891,
          0x08E2,
          0x08E2,
          // Fillers of Hangul, vowels of Khmer that are not written, Mongolian vowel separator.
          0x115F,
          0x1160,
          0x17B4,
          0x17B5,
          0x180E,
          0x180E,
          // Zero-width space, marks and overrides of direction, separators, invisible operators.
          0x200B,
          0x200B,
          0x200E,
          0x200F,
          0x2028,
          0x202E,
          0x2060,
          0x206F,
          // The empty Braille pattern, the compatibility fillers of Hangul.
          0x2800,
          0x2800,
          0x3164,
          0x3164,
          // Surrogates that are not paired, private use, noncharacters, byte order mark, specials.
          0xD800,
          0xF8FF,
          0xFDD0,
          0xFDEF,
          0xFEFF,
          0xFEFF,
          0xFFA0,
          0xFFA0,
          0xFFF0,
          0xFFFB,
          0xFFFE,
          0xFFFF,
          // Format characters of Kaithi, hieroglyphs, shorthand and music.
          0x110BD,
          0x110BD,
          0x110CD,
          0x110CD,
          0x13430,
          0x1343F,
          0x1BCA0,
          0x1BCA3,
          0x1D173,
          0x1D17A,
          // Noncharacters of the other planes.
          0x1FFFE,
          0x1FFFF,
          0x2FFFE,
          0x2FFFF,
          0x3FFFE,
          0x3FFFF,
          // Planes without characters; tags; private use.
          0x40000,
          0xE00FF,
          0xE01F0,
          0x10FFFF);

  /** Blocks of scripts whose letters change their form next to a joiner. */
  private static final CodePointSet JOINING =
      CodePointSet.of(
          // Arabic, Syriac, Thaana, N'Ko, Samaritan, Mandaic, Arabic supplements.
          0x0620,
          0x08FF,
          // The scripts of India and Sri Lanka.
          0x0900,
          0x0DFF,
          // Tibetan, Myanmar, the scripts of the Philippines, Khmer, Mongolian.
          0x0F00,
          0x109F,
          0x1700,
          0x18AF,
          // Limbu to Lepcha, Syloti Nagri to Meetei Mayek.
          0x1900,
          0x1C7F,
          0xA800,
          0xABFF,
          // Kharoshthi, Manichaean, Hanifi Rohingya, Brahmi and its relatives, Adlam.
          0x10A00,
          0x10A5F,
          0x10AC0,
          0x10AFF,
          0x10D00,
          0x10D3F,
          0x11000,
          0x11FFF,
          0x1E900,
          0x1E95F);

  private static final CodePointSet EMOJI =
      CodePointSet.of(0x00A9, 0x00A9, 0x00AE, 0x00AE, 0x2190, 0x2BFF, 0x1F000, 0x1FAFF);

  private static final CodePointSet IDEOGRAPHS =
      CodePointSet.of(0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xF900, 0xFAFF, 0x20000, 0x3FFFD);

  private static final CodePointSet KEYCAP_BASES = CodePointSet.of('#', '#', '*', '*', '0', '9');

  private static final CodePointSet EMOJI_VARIATIONS = CodePointSet.of(0xFE0E, 0xFE0F);

  private static final CodePointSet VARIATIONS =
      CodePointSet.of(0x180B, 0x180D, 0x180F, 0x180F, 0xFE00, 0xFE0F, 0xE0100, 0xE01EF);

  private DisplayNameRules() {}

  /**
   * Returns the name in the form in which it is stored and compared. An emoji variation without an
   * emoji before it is removed: NFKC turns some signs into letters, such as the trade mark sign,
   * and leaves what followed them.
   */
  public static String normalize(String name) {
    if (isPrintableAscii(name)) {
      return name.strip();
    }
    int[] points = Normalizer.normalize(name, Normalizer.Form.NFKC).codePoints().toArray();
    StringBuilder kept = new StringBuilder(name.length());
    for (int i = 0; i < points.length; i++) {
      if (!EMOJI_VARIATIONS.contains(points[i]) || isVariationAllowed(points, i)) {
        kept.appendCodePoint(points[i]);
      }
    }
    return kept.toString().strip();
  }

  /**
   * Returns equal strings for names that differ only in upper and lower case, joiners and variation
   * selectors.
   */
  public static String comparisonKey(String name) {
    return name.codePoints()
        .filter(point -> !isJoiner(point) && !VARIATIONS.contains(point))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the start of a valid name, at most this many characters, which is valid itself. */
  public static String truncate(String name, int length) {
    String start = name.substring(0, Math.min(name.length(), length));
    while (!start.isEmpty() && errorIn(start) != null) {
      start = start.substring(0, start.length() - 1); // half of a pair, or a joiner
    }
    return start;
  }

  /** Returns why a normalized name is not allowed, or null if it is allowed. */
  public static @Nullable String errorIn(String name) {
    if (name.isBlank()) {
      return "the display name is empty: give 1 to " + MAX_LENGTH + " characters";
    }
    if (name.length() > MAX_LENGTH) {
      return "the display name has " + name.length() + " characters: at most " + MAX_LENGTH;
    }
    if (isPrintableAscii(name)) {
      return null;
    }
    int[] points = name.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      if (!isAllowed(points, i)) {
        return String.format(
            "the display name has the invisible character U+%04X at index %d: leave it out",
            points[i], name.offsetByCodePoints(0, i));
      }
    }
    return null;
  }

  /** Such a name is in its normal form, and all its characters are allowed. */
  private static boolean isPrintableAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < ' ' || name.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(int[] points, int i) {
    int point = points[i];
    if (isJoiner(point)) {
      return isJoinerAllowed(points, i);
    }
    if (VARIATIONS.contains(point)) {
      return isVariationAllowed(points, i);
    }
    return !FORBIDDEN.contains(point);
  }

  private static boolean isJoiner(int point) {
    return point == NON_JOINER || point == JOINER;
  }

  private static boolean isJoinerAllowed(int[] points, int i) {
    if (i == 0 || i + 1 == points.length) {
      return false;
    }
    int before = points[i - 1];
    int after = points[i + 1];
    boolean joinsLetters =
        JOINING.contains(before) && JOINING.contains(after) && !VARIATIONS.contains(after);
    boolean joinsEmoji =
        (EMOJI.contains(before) || EMOJI_VARIATIONS.contains(before)) && EMOJI.contains(after);
    return joinsLetters || (points[i] == JOINER && joinsEmoji);
  }

  private static boolean isVariationAllowed(int[] points, int i) {
    if (i == 0) {
      return false;
    }
    int before = points[i - 1];
    if (EMOJI_VARIATIONS.contains(points[i])) {
      boolean isKeycap = i + 1 < points.length && points[i + 1] == KEYCAP;
      return EMOJI.contains(before) || (isKeycap && KEYCAP_BASES.contains(before));
    }
    return IDEOGRAPHS.contains(before)
        || (JOINING.contains(before) && !VARIATIONS.contains(before));
  }
}
