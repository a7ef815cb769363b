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
  private Chat openKeeping(CaseHandler handler) throws Exception {
    return open(
        chat(handler)
            .authenticator(ReplayCases::sinceWhenItShows)
            .rooms(
                RoomOptions.defaults()
                    .withHistory(History.of(2000))
                    .withWelcome(
                        arrival -> Payload.text(arrival.recovered() + " " + arrival.replayed()))));
  }

  static AcceptedAdmission sinceWhenItShows(Handshake handshake) {
    return ServerFixture.authenticateByPath(handshake)
        .withReplay(
            handshake
                .query("since")
                .flatMap(Position::parse)
                .map(HistoryRange::since)
                .orElse(HistoryRange.none()));
  }

  private Peer back(String room, String id, Position since) throws IOException {
    return connect("/chat/" + room + "/" + id + "?since=" + since, Map.of());
  }

  @Test
  @Rule("2.1")
  void aReturningClientReceivesTheWelcomeThenTheHistoryThenNewMessages() throws Exception {
    CaseHandler handler = new CaseHandler();
    openKeeping(handler);
    enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    Room hall = room("hall");
    Position seen = hall.position();
    bob.vanish();
    handler.awaitLeft("bob", PATIENCE);
    numbers(1000).forEach(hall::announce);
    Peer again = back("hall", "bob", seen);
    assertEquals("true 1000", again.nextText());
    List<String> live = List.of("one", "two", "three");
    live.forEach(hall::announce);
    assertReceives(numbers(1000), again);
    assertReceives(live, again);
  }

  @Test
  @Rule("2.1")
  void aReplayContinuesWithLiveMessagesWithoutAGap() throws Exception {
    openKeeping(new CaseHandler());
    enter("hall", "ann");
    Room hall = room("hall");
    Position start = hall.position();
    List<String> all = numbers(1500);
    var speaking = beside(() -> speak(hall, all));
    for (int i = 0; i < 5; i++) {
      Peer listener = back("hall", "p" + i, start);
      assertTrue(listener.nextText().startsWith("true "), "the welcome message comes first");
      assertReceives(all, listener);
    }
    assertTrue(speaking.get());
  }

  private static boolean speak(Room room, List<String> texts) {
    texts.forEach(room::announce);
    return true;
  }

  @Test
  @Rule("2.1")
  void aPositionOfAnotherEpochIsNotRecovered() throws Exception {
    openKeeping(new CaseHandler());
    enter("hall", "ann");
    room("hall").announce("hello");
    assertEquals("false 0", back("hall", "bob", new Position("elsewhere", 1)).nextText());
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
    WireClient.Refused refused =
        assertThrows(WireClient.Refused.class, () -> connect("hall", "bob"));
    assertEquals(403, refused.status());
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
