package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.admission.Position;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  @Test
  void theShortestAndTheLongestEpochRoundTrip() {
    for (String epoch : new String[] {"e", "e".repeat(32)}) {
      Position position = new Position(epoch, 0);
      assertEquals(Optional.of(position), Position.parse(position.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 999_999_999_999_999_999L, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
  void everyOffsetThatCanBeWrittenCanBeRead(long offset) {
    Position position = new Position("e", offset);
    assertEquals(Optional.of(position), Position.parse(position.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "9999999999999999999",
        "10000000000000000000",
        "-1",
        "+1",
        "1 ",
        "x",
        "\u0661",
        ""
      })
  void noOtherOffsetIsTaken(String offset) {
    assertEquals(Optional.empty(), Position.parse("e:" + offset));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "e:e", ":e", "0123456789abcdef0123456789abcdefX"})
  void anInvalidEpochIsRejected(String epoch) {
    assertThrows(IllegalArgumentException.class, () -> new Position(epoch, 0));
    assertEquals(Optional.empty(), Position.parse(epoch + ":0"));
  }
}
