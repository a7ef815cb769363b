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

/** Guarantee 12: the default limits, their ranges, and the outcome at a limit. */
class LimitsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        wrong("messageBytes is 0", limits -> limits.withMessageBytes(0)),
        wrong("rate perSecond is -1", limits -> limits.withMessageRate(-1, 1)),
        wrong("rate burst is 0", limits -> limits.withMessageRate(1, 0)),
        wrong("rate burst is -1", limits -> limits.withMessageRate(0, -1)),
        wrong("outboxBytes is 1023", limits -> limits.withOutboxBytes(1023)),
        wrong("writeTimeout is PT0S", limits -> limits.withWriteTimeout(Duration.ZERO)),
        wrong("writeTimeout is PT-1S", limits -> limits.withWriteTimeout(SECOND.negated())),
        wrong(
            "writeTimeout is " + ChronoUnit.FOREVER.getDuration(),
            limits -> limits.withWriteTimeout(ChronoUnit.FOREVER.getDuration())),
        wrong(
            "liveness pingInterval is PT0S", limits -> limits.withLiveness(Duration.ZERO, SECOND)),
        wrong("liveness idleTimeout is PT0S", limits -> limits.withLiveness(SECOND, Duration.ZERO)),
        wrong(
            "idleTimeout PT1S is not longer than pingInterval PT1S",
            limits -> limits.withLiveness(SECOND, SECOND)),
        wrong("closeTimeout is PT0S", limits -> limits.withCloseTimeout(Duration.ZERO)),
        wrong("shutdownTimeout is PT0S", limits -> limits.withShutdownTimeout(Duration.ZERO)),
        wrong(
            "shutdownTimeout is PT8784H",
            limits -> limits.withShutdownTimeout(Duration.ofDays(366))),
        wrong("roomsPerParticipant is 0", limits -> limits.withRoomsPerParticipant(0)),
        wrong("rooms is 0", limits -> limits.withRooms(0)),
        wrong("connections is 0", limits -> limits.withConnections(0)));
  }

  private static Arguments wrong(String sentence, UnaryOperator<Limits> change) {
    return Arguments.of(sentence, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outOfRange")
  void aValueOutOfRangeIsRejectedWithItsName(String sentence, UnaryOperator<Limits> change) {
    IllegalArgumentException exception =
        assertThrows(IllegalArgumentException.class, () -> change.apply(Limits.defaults()));
    String message = String.valueOf(exception.getMessage());
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    Limits limits = Limits.defaults();
    assertEquals(64 * 1024, limits.messageBytes());
    assertEquals(50, limits.messagesPerSecond());
    assertEquals(100, limits.messageBurst());
    assertEquals(1024 * 1024, limits.outboxBytes());
    assertEquals(Duration.ofSeconds(10), limits.writeTimeout());
    assertEquals(Duration.ofSeconds(25), limits.pingInterval());
    assertEquals(Duration.ofSeconds(60), limits.idleTimeout());
    assertEquals(Duration.ofSeconds(5), limits.closeTimeout());
    assertEquals(Duration.ofSeconds(10), limits.shutdownTimeout());
    assertEquals(128, limits.roomsPerParticipant());
    assertEquals(Integer.MAX_VALUE, limits.rooms());
    assertEquals(Integer.MAX_VALUE, limits.connections());
  }

  @Test
  void eachWithMethodReturnsAChangedCopy() {
    Limits limits =
        Limits.defaults()
            .withMessageBytes(1)
            .withMessageRate(2, 3)
            .withOutboxBytes(1024)
            .withWriteTimeout(Duration.ofSeconds(4))
            .withLiveness(Duration.ofSeconds(5), Duration.ofSeconds(6))
            .withCloseTimeout(Duration.ofSeconds(7))
            .withShutdownTimeout(Duration.ofSeconds(8))
            .withRoomsPerParticipant(9)
            .withRooms(10)
            .withConnections(11);
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
            limits.pingInterval(),
            limits.idleTimeout(),
            limits.closeTimeout(),
            limits.shutdownTimeout()));
    Duration year = Duration.ofDays(365);
    assertEquals(year, limits.withShutdownTimeout(year).shutdownTimeout());
    Limits before = Limits.defaults();
    assertEquals(7, before.withMessageBytes(7).messageBytes());
    assertEquals(64 * 1024, before.messageBytes());
  }

  @Test
  void aMessageAboveTheLimitInUtf8BytesClosesWith1009() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {}).limits(Limits.defaults().withMessageBytes(10)))) {
      for (String fits : List.of("", "0123456789", "ééééé", "😀😀ab", "€€€x")) {
        TestClient alice = chat.connect("lobby", "alice");
        alice.send(fits);
        assertEquals(List.of(fits), alice.received());
        alice.send(new byte[10]);
        assertEquals(1, alice.receivedBytes().size());
        alice.close();
      }
      for (String tooBig : List.of("0123456789a", "ééééé1", "😀😀abc", "€€€xy", "€€€€")) {
        TestClient alice = chat.connect("lobby", "alice");
        TestClient bob = chat.connect("lobby", "bob");
        alice.send(tooBig);
        assertEquals(
            Optional.of(CloseStatus.TOO_BIG.withReason("a message is at most 10 bytes")),
            alice.closeStatus());
        assertEquals(List.of(), bob.received());
        bob.send(new byte[11]);
        assertEquals(1009, bob.closeStatus().orElseThrow().code());
      }
    }
  }

  @Test
  void theCapacityOfARoomIsAtLeastOne() {
    IllegalArgumentException exception =
        assertThrows(IllegalArgumentException.class, () -> RoomOptions.defaults().withCapacity(0));
    assertEquals("capacity is 0: it must be at least 1", exception.getMessage());
  }

  @Test
  void permanentRoomsAreDeclaredByNameAndWithinTheLimit() {
    RoomOptions permanent = RoomOptions.defaults().withPermanent();
    Chat.Builder builder = Chat.builder(new RoomHandler() {});
    assertThrows(IllegalArgumentException.class, () -> builder.rooms(permanent));
    builder.room("red", permanent).room("blue", permanent).limits(Limits.defaults().withRooms(1));
    IllegalStateException tooMany = assertThrows(IllegalStateException.class, builder::build);
    assertTrue(String.valueOf(tooMany.getMessage()).contains("the limit of 1"));
  }
}
