package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a room that is empty. */
class LingerTest {
  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .limits(Limits.defaults().rooms(2))
              .rooms(
                  RoomOptions.defaults()
                      .history(History.of(10))
                      .capacity(1)
                      .linger(Duration.ofMinutes(5))));

  private TestClient enter() {
    return chat.enter(Entry.of("1", "lobby").replay(Page.last(10)));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void whoComesBackInTimeFindsTheSameRoomWithWhatWasSaidAndItsTopic() {
    TestClient ann = enter();
    Room room = chat.chat().room("lobby").orElseThrow();
    room.topic("soup");
    ann.say("hello");
    ann.vanish();
    chat.advance(Duration.ofSeconds(299));
    assertEquals(0, room.size());
    assertEquals(List.of("hello"), enter().heard());
    assertSame(room, chat.chat().room("lobby").orElseThrow());
    assertEquals("soup", room.topic());
  }

  @Test
  void afterTheTimeItIsForgotten() {
    enter().hangUp();
    chat.advance(Duration.ofSeconds(301));
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
    assertEquals(List.of(), enter().heard());
  }

  @Test
  void theTimeStartsAnewEachTimeThatTheLastOneLeaves() {
    for (int i = 0; i < 3; i++) {
      enter().hangUp();
      chat.advance(Duration.ofSeconds(200));
      assertTrue(chat.chat().room("lobby").isPresent());
    }
    chat.advance(Duration.ofSeconds(101));
    assertFalse(chat.chat().room("lobby").isPresent());
  }

  @Test
  void aRoomInWhichSomebodyIsStaysHoweverLong() {
    TestClient ann = enter();
    chat.advance(Duration.ofHours(1));
    ann.say("still here");
    assertEquals(List.of("still here"), ann.heard());
  }

  @Test
  void itCountsAgainstTheLimitOfRoomsMeanwhile() {
    enter().hangUp();
    chat.chat().open("y", RoomOptions.defaults());
    assertThrows(IllegalStateException.class, () -> chat.chat().open("x", RoomOptions.defaults()));
    chat.advance(Duration.ofSeconds(301));
    chat.chat().open("x", RoomOptions.defaults());
  }

  @Test
  void itCanBeClosedWhileEmpty() {
    enter().hangUp();
    chat.chat().room("lobby").orElseThrow().close("enough");
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
  }

  @Test
  void whatIsSaidToAnEmptyRoomIsKeptForWhoComes() {
    enter().hangUp();
    chat.chat().room("lobby").orElseThrow().announce("news");
    assertEquals(List.of("news"), enter().heard());
  }

  @Test
  void aRoomThatNobodyCouldEnterLeavesNoTrace() {
    enter();
    chat.chat().room("lobby").orElseThrow().ban("1", Duration.ofHours(2), "noise");
    chat.advance(Duration.ofSeconds(301));
    chat.enter("kitchen", "1");
    Participant ann = chat.chat().participant("1").orElseThrow();
    assertEquals("banned", ann.join("lobby").orElseThrow().code());
    assertEquals(Optional.empty(), chat.chat().room("lobby"));
  }

  @Test
  void aNegativeTimeIsRefused() {
    assertEquals(
        "a room cannot linger for PT-1S: give zero or more",
        assertThrows(
                IllegalArgumentException.class,
                () -> RoomOptions.defaults().linger(Duration.ofSeconds(-1)))
            .getMessage());
  }
}
