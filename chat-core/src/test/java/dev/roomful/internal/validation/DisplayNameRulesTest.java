package dev.roomful.internal.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which display names are accepted, by code point, on every version of Java. */
class DisplayNameRulesTest {
  /** Text from code points in hexadecimal; other words stand for themselves. */
  private static String text(String points) {
    StringBuilder text = new StringBuilder();
    for (String word : points.strip().split(" +", -1)) {
      if (word.matches("[0-9A-F]{4,6}")) {
        text.appendCodePoint(Integer.parseInt(word, 16));
      } else {
        text.append(word);
      }
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "Persian non-joiner,             0646 0627 0645 200C 0647 0627",
    "Sinhala joiner after virama,    0DC1 0DCA 200D 0DBB 0DD3",
    "Devanagari non-joiner,          0915 094D 200C 0937",
    "woman technologist,             1F469 200D 1F4BB",
    "rainbow flag,                   1F3F3 FE0F 200D 1F308",
    "health worker with skin tone,   1F468 1F3FD 200D 2695 FE0F",
    "heart on fire,                  2764 FE0F 200D 1F525",
    "family,                         1F468 200D 1F469 200D 1F467 200D 1F466",
    "black bird,                     1F426 200D 2B1B",
    "emoji between letters,          Ann 2764 FE0F Bob",
    "keycap,                         Ann 1 FE0F 20E3",
    "copyright as emoji,             00A9 FE0F",
    "ideograph with a variant,       845B E0100 57CE",
    "Mongolian variant,              1820 180B 1821",
    "national flag,                  1F1F3 1F1F1",
    "assigned after Unicode 13,      1FAE8",
    "letter added in Unicode 14,     10570",
    "letter added in Unicode 15,     11F02",
    "letter added in Unicode 16,     105C0",
    "not assigned in Unicode 16,     0378",
    "not assigned in Unicode 16,     1FAFF",
    "not assigned in Unicode 16,     3134B",
  })
  void accepted(String what, String points) {
    String name = text(points);
    assertEquals(name, DisplayNameRules.normalize(name), "is in normal form");
    assertNull(DisplayNameRules.errorIn(name));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "lone non-joiner,                 200C, 0",
    "lone joiner,                     200D, 0",
    "joiner at the start,             200D 0646, 0",
    "joiner at the end,               0646 200D, 1",
    "joiner between Latin letters,    An 200D n, 2",
    "non-joiner between Latin,        An 200C n, 2",
    "joiner after a space,            0646 0020 200D 0646, 2",
    "two joiners,                     0646 200D 200D 0646, 1",
    "joiner before a Latin letter,    0646 200D n, 1",
    "joiner after an emoji alone,     1F469 200D, 2",
    "emoji and letter,                1F469 200D A, 2",
    "letter and emoji,                A 200D 1F469, 1",
    "non-joiner between emoji,        1F469 200C 1F4BB, 2",
    "variation after a Latin letter,  A FE00, 1",
    "ideographic variation alone,     E0100, 0",
    "Latin with such a variation,     A E0100, 1",
    "two variations,                  845B E0100 E0101, 3",
    "null,                            A 0000, 1",
    "delete,                          A 007F, 1",
    "C1 control,                      A 0085 B, 1",
    "soft hyphen,                     A 00AD B, 1",
    "grapheme joiner,                 A 034F B, 1",
    "Arabic letter mark,              0646 061C 0646, 1",
    "Hangul filler,                   1160, 0",
    "Khmer inherent vowel,            1780 17B4, 1",
    "Mongolian vowel separator,       1820 180E 1820, 1",
    "zero-width space,                A 200B B, 1",
    "left-to-right mark,              A 200E B, 1",
    "right-to-left override,          A 202E B, 1",
    "word joiner,                     A 2060 B, 1",
    "right-to-left isolate,           A 2067 B, 1",
    "line separator,                  A 2028 B, 1",
    "empty Braille pattern,           A 2800 B, 1",
    "byte order mark,                 A FEFF B, 1",
    "annotation,                      A FFF9 B, 1",
    "private use,                     A E000, 1",
    "private use plane,               A F0000, 1",
    "noncharacter,                    A FDD0, 1",
    "noncharacter,                    A FFFF, 1",
    "noncharacter of plane 1,         A 1FFFE, 1",
    "unpaired surrogate,              A D83D B, 1",
    "tag,                             1F3F4 E0067, 2",
    "musical format,                  A 1D173 B, 1",
  })
  void rejected(String what, String points, int index) {
    String name = text(points);
    assertEquals(
        String.format(
            "the display name has the invisible character U+%04X at index %d: leave it out",
            name.codePointAt(index), index),
        DisplayNameRules.errorIn(name));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "trade mark sign as emoji,  Acme 2122 FE0F, AcmeTM",
    "letter with emoji variant, A FE0F B, AB",
    "full width,                FF21 FF4E FF4E, Ann",
    "spaces at the ends,        3000 Ann 00A0, Ann",
  })
  void normalized(String what, String points, String expected) {
    String name = DisplayNameRules.normalize(text(points));
    assertEquals(expected, name);
    assertEquals(name, DisplayNameRules.normalize(name));
  }

  /** What Java says about a code point depends on its version, so all of them are tried. */
  @Tag("slow")
  @Test
  void eachCodePointOfTheAstralPlanesIsDecidedByTheTableAlone() {
    assertEquals(
        0,
        IntStream.rangeClosed(0x20000, 0x3FFFD)
            .filter(point -> point != 0x2FFFE && point != 0x2FFFF)
            .filter(point -> DisplayNameRules.errorIn(Character.toString(point)) != null)
            .count());
    assertEquals(
        0,
        IntStream.rangeClosed(0x40000, 0x10FFFF)
            .filter(point -> DisplayNameRules.errorIn(Character.toString(point)) == null)
            .count());
  }

  @Test
  void namesThatDifferOnlyInWhatNobodySeesHaveOneKey() {
    String persian = text("0646 0627 0645 200C 0647 0627");
    String joined = text("0646 0627 0645 0647 0627");
    assertEquals(DisplayNameRules.comparisonKey(joined), DisplayNameRules.comparisonKey(persian));
    assertEquals(
        DisplayNameRules.comparisonKey("ann" + text("2764")),
        DisplayNameRules.comparisonKey("ANN" + text("2764 FE0F")));
  }

  @ParameterizedTest
  @CsvSource({
    "0646 200C 0646, 2, 0646",
    "A 1F600 B, 2, A",
    "A 1F600 B, 3, A 1F600",
    "1F469 200D 1F4BB, 4, 1F469",
    "A 1 FE0F 20E3, 3, A1",
    "Ann, 5, Ann",
  })
  void aNameIsCutWhereWhatIsLeftIsValid(String points, int length, String expected) {
    assertEquals(text(expected), DisplayNameRules.truncate(text(points), length));
  }

  @Test
  void theTableIsInOrder() {
    assertNotNull(assertThrows(IllegalArgumentException.class, () -> CodePointSet.of(5, 4)));
    assertNotNull(assertThrows(IllegalArgumentException.class, () -> CodePointSet.of(1, 4, 4, 9)));
  }
}
