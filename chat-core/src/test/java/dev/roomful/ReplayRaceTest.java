package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/** Promise 7: join is one step, also while others speak. */
class ReplayRaceTest {
  private static final int MESSAGES = 3000;
  private static final int LISTENERS = 3;

  @RepeatedTest(3)
  void whoComesAndGoesWhileOthersSpeakMissesNothingAndHearsNothingTwice() throws Exception {
    RoomOptions keeping =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(2 * MESSAGES))
            .withWelcome(arrival -> Payload.text("hello"));
    Limits roomy = Limits.defaults().withOutboxBytes(64 << 20);
    try (Chat chat =
        Chat.builder(new RoomHandler() {}).limits(roomy).room("lobby", keeping).build()) {
      Room lobby = chat.room("lobby").orElseThrow();
      String epoch = lobby.position().epoch();
      AtomicInteger speaking = new AtomicInteger(2);
      List<List<String>> heard = new ArrayList<>();
      for (int i = 0; i < LISTENERS; i++) {
        heard.add(new ArrayList<>());
      }
      Crowd.together(
          2 + LISTENERS,
          number -> {
            if (number < 2) {
              for (int i = 0; i < MESSAGES; i++) {
                lobby.announce(number + " " + i);
              }
              speaking.decrementAndGet();
            } else {
              listen(chat, epoch, speaking, number, heard.get(number - 2));
            }
          });

      List<String> said =
          lobby.history(HistoryRange.last(2 * MESSAGES)).orElseThrow().stream()
              .map(Message::text)
              .toList();
      assertEquals(2 * MESSAGES, said.size());
      heard.forEach(texts -> assertEquals(said, texts));
    }
  }

  /** Comes back again and again, each time from the number of messages that it has heard. */
  private static void listen(
      Chat chat, String epoch, AtomicInteger speaking, int number, List<String> heard) {
    boolean last = false;
    while (!last) {
      last = speaking.get() == 0;
      AcceptedAdmission entry =
          AcceptedAdmission.of("p" + number, "lobby")
              .withReplay(HistoryRange.since(new Position(epoch, heard.size())));
      FakeConnection connection = new FakeConnection().enter(chat, entry);
      int enough = last ? 1 + 2 * MESSAGES - heard.size() : 1;
      eventually("it has heard something", () -> connection.heard().size() >= enough);
      connection.vanish();
      List<String> texts = connection.heard();
      assertEquals("hello", texts.get(0));
      heard.addAll(texts.subList(1, texts.size()));
    }
  }
}
