package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise 12: the numbers, and what happens at those that no other test is about. */
class LimitsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        wrong("messageBytes is 0", limits -> limits.messageBytes(0)),
        wrong("rate perSecond is -1", limits -> limits.rate(-1, 1)),
        wrong("rate burst is 0", limits -> limits.rate(1, 0)),
        wrong("rate burst is -1", limits -> limits.rate(0, -1)),
        wrong("outboxBytes is 1023", limits -> limits.outboxBytes(1023)),
        wrong("writeTimeout is PT0S", limits -> limits.writeTimeout(Duration.ZERO)),
        wrong("writeTimeout is PT-1S", limits -> limits.writeTimeout(SECOND.negated())),
        wrong(
            "writeTimeout is " + ChronoUnit.FOREVER.getDuration(),
            limits -> limits.writeTimeout(ChronoUnit.FOREVER.getDuration())),
        wrong("liveness pingEvery is PT0S", limits -> limits.liveness(Duration.ZERO, SECOND)),
        wrong("liveness silenceAllowed is PT0S", limits -> limits.liveness(SECOND, Duration.ZERO)),
        wrong(
            "silenceAllowed PT1S is not longer than pingEvery PT1S",
            limits -> limits.liveness(SECOND, SECOND)),
        wrong("closeTimeout is PT0S", limits -> limits.closeTimeout(Duration.ZERO)),
        wrong("shutdownTimeout is PT0S", limits -> limits.shutdownTimeout(Duration.ZERO)),
        wrong("shutdownTimeout is PT8784H", limits -> limits.shutdownTimeout(Duration.ofDays(366))),
        wrong("roomsPerParticipant is 0", limits -> limits.roomsPerParticipant(0)),
        wrong("rooms is 0", limits -> limits.rooms(0)),
        wrong("connections is 0", limits -> limits.connections(0)));
  }

  private static Arguments wrong(String sentence, UnaryOperator<Limits> change) {
    return Arguments.of(sentence, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void outOfRange(String sentence, UnaryOperator<Limits> change) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> change.apply(Limits.defaults()));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void theDefaultsProtectAServerOnTheOpenInternet() {
    Limits limits = Limits.defaults();
    assertEquals(64 * 1024, limits.messageBytes());
    assertEquals(50, limits.messagesPerSecond());
    assertEquals(100, limits.messageBurst());
    assertEquals(1024 * 1024, limits.outboxBytes());
    assertEquals(Duration.ofSeconds(10), limits.writeTimeout());
    assertEquals(Duration.ofSeconds(25), limits.pingEvery());
    assertEquals(Duration.ofSeconds(60), limits.silenceAllowed());
    assertEquals(Duration.ofSeconds(5), limits.closeTimeout());
    assertEquals(Duration.ofSeconds(10), limits.shutdownTimeout());
    assertEquals(128, limits.roomsPerParticipant());
    assertEquals(Integer.MAX_VALUE, limits.rooms());
    assertEquals(Integer.MAX_VALUE, limits.connections());
  }

  @Test
  void eachSetterGivesAChangedCopy() {
    Limits limits =
        Limits.defaults()
            .messageBytes(1)
            .rate(2, 3)
            .outboxBytes(1024)
            .writeTimeout(Duration.ofSeconds(4))
            .liveness(Duration.ofSeconds(5), Duration.ofSeconds(6))
            .closeTimeout(Duration.ofSeconds(7))
            .shutdownTimeout(Duration.ofSeconds(8))
            .roomsPerParticipant(9)
            .rooms(10)
            .connections(11);
    assertEquals(
        List.of(1, 2, 3, 1024, 9, 10, 11),
        List.of(
            limits.messageBytes(),
            limits.messagesPerSecond(),
            limits.messageBurst(),
            limits.outboxBytes(),
            limits.roomsPerParticipant(),
            limits.rooms(),
            limits.connections()));
    assertEquals(
        Stream.of(4, 5, 6, 7, 8).map(Duration::ofSeconds).toList(),
        List.of(
            limits.writeTimeout(),
            limits.pingEvery(),
            limits.silenceAllowed(),
            limits.closeTimeout(),
            limits.shutdownTimeout()));
    Duration year = Duration.ofDays(365);
    assertEquals(year, limits.shutdownTimeout(year).shutdownTimeout());
    Limits before = Limits.defaults();
    assertEquals(7, before.messageBytes(7).messageBytes());
    assertEquals(64 * 1024, before.messageBytes());
  }

  @Test
  void aMessageAboveTheLimitIsClosedWith1009CountedInUtf8() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {}).limits(Limits.defaults().messageBytes(10)))) {
      for (String fits : List.of("", "0123456789", "ééééé", "😀😀ab", "€€€x")) {
        TestClient alice = chat.enter("lobby", "alice");
        alice.say(fits);
        assertEquals(List.of(fits), alice.heard());
        alice.say(new byte[10]);
        assertEquals(1, alice.heardBytes().size());
        alice.hangUp();
      }
      for (String tooBig : List.of("0123456789a", "ééééé1", "😀😀abc", "€€€xy", "€€€€")) {
        TestClient alice = chat.enter("lobby", "alice");
        TestClient bob = chat.enter("lobby", "bob");
        alice.say(tooBig);
        assertEquals(
            Optional.of(CloseStatus.TOO_BIG.because("a message is at most 10 bytes")),
            alice.closeStatus());
        assertEquals(List.of(), bob.heard());
        bob.say(new byte[11]);
        assertEquals(1009, bob.closeStatus().orElseThrow().code());
      }
    }
  }

  @Test
  void theCapacityOfARoomIsAtLeastOne() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> RoomOptions.defaults().capacity(0));
    assertEquals("capacity is 0: it must be at least 1", refused.getMessage());
  }

  @Test
  void permanentRoomsAreDeclaredOneByOneAndWithinTheLimit() {
    RoomOptions permanent = RoomOptions.defaults().permanent();
    Chat.Builder builder = Chat.builder(new RoomHandler() {});
    assertThrows(IllegalArgumentException.class, () -> builder.rooms(permanent));
    builder.room("red", permanent).room("blue", permanent).limits(Limits.defaults().rooms(1));
    IllegalStateException tooMany = assertThrows(IllegalStateException.class, builder::build);
    assertTrue(String.valueOf(tooMany.getMessage()).contains("the limit of 1"));
  }
}
