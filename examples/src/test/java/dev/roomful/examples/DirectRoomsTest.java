package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectRoomsTest {
  @ParameterizedTest
  @CsvSource({"ann, bob", "bob, ann", "a:b, c", "é%, 'x y'"})
  void anyTwoParticipantsShareOneRoom(String first, String second) {
    String room = DirectRooms.roomName(first, second);
    assertEquals(room, DirectRooms.roomName(second, first));
    assertEquals(Optional.of(second), DirectRooms.otherId(first, room));
    assertEquals(Optional.of(first), DirectRooms.otherId(second, room));
    assertFalse(DirectRooms.isClosedTo(first, room));
    assertTrue(DirectRooms.isClosedTo("cem", room));
  }

  /** The page composes these names as well; its unit tests expect the same. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "ann, bob, direct:ann:bob",
        "a:b, c, direct:a%3Ab:c",
        "é%, x y, direct:x+y:%C3%A9%25",
        "*-._~!'(), A, direct:*-._%7E%21%27%28%29:A"
      })
  void theNameConsistsOfBothIds(String first, String second, String room) {
    assertEquals(room, DirectRooms.roomName(first, second));
  }

  @Test
  void idsWithTheSeparatorDoNotShareARoom() {
    assertNotEquals(DirectRooms.roomName("a:b", "c"), DirectRooms.roomName("a", "b:c"));
  }

  /** Clients choose the names of the rooms that they join. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "direct:",
        "direct:ann",
        "direct:ann:%zz",
        "direct:ann:%",
        "direct:bob:ann",
        "direct:ann:b%6Fb",
        "direct:%61nn:bob",
        "direct:ann:bob:cem"
      })
  void anyOtherNameWithThePrefixIsClosedToEverybody(String room) {
    assertTrue(DirectRooms.isClosedTo("ann", room));
    assertTrue(DirectRooms.isClosedTo("bob", room));
  }

  @Test
  void aRoomWithoutThePrefixIsOpen() {
    assertFalse(DirectRooms.isClosedTo("ann", "lobby"));
  }
}
