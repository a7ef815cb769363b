package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of the protocol on two nodes, and clients of plain text in the same room. */
class CentrifugeClusterTest {
  private static final String SUBSCRIBE =
      "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true%s}}";

  private final TestCluster cluster =
      TestChat.cluster(
          2,
          node ->
              Chat.builder(new RoomHandler() {})
                  .authenticator(CentrifugeClusterTest::authenticate)
                  .rooms(RoomOptions.defaults().withHistory(History.of(100))));

  private static AcceptedAdmission authenticate(Handshake handshake) {
    return AcceptedAdmission.of(
        handshake.query("name").orElseThrow(), handshake.path("room").orElse("lobby"));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private CentrifugeTestClient connect(int node, String name) {
    Centrifuge gateway = Centrifuge.on(cluster.node(node).chat());
    return CentrifugeTestClient.of(gateway, name).connect();
  }

  private CentrifugeTestClient join(int node, String name) {
    CentrifugeTestClient client = connect(node, name);
    send(client, SUBSCRIBE.formatted(""));
    client.received();
    return client;
  }

  private void send(CentrifugeTestClient client, String command) {
    client.send(command);
    cluster.deliver();
  }

  private Position position(int node) {
    return cluster.node(node).chat().room("lobby").orElseThrow().position();
  }

  private static boolean contains(List<String> lines, String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  @Test
  void joinsAndLeavesArePushedToTheSubscribersOfAllNodes() {
    CentrifugeTestClient ann = join(0, "ann");
    CentrifugeTestClient bob = join(1, "bob");
    assertTrue(contains(ann.received(), "\"join\":{\"info\":{\"user\":\"bob\""));
    for (CentrifugeTestClient client : List.of(ann, bob)) {
      client.received();
      send(client, "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}");
      List<String> reply = client.received();
      assertTrue(contains(reply, "\"user\":\"ann\""), reply.toString());
      assertTrue(contains(reply, "\"user\":\"bob\""), reply.toString());
      send(client, "{\"id\":4,\"presence_stats\":{\"channel\":\"lobby\"}}");
      assertEquals(
          List.of("{\"id\":4,\"presence_stats\":{\"num_clients\":2,\"num_users\":2}}"),
          client.received());
    }
    send(bob, "{\"id\":5,\"unsubscribe\":{\"channel\":\"lobby\"}}");
    assertTrue(contains(ann.received(), "\"leave\":{\"info\":{\"user\":\"bob\""));
  }

  @Test
  void aClientRecoversOnAnotherNode() {
    CentrifugeTestClient ann = join(0, "ann");
    join(1, "bob");
    publish(0, "1");
    Position seen = position(0);
    assertTrue(contains(ann.received(), "\"data\":1"));
    ann.loseConnection();
    publish(1, "2");
    publish(1, "3");
    CentrifugeTestClient back = connect(1, "ann");
    send(
        back,
        SUBSCRIBE.formatted(
            ",\"recover\":true,\"epoch\":\"%s\",\"offset\":%d"
                .formatted(seen.epoch(), seen.offset())));
    List<String> received = back.received();
    assertTrue(contains(received, "\"recovered\":true"), received.toString());
    assertTrue(contains(received, "\"data\":2"), received.toString());
    assertTrue(contains(received, "\"data\":3"), received.toString());
    assertTrue(!contains(received, "\"data\":1"), received.toString());
    assertEquals(position(0), position(1));
  }

  private void publish(int node, String data) {
    cluster.node(node).chat().room("lobby").orElseThrow().announce(data);
    cluster.deliver();
  }

  @Test
  void theClientsOfACrashedNodeLeaveWhenItsLeaseIsOver() {
    CentrifugeTestClient ann = join(0, "ann");
    join(1, "bob");
    ann.received();
    cluster.node(1).crash();
    cluster.advance(Duration.ofSeconds(13));
    assertTrue(contains(ann.received(), "\"leave\":{\"info\":{\"user\":\"bob\""));
  }

  @Test
  void aParticipantIsDisconnectedOnAnotherNode() {
    join(0, "ann");
    CentrifugeTestClient bob = join(1, "bob");
    cluster
        .node(0)
        .chat()
        .participant("bob")
        .orElseThrow()
        .disconnect(new CloseStatus(4500, "bye"));
    cluster.deliver();
    assertEquals(new CloseStatus(4500, "bye"), bob.closeStatus().orElseThrow());
  }

  @Test
  void clientsOfPlainTextAndOfTheProtocolMeetAcrossNodes() {
    TestClient ann = cluster.node(0).connect("lobby", "ann");
    CentrifugeTestClient bob = join(1, "bob");
    ann.send("\"hello\"");
    cluster.deliver();
    assertTrue(contains(bob.received(), "\"data\":\"hello\""));
    send(bob, "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"hi\"}}");
    assertEquals(List.of("\"hello\"", "\"hi\""), ann.received());
  }
}
