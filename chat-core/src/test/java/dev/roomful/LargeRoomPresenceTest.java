package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In a room of more than 100 connections, changes of presence wait for the chat's timer. */
class LargeRoomPresenceTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** The time between two runs of the timer. */
  private static final Duration RUN = Duration.ofMillis(500);

  private TestChat chat = open(Limits.defaults());

  private static TestChat open(Limits limits) {
    return TestChat.of(
        Chat.builder(new RoomHandler() {}).limits(limits).rooms(PresenceTest.WITH_NOTICES));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  /** Fills the room with connections of other participants; returns that of the first. */
  private TestClient fillWith(int connections) {
    TestClient first = chat.connect("lobby", "m0");
    IntStream.range(1, connections).forEach(i -> chat.connect("lobby", "m" + i));
    chat.advance(INTERVAL);
    first.received();
    return first;
  }

  private Participant participant(String id) {
    return chat.chat().participant(id).orElseThrow();
  }

  @Test
  void upToAHundredConnectionsReceiveAChangeAtOnce() {
    TestClient first = fillWith(99);
    chat.connect("lobby", "ann");
    assertEquals(List.of("+ann=here"), first.received());
  }

  @Test
  void aThreadThatReadsWritesAChangeItselfIfFewReceiveIt() {
    TestClient first = fillWith(64);
    Gateway gateway = Gateway.of(chat.chat());
    gateway.beginRead();
    participant("m1").update("status", "away");
    assertEquals(List.of(), first.received(), "its turn has not ended");
    gateway.endRead();
    assertEquals(List.of("+m1=away"), first.received());
    chat.connect("lobby", "m64");
    first.received();
    gateway.beginRead();
    participant("m1").update("status", "back");
    assertEquals(List.of("+m1=back"), first.received(), "65 are written by the write loops");
    gateway.endRead();
  }

  @Test
  void changesWaitAndArriveTogetherInTheirOrder() {
    TestClient first = fillWith(101);
    TestClient ann = chat.connect("lobby", "ann");
    participant("ann").update("status", "away");
    ann.abort();
    chat.connect("lobby", "bob");
    assertEquals(List.of(), first.received());
    chat.advance(INTERVAL);
    assertEquals(List.of("+ann=here", "+ann=away", "-ann", "+bob=here"), first.received());
  }

  @Test
  void aParticipantReceivesNoChangeThatItsSnapshotContains() {
    fillWith(101);
    TestClient ann = chat.connect("lobby", "ann");
    ann.abort();
    chat.connect("lobby", "bob");
    TestClient cem = chat.connect("lobby", "cem");
    chat.connect("lobby", "dora");
    chat.advance(INTERVAL);
    List<String> received = cem.received();
    assertTrue(received.get(0).contains("bob=here,cem=here"), received.get(0));
    assertEquals(List.of("+dora=here"), received.subList(1, received.size()));
  }

  @Test
  void whatWaitsArrivesAlsoIfTheRoomHasBecomeSmall() {
    List<TestClient> members =
        IntStream.range(0, 101).mapToObj(i -> chat.connect("lobby", "m" + i)).toList();
    chat.advance(INTERVAL);
    members.forEach(TestClient::received);
    chat.connect("lobby", "ann");
    members.subList(1, 101).forEach(TestClient::abort);
    chat.connect("lobby", "bob");
    assertEquals(List.of(), members.get(0).received(), "behind what waits");
    chat.advance(INTERVAL);
    List<String> expected = new ArrayList<>(List.of("+ann=here"));
    IntStream.range(1, 101).forEach(i -> expected.add("-m" + i));
    expected.add("+bob=here");
    assertEquals(expected, members.get(0).received());
  }

  @Test
  void moreChangesThanHalfAnOutboxCanHoldWaitForTheNextRun() {
    chat.close();
    chat = open(Limits.defaults().withMessageBytes(16 * 1024).withOutboxBytes(64 * 1024));
    TestClient first = fillWith(101);
    Participant ann = participant("m1");
    String status = "x".repeat(1000);
    for (int i = 0; i < 60; i++) {
      ann.update("status", i + status);
    }
    first.stopReading();
    chat.advance(INTERVAL);
    assertTrue(first.isOpen(), "an outbox of 64 KiB has room for half of them");
    first.resumeReading();
    int received = first.received().size();
    assertTrue(received > 25 && received < 35, () -> received + " in the first run");
    chat.advance(RUN);
    assertEquals(60, received + first.received().size());
  }

  @Tag("slow")
  @Test
  void noMoreThanTenThousandChangesWait() {
    TestClient first = fillWith(101);
    Participant ann = participant("m1");
    for (int i = 0; i <= 10_000; i++) {
      assertEquals(List.of(), first.received(), "change " + i);
      ann.update("status", i);
    }
    assertFalse(first.received().isEmpty());
  }

  @Test
  void clientsOfProtocolsReceiveTheirPresenceEventsTogether() {
    fillWith(101);
    ToyClient watcher = ToyClient.identified(chat.chat(), new ToyProtocol(), "watcher");
    watcher
        .session()
        .enqueue(
            List.of(
                () ->
                    watcher
                        .session()
                        .join(
                            "lobby",
                            HistoryRange.none(),
                            Role.MEMBER,
                            PresenceOptions.defaults().withPresenceEvents(true),
                            watcher.serverJoinReply())));
    chat.advance(INTERVAL);
    watcher.received();
    chat.connect("lobby", "ann").abort();
    assertEquals(List.of(), watcher.received());
    chat.advance(INTERVAL);
    assertEquals(List.of("lobby+ ann", "lobby- ann"), watcher.received());
  }
}
