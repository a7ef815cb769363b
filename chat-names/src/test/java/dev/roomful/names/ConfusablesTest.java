package dev.roomful.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.ibm.icu.text.SpoofChecker;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusablesTest {
  private static final UnaryOperator<String> SKELETON = Confusables::skeleton;

  @ParameterizedTest
  @CsvSource({
    "paypal, p\u0430yp\u0430l",
    "Bob, \u0412\u043Eb",
    "Eve, E\u03BDe",
    "TOM, \u0422\u041E\u041C",
    "Nik, \u039Dik",
    "Oleg, \u041Eleg",
    "Ann, \u13AAnn",
  })
  void lettersOfAnotherAlphabetDoNotMakeAnotherName(String name, String imitation) {
    assertEquals(SKELETON.apply(name), SKELETON.apply(imitation));
  }

  @ParameterizedTest
  @CsvSource({
    "Ann, ann",
    "IVAN, ivan",
    "MARIA, maria",
    "Straße, STRASSE",
    "ÉMILE, émile",
    "Вова, ВОВА",
    "Гриша, гриша",
    "Щукин, щукин",
    "Γιώργος, ΓΙΏΡΓΟΣ",
    "Արամ, արամ",
  })
  void capitalsDoNotMakeAnotherName(String name, String imitation) {
    assertEquals(SKELETON.apply(name), SKELETON.apply(imitation));
  }

  @ParameterizedTest
  @CsvSource({
    "modern, rnodern",
    "MODERN, rnodern",
    "Bob, B0b",
    "bob, b0b",
    "paypal, paypaI",
    "paypal, paypa1",
    "PAYPAL, paypa|",
    "Oslo, 0sI0",
  })
  void lettersAndDigitsThatLookAlikeDoNotMakeAnotherName(String name, String imitation) {
    assertEquals(SKELETON.apply(name), SKELETON.apply(imitation));
  }

  @ParameterizedTest
  @CsvSource({
    "Ann, \uFF21\uFF4E\uFF4E",
    "Ann, \u24B6\u24DD\u24DD",
    "Ann, \uD835\uDC68\uD835\uDC8F\uD835\uDC8F",
    "Fionn, \uFB01onn",
    "José, Jose\u0301",
    "O'Neil, O\u2019Neil",
    "O'Neil, O\u00B4Neil",
    "カナ, \uFF76\uFF85",
  })
  void formsOfTheSameLettersDoNotMakeAnotherName(String name, String imitation) {
    assertEquals(SKELETON.apply(name), SKELETON.apply(imitation));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "An\u200Bn",
        "An\u00ADn",
        "\u202EAnn",
        "Ann\uFEFF",
        "Ann ",
        "\u00A0Ann",
        "Ann\u3164",
        "Ann\u2800"
      })
  void invisibleCharactersDoNotMakeAnotherName(String imitation) {
    assertEquals(SKELETON.apply("Ann"), SKELETON.apply(imitation));
  }

  @Test
  void onlyThePresenceOfWhitespaceCounts() {
    assertEquals(SKELETON.apply("Ann Lee"), SKELETON.apply("Ann \u3000 Lee"));
    assertNotEquals(SKELETON.apply("Ann Lee"), SKELETON.apply("AnnLee"));
  }

  @ParameterizedTest
  @CsvSource({
    "Ann, Anna",
    "Ann, Avv",
    "Ann, Ahh",
    "Bob, Rob",
    "Jose, José",
    "Nera, Vera",
    "Sue, Zoe",
    "user2, user3",
    "Νίκος, Νίκη",
    "Μαρία, Μάριος",
    "Анна, Алла",
    "Саша, Маша",
    "王偉, 王芳",
    "田中, 山中",
    "さくら, さくや",
    "민준, 민지",
    "דוד, דנה",
    "محمد, محمود",
    "😀, 😁",
    "Ann😀, Ann",
  })
  void differentNamesStayDifferent(String one, String other) {
    assertNotEquals(SKELETON.apply(one), SKELETON.apply(other));
  }

  @Test
  void allNamesOfThreeLettersWithoutIAndMStayDifferent() {
    List<String> letters =
        "abcdefghjklnopqrstuvwxyz".chars().mapToObj(Character::toString).toList();
    List<String> names =
        letters.stream()
            .flatMap(a -> letters.stream().flatMap(b -> letters.stream().map(c -> a + b + c)))
            .toList();
    Set<String> skeletons = names.stream().map(SKELETON).collect(Collectors.toSet());
    assertEquals(names.size(), skeletons.size());
  }

  @ParameterizedTest
  @CsvSource({
    "😀, 😀",
    "❤\uFE0F, ❤",
    "Ann 👋, ann 👋",
    "👩\u200D🚀, 👩🚀",
    "🏳\uFE0F\u200D🌈, 🏳🌈",
    "1\uFE0F\u20E3, 1\u20E3",
  })
  void emojiAreComparedAsTheyAreWithoutTheirJoinersAndSelectors(String name, String imitation) {
    assertEquals(SKELETON.apply(name), SKELETON.apply(imitation));
    assertFalse(SKELETON.apply(name).isEmpty());
  }

  /** Display names may have them there, and nobody should get a second name with them. */
  @ParameterizedTest
  @CsvSource({
    "\u0646\u0627\u0645\u200C\u0647\u0627, \u0646\u0627\u0645\u0647\u0627",
    "\u0DC1\u0DCA\u200D\u0DBB\u0DD3, \u0DC1\u0DCA\u0DBB\u0DD3",
    "\u0915\u094D\u200C\u0937, \u0915\u094D\u0937",
    "\u845B\uDB40\uDD00\u57CE, \u845B\u57CE",
    "\u1820\u180B\u1821, \u1820\u1821",
  })
  void joinersAndVariationsBetweenLettersDoNotMakeAnotherName(String name, String imitation) {
    assertEquals(SKELETON.apply(imitation), SKELETON.apply(name));
    assertFalse(SKELETON.apply(name).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\u200B", "\u3164\u2800", "\u2003\uFE0F"})
  void anInvisibleNameHasTheEmptySkeleton(String nothing) {
    assertEquals("", SKELETON.apply(nothing));
  }

  @Test
  void aLongNameKeepsItsLastLetter() {
    String mixed = "Añ\u0430Ж王😀".repeat(18);
    for (String name : List.of("n".repeat(128), "\uFDFA".repeat(128), "m".repeat(128), mixed)) {
      assertEquals(SKELETON.apply(name), SKELETON.apply(name.toUpperCase(Locale.ROOT)));
      assertNotEquals(SKELETON.apply(name + "x"), SKELETON.apply(name + "y"));
    }
  }

  /** The work is a constant for each letter: a name's skeleton is that of its letters in a row. */
  @Test
  void everyLetterIsMappedIndependently() {
    String letters = "Ann\u0412ова王😀rn0I";
    String apart =
        letters
            .codePoints()
            .mapToObj(Character::toString)
            .map(SKELETON)
            .collect(Collectors.joining());
    assertEquals(apart, SKELETON.apply(letters));
    assertEquals(apart.repeat(1000), SKELETON.apply(letters.repeat(1000)));
  }

  @Test
  void aSkeletonIsItsOwnSkeleton() {
    assertEquals(
        List.of(),
        letters()
            .filter(
                letter -> !SKELETON.apply(SKELETON.apply(letter)).equals(SKELETON.apply(letter)))
            .toList());
  }

  @Test
  void whateverLooksLikeBasicLatinHasItsSkeleton() {
    SpoofChecker looks = new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
    List<String> others =
        letters()
            .filter(letter -> looks.getSkeleton(letter).chars().allMatch(unit -> unit < 0x80))
            .filter(
                letter -> !SKELETON.apply(letter).equals(SKELETON.apply(looks.getSkeleton(letter))))
            .toList();
    assertEquals(List.of(), others);
  }

  @Test
  void ofLatinGreekAndCyrillicOnlyNuAndUpsilonAreTwoNamesInTheirTwoCases() {
    List<String> twofold =
        Stream.of(
                IntStream.rangeClosed('A', 0x17E),
                IntStream.rangeClosed(0x391, 0x3CE),
                IntStream.rangeClosed(0x400, 0x45F))
            .flatMap(range -> range.mapToObj(Character::toString))
            .filter(
                letter ->
                    !SKELETON.apply(letter).equals(SKELETON.apply(letter.toUpperCase(Locale.ROOT))))
            .toList();
    assertEquals(List.of("ΰ", "ν", "υ", "ϋ", "ύ"), twofold);
  }

  @Test
  void aTextThatIsNotWellFormedHasASkeletonToo() {
    assertEquals(SKELETON.apply("x\uD83D"), SKELETON.apply("X\uD83D"));
    assertNotEquals(SKELETON.apply("x\uD83D"), SKELETON.apply("x\uDE00"));
  }

  @Test
  void manyThreadsMayComputeSkeletonsAtOnce() {
    List<String> names = letters().limit(5000).toList();
    assertEquals(
        names.stream().map(SKELETON).toList(), names.parallelStream().map(SKELETON).toList());
  }

  private static Stream<String> letters() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(Character::isDefined)
        .filter(letter -> Character.getType(letter) != Character.SURROGATE)
        .filter(letter -> Character.getType(letter) != Character.PRIVATE_USE)
        .mapToObj(Character::toString);
  }
}
