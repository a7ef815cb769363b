package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentDecoderTest {
  @Test
  void escapesAreUtf8AndOtherCharactersStayAsTheyAre() {
    assertEquals(
        Optional.of("ü \uD83D\uDE00/"), PercentDecoder.decodePath("%C3%bc%20%F0%9F%98%80/"));
    assertEquals(Optional.of("a-b;c=1&d"), PercentDecoder.decodePath("a-b;c=1&d"));
    assertEquals(Optional.of(""), PercentDecoder.decodePath(""));
  }

  @Test
  void aPlusSignIsASpaceInFormsOnly() {
    assertEquals(Optional.of("1+2"), PercentDecoder.decodePath("1+2"));
    assertEquals(Optional.of("1 2+"), PercentDecoder.decodeForm("1+2%2B"));
    assertEquals(Optional.of("1 2"), PercentDecoder.decodeForm("1+2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "a%4",
        "%zz",
        "%-1",
        "%FF",
        "%C3",
        "%C3%28",
        "%C0%AF",
        "%ED%A0%80",
        "\u00FC",
        "\uD83D\uDE00"
      })
  void malformedEscapesAndMalformedUtf8AreNotDecoded(String raw) {
    assertEquals(Optional.empty(), PercentDecoder.decodePath(raw));
    assertEquals(Optional.empty(), PercentDecoder.decodeForm(raw));
  }
}
