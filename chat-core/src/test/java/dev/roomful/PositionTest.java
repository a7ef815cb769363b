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
  @ValueSource(strings = {"", ":", "e:e", ":e", "0123456789abcdef0123456789abcdefX"})
  void anInvalidEpochIsRejected(String epoch) {
    assertThrows(IllegalArgumentException.class, () -> new Position(epoch, 0));
    assertEquals(Optional.empty(), Position.parse(epoch + ":0"));
  }
}
