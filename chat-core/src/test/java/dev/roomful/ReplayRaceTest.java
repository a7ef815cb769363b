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

/** Guarantee 7: a join is atomic, also while others publish. */
class ReplayRaceTest {
  private static final int MESSAGES = 3000;
  private static final int CLIENTS = 3;

  @RepeatedTest(3)
  void reconnectingDuringPublicationMissesAndRepeatsNothing() throws Exception {
    RoomOptions keeping =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(2 * MESSAGES))
            .withWelcome(joinInfo -> Payload.text("hello"));
    Limits roomy = Limits.defaults().withOutboxBytes(64 << 20);
    try (Chat chat =
        Chat.builder(new RoomHandler() {}).limits(roomy).room("lobby", keeping).build()) {
      Room lobby = chat.room("lobby").orElseThrow();
      String epoch = lobby.position().epoch();
      AtomicInteger activePublishers = new AtomicInteger(2);
      List<List<String>> received = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        received.add(new ArrayList<>());
      }
      Concurrently.run(
          2 + CLIENTS,
          number -> {
            if (number < 2) {
              for (int i = 0; i < MESSAGES; i++) {
                lobby.announce(number + " " + i);
              }
              activePublishers.decrementAndGet();
            } else {
              receiveAll(chat, epoch, activePublishers, number, received.get(number - 2));
            }
          });

      List<String> published =
          lobby.history(HistoryRange.last(2 * MESSAGES)).orElseThrow().stream()
              .map(Message::text)
              .toList();
      assertEquals(2 * MESSAGES, published.size());
      received.forEach(texts -> assertEquals(published, texts));
    }
  }

  /** Reconnects repeatedly, each time from the position of the last message it received. */
  private static void receiveAll(
      Chat chat, String epoch, AtomicInteger activePublishers, int number, List<String> received) {
    boolean last = false;
    while (!last) {
      last = activePublishers.get() == 0;
      AcceptedAdmission admission =
          AcceptedAdmission.of("p" + number, "lobby")
              .withReplay(HistoryRange.since(new Position(epoch, received.size())));
      FakeConnection connection = new FakeConnection().connect(chat, admission);
      int enough = last ? 1 + 2 * MESSAGES - received.size() : 1;
      eventually("the replay arrives", () -> connection.received().size() >= enough);
      connection.loseConnection();
      List<String> texts = connection.received();
      assertEquals("hello", texts.get(0));
      received.addAll(texts.subList(1, texts.size()));
    }
  }
}
