package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {
  @Test
  void hasACodeFrom1000To4999() {
    for (int code : new int[] {Integer.MIN_VALUE, 0, 999, 5000, 65536}) {
      IllegalArgumentException exception =
          assertThrows(IllegalArgumentException.class, () -> new CloseStatus(code, ""));
      assertTrue(String.valueOf(exception.getMessage()).contains("close code " + code));
    }
    assertEquals(1000, new CloseStatus(1000, "").code());
    assertEquals(4999, new CloseStatus(4999, "").code());
  }

  @Test
  void hasAReasonOfAtMost123BytesInUtf8() {
    assertEquals(123, new CloseStatus(4000, "x".repeat(123)).reason().length());
    assertEquals(61, new CloseStatus(4000, "é".repeat(61)).reason().length());
    assertThrows(IllegalArgumentException.class, () -> new CloseStatus(4000, "x".repeat(124)));
    assertThrows(IllegalArgumentException.class, () -> new CloseStatus(4000, "é".repeat(62)));
    assertThrows(
        IllegalArgumentException.class, () -> CloseStatus.KICKED.withReason("€".repeat(42)));
    assertEquals(4003, CloseStatus.KICKED.withReason("€".repeat(41)).code());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4000, 4999})
  void mayBeSent(int code) {
    assertTrue(new CloseStatus(code, "").sendable());
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      CloseStatus status = new CloseStatus(code, "because");
      chat.chat().participant("alice").orElseThrow().disconnect(status);
      assertEquals(Optional.of(status), alice.closeStatus());
    }
  }

  /** RFC 6455 sections 7.4.1 and 7.4.2. */
  @ParameterizedTest
  @ValueSource(ints = {1004, 1005, 1006, 1015, 1016, 2999})
  void mayOnlyBeReceived(int code) {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      Participant participant = chat.chat().participant("alice").orElseThrow();
      IllegalArgumentException exception =
          assertThrows(
              IllegalArgumentException.class,
              () -> participant.disconnect(new CloseStatus(code, "")));
      assertTrue(String.valueOf(exception.getMessage()).contains(String.valueOf(code)));
      assertTrue(alice.isOpen());
    }
  }

  @Test
  void ownCodesMayBeSentAndDiffer() {
    List<CloseStatus> own =
        List.of(
            CloseStatus.NORMAL,
            CloseStatus.TOO_FAST,
            CloseStatus.TOO_BIG,
            CloseStatus.FAILED,
            CloseStatus.RESTART,
            CloseStatus.FULL,
            CloseStatus.IDLE_TIMEOUT,
            CloseStatus.TOO_SLOW,
            CloseStatus.KICKED,
            CloseStatus.ROOM_CLOSED);
    assertTrue(own.stream().allMatch(CloseStatus::sendable));
    assertEquals(own.size(), own.stream().map(CloseStatus::code).distinct().count());
  }

  /** Whatever code a transport reports, the participant leaves with a valid status. */
  @Test
  void acceptsAnyCodeAndReasonFromATransport() {
    assertEquals("alice left lobby 1001", leavingAfter(1001, "going away"));
    assertEquals("alice left lobby 1005", leavingAfter(1005, ""));
    assertEquals("alice left lobby 1006", leavingAfter(1006, "java.io.IOException: reset"));
    assertEquals("alice left lobby 1000", leavingAfter(1000, ""));
    assertEquals("alice left lobby 4999", leavingAfter(4999, ""));
    assertEquals("alice left lobby 1006", leavingAfter(999, ""));
    assertEquals("alice left lobby 1006", leavingAfter(5000, ""));
    assertEquals("alice left lobby 1006", leavingAfter(0, ""));
    assertEquals("alice left lobby 1006", leavingAfter(-1, ""));
    assertEquals("alice left lobby 1006", leavingAfter(70000, ""));
    assertEquals("alice left lobby 1009", leavingAfter(1009, "€".repeat(500)));
    assertEquals("alice left lobby 1002", leavingAfter(1002, "😀".repeat(40)));
  }

  private static String leavingAfter(int code, String reason) {
    CallbackRecorder recorder =
        new CallbackRecorder() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            super.onLeave(room, participant, status);
            assertTrue(status.reason().getBytes(StandardCharsets.UTF_8).length <= 123);
            assertTrue(
                status.equals(CloseStatus.LOST) || !status.reason().isEmpty() || reason.isEmpty());
          }
        };
    try (TestChat chat = TestChat.of(recorder)) {
      FakeConnection.open(chat.chat(), "lobby", "alice").receiver().closed(code, reason);
      assertEquals(0, chat.chat().connections());
    }
    assertEquals(2, recorder.entries().size());
    return recorder.entries().get(1);
  }
}
