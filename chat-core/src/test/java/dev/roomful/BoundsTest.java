package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Guarantee 5: everything that is queued or stored is bounded, whoever causes it. */
class BoundsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static String code(Outcome outcome) {
    return outcome.rejection().map(Rejection::code).orElse("done");
  }

  @Test
  void sanctionsOfARoomAreBounded() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {}).limits(Limits.defaults().withSanctionsPerRoom(2)))) {
      chat.connect("lobby", "ann");
      Room room = chat.chat().room("lobby").orElseThrow();
      assertTrue(room.ban("1", HOUR, "spam").isDone());
      assertTrue(room.ban("2", HOUR, "spam").isDone());
      assertEquals(Rejection.TOO_MANY_SANCTIONS, code(room.ban("3", HOUR, "spam")));
      assertTrue(room.ban("2", HOUR, "again").isDone(), "replaces the earlier one");
      assertTrue(room.mute("3", HOUR, "noise").isDone(), "mutes have their own bound");
      assertTrue(room.unban("1").isDone());
      assertTrue(room.ban("3", HOUR, "spam").isDone());
    }
  }

  @Test
  void theIdAndTheReasonOfASanctionAreValidated() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      chat.connect("lobby", "ann");
      Room room = chat.chat().room("lobby").orElseThrow();
      assertThrows(IllegalArgumentException.class, () -> room.mute("x".repeat(129), HOUR, "noise"));
      assertThrows(IllegalArgumentException.class, () -> room.ban("", HOUR, "spam"));
      assertThrows(IllegalArgumentException.class, () -> room.mute("bob", HOUR, "x".repeat(257)));
      assertEquals(Rejection.NOT_FOUND, code(room.unmute("bob")));
    }
  }

  @Test
  void connectionsOfAParticipantAreBounded() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().withConnectionsPerParticipant(2)))) {
      chat.connect("lobby", "ann");
      TestClient second = chat.connect("lobby", "ann");
      TestClient third = chat.connect(AcceptedAdmission.of("ann", "lobby"));
      assertFalse(third.isOpen());
      assertEquals(
          Optional.of(CloseStatus.FULL.withReason(Rejection.TOO_MANY_CONNECTIONS)),
          third.closeStatus());
      assertTrue(second.isOpen());
      second.close();
      assertTrue(chat.connect("lobby", "ann").isOpen());
    }
  }

  @Test
  void aStoredMessageKeepsItsTimeItsHeadersAndItsSenderAsPublished() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message.withHeader("lang", "en"));
            message.participant().rename("Anna");
          }
        };
    RoomOptions options = RoomOptions.defaults().withHistory(History.of(10));
    try (TestChat chat = TestChat.of(Chat.builder(handler).rooms(options))) {
      TestClient ann = chat.connect(AcceptedAdmission.of("ann", "lobby").withName("Ann"));
      ann.send("one");
      ann.send("two");
      List<Message> stored =
          chat.chat().room("lobby").orElseThrow().history(HistoryRange.last(2)).orElseThrow();
      assertEquals("Ann", stored.get(0).sender().name());
      assertEquals("Anna", stored.get(1).sender().name());
      assertEquals(Map.of("lang", "en"), stored.get(0).headers());
      Instant first = stored.get(0).time();
      assertFalse(stored.get(1).time().isBefore(first));
      assertThrows(IllegalStateException.class, () -> stored.get(0).participant());
    }
  }

  @Test
  void headersAreBounded() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            Message full = message;
            for (int i = 0; i < Message.MAX_HEADERS; i++) {
              full = full.withHeader("key" + i, "value");
            }
            Message last = full;
            assertThrows(IllegalArgumentException.class, () -> last.withHeader("more", ""));
            assertThrows(
                IllegalArgumentException.class,
                () -> message.withHeader("large", "x".repeat(Message.MAX_HEADER_BYTES)));
            message.reply("checked");
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("hello");
      assertEquals(List.of("checked"), ann.received());
    }
  }

  @Test
  void aNumberedNameIsNotCutWithinASurrogatePair() {
    RoomOptions numbered = RoomOptions.defaults().withDisplayNames(DisplayNames.numbered());
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).rooms(numbered))) {
      String name = "a" + "\uD83D\uDE00".repeat(63) + "b";
      chat.connect(AcceptedAdmission.of("1", "lobby").withName(name));
      chat.connect(AcceptedAdmission.of("2", "lobby").withName(name));
      String second = chat.chat().participant("2").orElseThrow().name();
      assertTrue(second.endsWith("\uDE00 (2)"), second);
    }
  }

  @Test
  void aComparisonThatFindsAllNumberedNamesEqualEndsInARejection() {
    RoomOptions alike =
        RoomOptions.defaults()
            .withDisplayNames(DisplayNames.numbered().withComparison(name -> "same"));
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).rooms(alike))) {
      chat.connect("lobby", "ann");
      assertEquals(
          Optional.of(CloseStatus.FULL.withReason(Rejection.NAME_TAKEN)),
          chat.connect(AcceptedAdmission.of("bob", "lobby")).closeStatus());
    }
  }
}
