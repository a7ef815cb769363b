package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands of a protocol client that are still queued when its connection ends. */
class PendingCommandsTest {
  private final ToyProtocol toy = new ToyProtocol();
  private final List<String> events = new ArrayList<>();
  private Runnable nextMessageAction = () -> {};

  private final TestChat chat =
      TestChat.of(
          new RoomHandler() {
            @Override
            public void onMessage(Room room, Message message) {
              events.add(message.text());
              Runnable now = nextMessageAction;
              nextMessageAction = () -> {};
              now.run();
            }

            @Override
            public void onLeave(Room room, Participant participant, CloseStatus status) {
              events.add(participant.id() + " left");
            }
          });

  private ToyClient ann() {
    return ToyClient.identified(chat.chat(), toy, "ann").join("lobby");
  }

  @Test
  void pendingCommandsRunBeforeTheLeave() {
    ToyClient busy = ann();
    ToyClient closing = ann();
    nextMessageAction =
        () -> {
          closing.send("say lobby one", "say lobby two", "say lobby three");
          closing.send("say lobby four");
          closing.loseConnection();
          busy.loseConnection();
        };
    busy.send("say lobby hello", "say lobby again");
    assertEquals(List.of("hello", "one", "two", "three", "four", "again", "ann left"), events);
    chat.close();
  }

  @Test
  void pendingCommandsOfASessionClosedByTheServerAreDiscarded() {
    ToyClient busy = ann();
    ToyClient closedByServer = ann();
    nextMessageAction =
        () -> {
          closedByServer.send("say lobby one", "say lobby two");
          closedByServer.session().close(CloseStatus.NORMAL);
        };
    busy.send("say lobby hello");
    assertEquals(List.of("hello"), events);
    chat.close();
  }
}
