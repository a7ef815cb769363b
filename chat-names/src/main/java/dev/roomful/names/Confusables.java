package dev.roomful.names;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Compares names by their looks: names that differ only in upper and lower case, in letters of
 * another alphabet that look the same, or in invisible characters count as the same.
 *
 * <p>Uses the skeleton of Unicode Technical Standard 39, section 4, which knows the looks of
 * letters but not their case, compatibility normalization (NFKC) and full case folding. All methods
 * may be called by any number of threads.
 */
public final class Confusables {
  /** Immutable once built, as are the normalizers: nothing changes after the class is loaded. */
  private static final SpoofChecker SPOOF_CHECKER =
      new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();

  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
  private static final Normalizer2 NFKD = Normalizer2.getNFKDInstance();
  private static final Normalizer2 NFKC_FOLDED = Normalizer2.getNFKCCasefoldInstance();
  private static final Pattern WHITESPACE = Pattern.compile("\\s+");

  private Confusables() {}

  /**
   * Returns the skeleton of a name. Two names with equal skeletons look alike: "Ann" and "ann",
   * "paypal" with a Cyrillic "а", with a digit one or with a capital "I" at the end, "corn" and
   * "com", full-width forms, "Ann" followed by a space or an invisible character.
   *
   * <ul>
   *   <li>A letter of any alphabet that looks like a basic Latin letter, digit or mark has the same
   *       skeleton as that one.
   *   <li>Upper and lower case letters have the same skeleton, except for the few whose two cases
   *       look like two different Latin letters, such as Greek nu ("N" and "v").
   *   <li>Therefore "i", "l", "I" and "1" have one skeleton, and so have "o", "O" and "0".
   *   <li>Letters of two other alphabets whose lower case letters differ have different skeletons,
   *       such as Greek "Γ" and Cyrillic "Г".
   *   <li>Joiners and variation selectors are ignored.
   *   <li>A skeleton is its own skeleton. A name of invisible characters has the empty one.
   * </ul>
   *
   * <p>Letters are compared in the order in which they are stored: this is the standard's skeleton,
   * not its bidiSkeleton, so names that only look alike because text from right to left is mixed
   * with text from left to right have different ones.
   *
   * <p>A skeleton is for comparing, not for displaying. It may change with the version of ICU4J:
   * store the name, and not its skeleton.
   *
   * @param name any text
   * @return its skeleton; the work is proportional to the length of the name
   */
  public static String skeleton(String name) {
    // For some rare letters the table maps to a letter that it maps again; twice is enough.
    return reduced(reduced(name));
  }

  private static String reduced(String name) {
    StringBuilder shapes = new StringBuilder(name.length());
    NFD.normalize(name)
        .codePoints()
        .forEach(letter -> shapes.append(shape(UCharacter.toString(letter))));
    return WHITESPACE.matcher(NFD.normalize(shapes)).replaceAll(" ").strip();
  }

  /** Folds last: folding first would hide that "I" looks like "l", and Cyrillic "В" like "B". */
  private static String shape(String letter) {
    String folded = NFKC_FOLDED.normalize(basicLook(letter));
    return SPOOF_CHECKER.getSkeleton(folded).replace('i', 'l');
  }

  /**
   * Returns the basic Latin letters that a letter looks like; or else those that its other case
   * looks like, so that Cyrillic "В" and "в" are both "B"; or else the look of its upper case.
   */
  private static String basicLook(String letter) {
    String written = SPOOF_CHECKER.getSkeleton(letter);
    if (isBasicLatin(written)) {
      return written;
    }
    String capital =
        SPOOF_CHECKER.getSkeleton(UCharacter.toUpperCase(Locale.ROOT, NFKD.normalize(letter)));
    if (isBasicLatin(capital)) {
      return capital;
    }
    String small = SPOOF_CHECKER.getSkeleton(NFKC_FOLDED.normalize(letter));
    return isBasicLatin(small) ? small : capital;
  }

  private static boolean isBasicLatin(String text) {
    return text.chars().allMatch(unit -> unit < 0x80);
  }
}
