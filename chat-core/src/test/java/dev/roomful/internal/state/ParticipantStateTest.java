package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.Payload;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.state.ParticipantState.Change;
import dev.roomful.internal.state.ParticipantState.SessionRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the entries of a participant's log change in its sessions. */
class ParticipantStateTest {
  private static final long RESUME_MILLIS = 20_000;

  private final Map<String, Long> numbers = new HashMap<>();
  private ParticipantState state = new ParticipantState(RESUME_MILLIS);
  private long millis = 1000;

  private LogEntry entry(String node, long number) {
    return new LogEntry(1, "", "token", "g", millis, node, number, new byte[0]);
  }

  private Change apply(String node, ParticipantEvent event) {
    long number = numbers.merge(node, 1L, Long::sum);
    return Objects.requireNonNull(state.apply(event, entry(node, number)));
  }

  private List<String> sessions() {
    return state.sessions().stream().map(SessionRecord::connectionId).toList();
  }

  private SessionRecord session(String id) {
    return state.sessions().stream()
        .filter(session -> session.connectionId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> ids(List<SessionRecord> sessions) {
    return sessions.stream().map(SessionRecord::connectionId).toList();
  }

  private void attach(String node, String id, String secret) {
    apply(node, ParticipantEvent.attached(id, secret, "Ann", "lobby"));
  }

  @Test
  void aSessionIsKnownFromItsBeginToItsEnd() {
    attach("n1", "c1", "s1");
    SessionRecord session = session("c1");
    assertEquals("n1", session.node());
    assertEquals("Ann", session.name());
    assertEquals(1000, session.since());
    assertEquals(Set.of("lobby"), session.rooms());
    assertFalse(session.isOrphan());
    assertEquals(List.of("c1"), ids(apply("n1", ParticipantEvent.detached("c1")).ended()));
    assertEquals(List.of(), sessions());
    assertEquals(List.of(), apply("n1", ParticipantEvent.detached("c1")).ended());
  }

  @Test
  void aSessionIsInTheRoomsThatItHasJoinedAndNotLeft() {
    attach("n1", "c1", "");
    apply("n1", ParticipantEvent.subscribed("c1", "attic"));
    assertEquals(Set.of("lobby", "attic"), session("c1").rooms());
    apply("n1", ParticipantEvent.unsubscribed("c1", "lobby"));
    apply("n1", ParticipantEvent.unsubscribed("none", "attic"));
    assertEquals(Set.of("attic"), session("c1").rooms());
    apply("n1", ParticipantEvent.attached("c2", "", "Ann", ""));
    assertEquals(Set.of(), session("c2").rooms());
  }

  @Test
  void anEntryThatComesTwiceOrOutOfOrderIsIgnored() {
    ParticipantEvent event = ParticipantEvent.attached("c1", "", "Ann", "");
    assertNull(state.apply(event, entry("n1", 2)));
    assertNotNull(state.apply(event, entry("n1", 1)));
    assertNull(state.apply(event, entry("n1", 1)));
  }

  @Test
  void whatIsSentReachesAParticipantThatHasASession() {
    assertFalse(apply("n1", ParticipantEvent.sent(Payload.text("one"))).reached());
    attach("n1", "c1", "");
    assertTrue(apply("n2", ParticipantEvent.sent(Payload.text("one"))).reached());
  }

  @Test
  void aDisconnectedParticipantHasNoSession() {
    attach("n1", "c1", "");
    attach("n2", "c2", "");
    Change change = apply("n1", ParticipantEvent.disconnected(CloseStatus.NORMAL));
    assertEquals(List.of("c1", "c2"), ids(change.ended()));
    assertTrue(change.reached());
    assertEquals(List.of(), sessions());
  }

  @Test
  void sessionsOfALostNodeAreKeptIfTheyCanBeResumed() {
    attach("n1", "c1", "s1");
    attach("n1", "c2", "");
    attach("n2", "c3", "s3");
    assertEquals(List.of("c2"), ids(apply("n2", ParticipantEvent.nodeLost("n1")).ended()));
    assertEquals(List.of("c1", "c3"), sessions());
    assertTrue(session("c1").isOrphan());
    assertFalse(session("c3").isOrphan());
    assertTrue(state.nodes().isLost("n1"));
    assertNull(state.apply(ParticipantEvent.detached("c1"), entry("n1", 3)));
  }

  @Test
  void anOrphanEndsWhenItsTimeIsOver() {
    attach("n1", "c1", "s1");
    apply("n2", ParticipantEvent.nodeLost("n1"));
    millis += 10_000;
    apply("n2", ParticipantEvent.nodeLost("n1")); // once more: its time does not begin again
    millis += 9_999;
    assertTrue(apply("n2", ParticipantEvent.sent(Payload.text("one"))).reached());
    millis += 1;
    assertFalse(apply("n2", ParticipantEvent.sent(Payload.text("two"))).reached());
    assertEquals(List.of(), sessions());
  }

  @Test
  void theTimeOfTheLogDoesNotGoBack() {
    attach("n1", "c1", "s1");
    millis = 500;
    attach("n1", "c2", "s2");
    assertEquals(1000, session("c2").since());
  }

  @Test
  void aResumedSessionTakesThePlaceOfTheOneBeforeAndWhatItWasSent() {
    attach("n1", "c1", "s1");
    apply("n2", ParticipantEvent.nodeLost("n1"));
    apply("n2", ParticipantEvent.sent(Payload.text("one")));
    Change change = apply("n2", ParticipantEvent.resumed("c2", "s1", "Ann", "lobby"));
    assertEquals(List.of("c1"), ids(change.ended()));
    assertEquals(List.of(Payload.text("one")), change.kept());
    assertTrue(change.reached());
    assertEquals(List.of("c2"), sessions());
    assertEquals("n2", session("c2").node());
  }

  @Test
  void aResumeWithAnUnknownSecretReachesNoSession() {
    attach("n1", "c1", "s1");
    Change change = apply("n2", ParticipantEvent.resumed("c2", "other", "Ann", "lobby"));
    assertFalse(change.reached());
    assertEquals(List.of(), change.kept());
    assertEquals(List.of("c1", "c2"), sessions());
  }

  @Test
  void anOrphanToWhichTooMuchWasSentEnds() {
    attach("n1", "c1", "s1");
    attach("n2", "c2", "s2");
    apply("n2", ParticipantEvent.nodeLost("n1"));
    for (int i = 0; i < 100; i++) {
      assertEquals(List.of(), apply("n2", ParticipantEvent.sent(Payload.text("text"))).ended());
    }
    assertEquals(
        List.of("c1"), ids(apply("n2", ParticipantEvent.sent(Payload.text("text"))).ended()));
    assertEquals(List.of("c2"), sessions());
  }

  @Test
  void aSnapshotHasTheWholeState() {
    attach("n1", "c1", "s1");
    apply("n1", ParticipantEvent.subscribed("c1", "attic"));
    attach("n2", "c2", "s2");
    apply("n2", ParticipantEvent.nodeLost("n1"));
    apply("n2", ParticipantEvent.sent(Payload.text("one")));
    byte[] snapshot = state.encode();
    state = new ParticipantState(RESUME_MILLIS);
    state.apply(ParticipantEvent.attached("gone", "", "Ann", ""), entry("n9", 1));
    state.restore(snapshot);
    assertArrayEquals(snapshot, state.encode());
    assertEquals(List.of("c1", "c2"), sessions());
    assertEquals("Ann", session("c1").name());
    assertEquals(1000, session("c1").since());
    assertEquals(Set.of("lobby", "attic"), session("c1").rooms());
    assertTrue(session("c1").isOrphan());
    assertTrue(state.nodes().isLost("n1"));
    Change change = apply("n2", ParticipantEvent.resumed("c3", "s1", "Ann", "lobby"));
    assertEquals(List.of(Payload.text("one")), change.kept());
    millis = 0;
    attach("n2", "c4", "");
    assertEquals(1000, session("c4").since(), "the time of the log");
    state.restore(null);
    assertEquals(List.of(), sessions());
    assertEquals(0, state.nodes().last("n2"));
  }
}
