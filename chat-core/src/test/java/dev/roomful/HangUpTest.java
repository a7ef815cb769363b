package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testing.TestChat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client of a dialect that hangs up before what it said has had its turn. */
class HangUpTest {
  private final ToyDialect toy = new ToyDialect();
  private final List<String> told = new ArrayList<>();
  private Runnable during = () -> {};

  private final TestChat chat =
      TestChat.of(
          new RoomHandler() {
            @Override
            public void onMessage(Room room, Message message) {
              told.add(message.text());
              Runnable now = during;
              during = () -> {};
              now.run();
            }

            @Override
            public void onLeave(Room room, Participant who, CloseStatus why) {
              told.add(who.id() + " left");
            }
          });

  private ToyClient ann() {
    return ToyClient.named(chat.chat(), toy, "ann").in("lobby");
  }

  @Test
  void whatOneFrameSaidIsHeardToTheEndAheadOfTheLeaving() {
    ToyClient busy = ann();
    ToyClient brief = ann();
    during =
        () -> {
          brief.say("say lobby one", "say lobby two", "say lobby three");
          brief.say("say lobby four");
          brief.vanish();
          busy.vanish();
        };
    busy.say("say lobby hello", "say lobby again");
    assertEquals(List.of("hello", "one", "two", "three", "four", "again", "ann left"), told);
    chat.close();
  }

  @Test
  void whomTheChatHasCutIsNotHeardAnyMore() {
    ToyClient busy = ann();
    ToyClient rude = ann();
    during =
        () -> {
          rude.say("say lobby one", "say lobby two");
          rude.guest().close(CloseStatus.NORMAL);
        };
    busy.say("say lobby hello");
    assertEquals(List.of("hello"), told);
    chat.close();
  }
}
