package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that return, are banned, or are muted. */
abstract class ReplayCases extends AdmissionCases {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Rooms with history whose welcome message tells whether the position was recovered. */
  private Chat openWithHistory(CaseHandler handler) throws Exception {
    return open(
        chat(handler)
            .authenticator(ReplayCases::authenticateWithReplay)
            .rooms(
                RoomOptions.defaults()
                    .withHistory(History.of(2000))
                    .withWelcome(
                        arrival -> Payload.text(arrival.recovered() + " " + arrival.replayed()))));
  }

  static AcceptedAdmission authenticateWithReplay(Handshake handshake) {
    return ServerFixture.authenticateByPath(handshake)
        .withReplay(
            handshake
                .query("since")
                .flatMap(Position::parse)
                .map(HistoryRange::since)
                .orElse(HistoryRange.none()));
  }

  private Peer reconnect(String room, String id, Position since) throws IOException {
    return connect("/chat/" + room + "/" + id + "?since=" + since, Map.of());
  }

  @Test
  @Rule("2.1")
  void aReturningClientReceivesTheWelcomeThenTheHistoryThenNewMessages() throws Exception {
    CaseHandler handler = new CaseHandler();
    openWithHistory(handler);
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    Room hall = room("hall");
    Position seen = hall.position();
    bob.vanish();
    handler.awaitLeft("bob", PATIENCE);
    numbers(1000).forEach(hall::announce);
    Peer again = reconnect("hall", "bob", seen);
    assertEquals("true 1000", again.nextText());
    List<String> live = List.of("one", "two", "three");
    live.forEach(hall::announce);
    assertReceives(numbers(1000), again);
    assertReceives(live, again);
  }

  @Test
  @Rule("2.1")
  void aReplayContinuesWithLiveMessagesWithoutAGap() throws Exception {
    openWithHistory(new CaseHandler());
    enter("hall", "ann");
    Room hall = room("hall");
    Position start = hall.position();
    List<String> all = numbers(1500);
    var announcing = beside(() -> announce(hall, all));
    for (int i = 0; i < 5; i++) {
      Peer listener = reconnect("hall", "p" + i, start);
      assertTrue(listener.nextText().startsWith("true "), "the welcome message comes first");
      assertReceives(all, listener);
    }
    assertTrue(announcing.get());
  }

  private static boolean announce(Room room, List<String> texts) {
    texts.forEach(room::announce);
    return true;
  }

  @Test
  @Rule("2.1")
  void aPositionOfAnotherEpochIsNotRecovered() throws Exception {
    openWithHistory(new CaseHandler());
    enter("hall", "ann");
    room("hall").announce("hello");
    assertEquals("false 0", reconnect("hall", "bob", new Position("elsewhere", 1)).nextText());
  }

  @Test
  @Rule("4.2")
  void aBannedParticipantReceivesTheReasonAndIsThenRejected() throws Exception {
    CaseHandler handler = new CaseHandler();
    open(handler);
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    assertTrue(room("hall").ban("bob", HOUR, "spam").isDone());
    assertEquals(close(CloseStatus.BANNED.withReason("spam")), bob.poll(PROMPTLY));
    assertEquals(CloseStatus.BANNED.withReason("spam"), handler.awaitLeft("bob", PROMPTLY));
    WireClient.Rejected rejected =
        assertThrows(WireClient.Rejected.class, () -> connect("hall", "bob"));
    assertEquals(403, rejected.status());
    assertTrue(room("hall").unban("bob").isDone());
    enter("hall", "bob");
  }

  @Test
  @Rule("2.1")
  void aMutedParticipantReceivesTheReasonAndNobodyReceivesItsMessages() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    room("hall").mute("bob", HOUR, "calm down");
    bob.text("psst");
    assertEquals("calm down", bob.nextText());
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }
}
