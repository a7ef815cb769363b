package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Guarantee 13: no method reports success for something that was dropped. */
class NoFalseSuccessTest {
  private static String code(Outcome outcome) {
    return outcome.rejection().map(Rejection::code).orElse("done");
  }

  private static String failure(CompletionStage<?> stage) {
    CompletionException failed =
        assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
    return ((RejectedException) failed.getCause()).rejection().code();
  }

  @Test
  void aClosedRoomRejectsMessagesSignalsAndTopics() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient ann = chat.connect("lobby", "ann");
      Room room = chat.chat().room("lobby").orElseThrow();
      room.close("over");
      assertFalse(ann.isOpen());
      assertEquals(Rejection.ROOM_CLOSED, failure(room.announce("anybody?")));
      assertEquals(Rejection.ROOM_CLOSED, code(room.signal(Payload.text("anybody?"))));
      assertEquals(Rejection.ROOM_CLOSED, code(room.setTopic("silence")));
      chat.chat().announce(Payload.text("skips closed rooms"), List.of(room));
    }
  }

  @Test
  void aMessageToARoomThatIsNotOpenIsAcceptedIfTheRoomStoresIt() {
    RoomOptions stored =
        RoomOptions.defaults().withHistory(History.of(10)).withKeepEmptyFor(Duration.ofMinutes(5));
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).rooms(stored))) {
      chat.chat().publish("news", "first").toCompletableFuture().join();
      TestClient ann =
          chat.connect(AcceptedAdmission.of("ann", "news").withReplay(HistoryRange.last(10)));
      assertEquals(List.of("first"), ann.received());
      chat.chat().publish("news", "second").toCompletableFuture().join();
      assertEquals(List.of("second"), ann.received());
    }
  }

  @Test
  void aMessageThatNobodyCanReceiveIsRejected() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      assertEquals(Rejection.ROOM_EMPTY, failure(chat.chat().publish("news", "lost")));
      assertEquals(List.of(), List.copyOf(chat.chat().rooms()));
    }
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}).onlyDeclaredRooms())) {
      assertEquals(Rejection.UNKNOWN_ROOM, failure(chat.chat().publish("news", "lost")));
    }
  }
}
