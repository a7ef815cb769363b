package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rooms that were closed before somebody publishes or joins. */
class ClosedRoomsTest {
  @Test
  void anAnnouncementPassesOverRoomsThatAreClosedAndReachesEachConnectionOnce() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient ann = chat.connect("red", "ann");
      chat.chat().participant("ann").orElseThrow().join("blue");
      TestClient bob = chat.connect("green", "bob");
      Room red = chat.chat().room("red").orElseThrow();
      Room blue = chat.chat().room("blue").orElseThrow();
      Room green = chat.chat().room("green").orElseThrow();
      green.close("over");
      bob.received();
      chat.chat().announce(Payload.text("news"), List.of(red, blue, green, red));
      assertEquals(List.of("news"), ann.received());
      assertEquals(List.of(), bob.received());
      assertEquals(0, green.position().offset());
      assertEquals(1, blue.position().offset());
    }
  }

  @Tag("slow")
  @Test
  void aJoinWhileTheChatClosesOpensNoRoom() {
    List<String> codes = new ArrayList<>();
    RoomHandler stubborn =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            participant
                .join("elsewhere")
                .rejection()
                .ifPresent(rejection -> codes.add(rejection.code()));
            room.chat()
                .publish("archive", "late")
                .exceptionally(
                    failure -> {
                      codes.add(((RejectedException) failure).rejection().code());
                      return null;
                    });
          }
        };
    TestChat chat =
        TestChat.of(
            Chat.builder(stubborn)
                .rooms(
                    RoomOptions.defaults()
                        .withHistory(History.of(10))
                        .withKeepEmptyFor(Duration.ofHours(1))));
    chat.connect("lobby", "ann");
    chat.connect("lobby", "ann"); // still open when the first connection runs onLeave
    chat.close();
    assertEquals(List.of("closing", "closing"), codes);
    assertEquals(List.of(), List.copyOf(chat.chat().rooms()));
    assertThrows(
        IllegalStateException.class, () -> chat.chat().open("late", RoomOptions.defaults()));
    assertEquals(List.of(), List.copyOf(chat.chat().rooms()));
  }
}
