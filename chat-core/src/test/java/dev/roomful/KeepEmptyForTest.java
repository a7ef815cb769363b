package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The time for which an empty room is kept. */
class KeepEmptyForTest {
  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .limits(Limits.defaults().withRooms(2))
              .rooms(
                  RoomOptions.defaults()
                      .withHistory(History.of(10))
                      .withCapacity(1)
                      .withKeepEmptyFor(Duration.ofMinutes(5))));

  private TestClient connect() {
    return chat.connect(AcceptedAdmission.of("1", "lobby").withReplay(HistoryRange.last(10)));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void rejoiningInTimeFindsTheSameRoomWithHistoryAndTopic() {
    TestClient ann = connect();
    Room room = chat.chat().room("lobby").orElseThrow();
    room.setTopic("soup");
    ann.send("hello");
    ann.abort();
    chat.advance(Duration.ofSeconds(299));
    assertEquals(0, room.size());
    assertEquals(List.of("hello"), connect().received());
    assertSame(room, chat.chat().room("lobby").orElseThrow());
    assertEquals("soup", room.topic());
  }

  @Test
  void anEmptyRoomIsRemovedAfterTheTime() {
    connect().close();
    chat.advance(Duration.ofSeconds(301));
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
    assertEquals(List.of(), connect().received());
  }

  @Test
  void theTimeRestartsWheneverTheLastMemberLeaves() {
    for (int i = 0; i < 3; i++) {
      connect().close();
      chat.advance(Duration.ofSeconds(200));
      assertTrue(chat.chat().room("lobby").isPresent());
    }
    chat.advance(Duration.ofSeconds(101));
    assertFalse(chat.chat().room("lobby").isPresent());
  }

  @Test
  void anOccupiedRoomIsNeverRemoved() {
    TestClient ann = connect();
    chat.advance(Duration.ofHours(1));
    ann.send("still here");
    assertEquals(List.of("still here"), ann.received());
  }

  @Test
  void anEmptyRoomCountsAgainstTheRoomLimit() {
    connect().close();
    chat.chat().open("y", RoomOptions.defaults());
    assertThrows(IllegalStateException.class, () -> chat.chat().open("x", RoomOptions.defaults()));
    chat.advance(Duration.ofSeconds(301));
    chat.chat().open("x", RoomOptions.defaults());
  }

  @Test
  void anEmptyRoomCanBeClosed() {
    connect().close();
    chat.chat().room("lobby").orElseThrow().close("enough");
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
  }

  @Test
  void messagesToAnEmptyRoomAreStoredForLaterMembers() {
    connect().close();
    chat.chat().room("lobby").orElseThrow().announce("news");
    assertEquals(List.of("news"), connect().received());
  }

  @Test
  void aRoomWithoutASuccessfulJoinIsRemovedAtOnce() {
    connect();
    chat.chat().room("lobby").orElseThrow().ban("1", Duration.ofHours(2), "noise");
    chat.advance(Duration.ofSeconds(301));
    chat.connect("kitchen", "1");
    Participant ann = chat.chat().participant("1").orElseThrow();
    assertEquals("banned", ann.join("lobby").rejection().orElseThrow().code());
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
  }

  @Test
  void aNegativeTimeIsRejected() {
    assertEquals(
        "keepEmptyFor is PT-1S: it must be zero or longer",
        assertThrows(
                IllegalArgumentException.class,
                () -> RoomOptions.defaults().withKeepEmptyFor(Duration.ofSeconds(-1)))
            .getMessage());
  }
}
