package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapingTest {
  @ParameterizedTest
  @CsvSource({
    "room,           room",
    "lobby:1/a.b_c,  lobby:1/a.b_c",
    "caf\u00e9,      caf\u00e9",
    "'a b',          a%0020b",
    "{x},            %007bx%007d",
    "100%,           100%0025",
    "'',             -",
    "-,              %002d",
    "--,             --",
    "\ud83d\ude00,   %d83d%de00",
  })
  void escapesWhatKeysCannotHaveAndUnescapesIt(String value, String escaped) {
    assertEquals(escaped, Escaping.escape(value));
    assertEquals(value, Escaping.unescape(escaped));
  }

  @ParameterizedTest
  @CsvSource({"\\ud83d, %d83d", "\\ude00, %de00"})
  void keepsUnpairedSurrogatesApart(String code, String escaped) {
    String value = String.valueOf((char) Integer.parseInt(code.substring(2), 16));
    assertEquals(escaped, Escaping.escape(value));
    assertEquals(value, Escaping.unescape(escaped));
  }
}
