package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EscapedTextTest {
  @Test
  void printableAsciiIsUnchanged() {
    assertEquals("https://app.example:8443 ~", EscapedText.of("https://app.example:8443 ~"));
  }

  @Test
  void otherCharactersAreEscaped() {
    assertEquals(
        "a\\u000d\\u000ab\\u001b[31m\\u202e\\u00fc",
        EscapedText.of("a\r\nb\u001b[31m\u202e\u00fc"));
  }

  @Test
  void aLongTextIsCut() {
    assertEquals("x".repeat(600) + "...", EscapedText.of("x".repeat(601)));
    assertEquals("x".repeat(600), EscapedText.of("x".repeat(600)));
    assertTrue(EscapedText.of("\n".repeat(10_000)).length() < 620);
  }
}
