package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import dev.roomful.testing.TestHandshake;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link PlainRooms} on two nodes. */
class PlainRoomsClusterTest {
  private final TestCluster cluster = TestChat.cluster(2, node -> PlainRooms.chat());

  @AfterEach
  void close() {
    cluster.close();
  }

  private TestClient connect(int node, TestHandshake handshake) {
    TestClient client = cluster.node(node).connect(handshake);
    cluster.deliver();
    return client;
  }

  private static TestHandshake named(String name) {
    return TestHandshake.create().withQuery("name", name);
  }

  private TestClient join(int node, String name) {
    TestClient client = connect(node, named(name));
    client.received();
    return client;
  }

  private List<String> sendAndReceive(TestClient client, String text) {
    client.received();
    client.send(text);
    cluster.deliver();
    return client.received();
  }

  @Test
  void allInTheRoomReceiveAMessageWhateverTheirNode() {
    TestClient ann = join(0, "Ann");
    TestClient bob = join(1, "Bob");
    assertEquals(List.of("* Bob is here"), ann.received());
    bob.send("hello");
    cluster.deliver();
    assertEquals(List.of("[lobby] Bob: hello"), ann.received());
    assertEquals(List.of("[lobby] Bob: hello"), bob.received());
    bob.close();
    cluster.deliver();
    assertEquals(List.of("* Bob has left"), ann.received());
  }

  @Test
  void namesAndTheOwnerAreTheSameOnAllNodes() {
    TestClient ann = join(0, "Ann");
    TestClient other = join(1, "Ann");
    assertEquals(List.of("* here: Ann (owner), Ann (2)"), sendAndReceive(ann, "/who"));
    assertEquals(List.of("* here: Ann (owner), Ann (2)"), sendAndReceive(other, "/who"));
    ann.close();
    cluster.deliver();
    assertEquals(List.of("* here: Ann (2) (owner)"), sendAndReceive(other, "/who"));
  }

  @Test
  void theOwnerModeratesParticipantsOfAnotherNode() {
    TestClient ann = join(0, "Ann");
    TestClient bob = join(1, "Bob");
    assertTrue(sendAndReceive(ann, "/mute Bob 60 too loud").contains("* done"));
    assertEquals(List.of("* too loud"), sendAndReceive(bob, "GRRR"));
    assertTrue(sendAndReceive(ann, "/topic tea").contains("* done"));
    assertEquals(List.of("* topic of lobby: tea"), bob.received());
    assertTrue(sendAndReceive(ann, "/kick Bob enough").contains("* done"));
    assertFalse(bob.isOpen());
    assertEquals(List.of("* here: Ann (owner)"), sendAndReceive(ann, "/who"));
  }

  @Test
  void aRenameIsSeenOnAllNodesAndNamesStayUnique() {
    TestClient ann = join(0, "Ann");
    TestClient bob = join(1, "Bob");
    ann.received();
    assertTrue(sendAndReceive(bob, "/name Bea").contains("* done"));
    assertEquals(List.of("* Bob is now Bea"), ann.received());
    assertEquals(List.of("* here: Ann (owner), Bea"), sendAndReceive(ann, "/who"));
    assertEquals(
        List.of("* another participant in room \"lobby\" uses the display name \"Ann\""),
        sendAndReceive(bob, "/name Ann"));
  }

  @Test
  void aLostClientResumesOnAnotherNodeUnnoticed() {
    TestClient ann = join(0, "Ann");
    TestClient bob = connect(1, named("Bob"));
    String[] welcome = bob.received().get(0).split(" ", -1);
    ann.received();
    bob.abort();
    ann.send("still there?");
    cluster.deliver();
    TestClient resumed =
        connect(0, named("Bob").withQuery("resume", welcome[5]).withQuery("since", welcome[3]));
    List<String> received = resumed.received();
    assertTrue(received.get(0).endsWith(" here: Ann, Bob"), received.toString());
    assertEquals(List.of("[lobby] Ann: still there?"), received.subList(1, received.size()));
    assertEquals(List.of("[lobby] Bob: yes"), sendAndReceive(resumed, "yes"));
    assertEquals(List.of("[lobby] Ann: still there?", "[lobby] Bob: yes"), ann.received());
  }

  @Test
  void aLineThatTheEngineDoesNotAcceptIsReportedToItsSender() {
    TestClient ann = join(0, "Ann");
    TestClient bob = join(1, "Bob");
    ann.received();
    cluster.stopEngine();
    ann.send("one");
    cluster.advance(Duration.ofSeconds(3));
    assertEquals(
        List.of("* the cluster engine cannot be reached: try again later"), ann.received());
    cluster.startEngine();
    cluster.advance(Duration.ofSeconds(1));
    assertEquals(List.of("[lobby] Ann: two"), sendAndReceive(ann, "two"));
    assertEquals(List.of("[lobby] Ann: two"), bob.received());
  }

  @Test
  void aClientOfACrashedNodeLeavesWhenTheLeaseOfTheNodeIsOver() {
    TestClient ann = join(0, "Ann");
    join(1, "Bob");
    ann.received();
    cluster.node(1).crash();
    cluster.advance(Duration.ofSeconds(13));
    assertEquals(List.of("* Bob has left"), ann.received());
  }
}
