package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.redis.RedisCluster;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** {@link RoomsExample} on two nodes with one Redis, with clients of the Centrifuge protocol. */
class RoomsClusterTest {
  @TempDir Path folder;

  private RedisServer redis;

  @BeforeEach
  void startRedis() throws Exception {
    redis = RedisServer.start(folder.resolve("redis"), "--appendonly", "yes");
  }

  @AfterEach
  void stopRedis() {
    redis.close();
  }

  private RunningExample startNode(Host.Kind server) throws Exception {
    ChatSettings settings =
        RunningExample.settings(Example.ROOMS).withCluster(RedisCluster.connect(redis.uri()));
    return RunningExample.start(server, Example.ROOMS, RunningExample.listener(0), settings);
  }

  private static String text(String text) {
    return "{\"text\":\"" + text + "\",\"id\":\"" + text + "\"}";
  }

  @ParameterizedTest
  @EnumSource
  void theOwnerOfARoomModeratesTheClientsOfAnotherNode(Host.Kind server) throws Exception {
    try (RunningExample first = startNode(server);
        RunningExample second = startNode(server);
        RoomsClient ann = RoomsClient.join(first, "Ann", "tea");
        RoomsClient bob = RoomsClient.connect(second, "Bob")) {
      assertEquals("owner", ann.nextPush().at("/pub/data/role").asString());
      JsonNode welcome = bob.subscribe("tea").path("data");
      assertEquals("owner", welcome.path("roles").path(ann.userId()).asString());
      assertEquals("member", welcome.at("/you/role").asString());
      String target = "{\"room\":\"tea\",\"user\":\"" + bob.userId() + "\"";
      assertEquals("{}", ann.call("topic", "{\"room\":\"tea\",\"topic\":\"cake\"}").toString());
      assertEquals("topic", bob.nextPublicationData().path("notice").asString());
      String muted = target + ",\"seconds\":60,\"reason\":\"too loud\"}";
      assertEquals("{}", ann.call("mute", muted).toString());
      assertEquals("too loud", bob.publish("tea", text("x")).at("/error/message").asString());
      assertEquals("{}", ann.call("kick", target + ",\"reason\":\"enough\"}").toString());
      JsonNode push = bob.nextPush();
      while (!push.has("unsubscribe")) {
        push = bob.nextPush();
      }
      assertEquals("enough", push.at("/unsubscribe/reason").asString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDirectMessageIsNotifiedAndListedOnTheNodeOfTheOther(Host.Kind server) throws Exception {
    try (RunningExample first = startNode(server);
        RunningExample second = startNode(server);
        RoomsClient ann = RoomsClient.join(first, "Ann", "lobby");
        RoomsClient bob = RoomsClient.join(second, "Bob", "lobby")) {
      String room = DirectRooms.roomName(ann.userId(), bob.userId());
      ann.subscribe(room);
      assertTrue(ann.publish(room, text("psst")).has("publish"));
      JsonNode push = bob.nextPush();
      while (!push.has("message")) {
        push = bob.nextPush();
      }
      assertEquals(room, push.at("/message/data/direct/room").asString());
      assertEquals("Ann", push.at("/message/data/direct/name").asString());
      JsonNode listed = bob.call("rooms", "{}").path("direct");
      assertEquals(1, listed.size());
      assertEquals(room, listed.at("/0/room").asString());
      assertEquals("Ann", listed.at("/0/name").asString());
      bob.subscribe(room);
      assertTrue(bob.publish(room, text("yes?")).has("publish"));
      assertEquals("psst", ann.nextPublicationData().path("text").asString());
      assertEquals("yes?", ann.nextPublicationData().path("text").asString());
    }
  }

  @Test
  void thePrivateRoomsOfAParticipantAreTheSameOnAllNodes() throws Exception {
    try (RunningExample first = startNode(Host.Kind.JETTY);
        RunningExample second = startNode(Host.Kind.UNDERTOW);
        RoomsClient ann = RoomsClient.connect(first, "Ann");
        RoomsClient bob = RoomsClient.connect(second, "Bob");
        RoomsClient cem = RoomsClient.connect(second, "Cem")) {
      String room = ann.call("create", "{\"name\":\"plans\"}").path("room").asString();
      ann.subscribe(room);
      assertTrue(ann.publish(room, text("psst")).has("publish"));
      String invitation = "{\"room\":\"" + room + "\",\"user\":\"" + bob.userId() + "\"}";
      assertEquals("{}", ann.call("invite", invitation).toString());
      assertEquals(room, bob.nextPush().at("/message/data/invited").asString());
      // The node of Bob may learn of the invitation a moment after Bob.
      Await.until(
          "Bob's node lists the room",
          Duration.ofSeconds(10),
          () -> bob.call("rooms", "{}").at("/private/0").asString("").equals(room));
      assertEquals(1, bob.subscribe(room).path("offset").asInt());
      JsonNode error = cem.request("\"subscribe\":{\"channel\":\"" + room + "\"}").path("error");
      assertEquals(PrivateRooms.NOT_A_MEMBER.reason(), error.path("message").asString());

      assertEquals("{}", bob.call("leave", "{\"room\":\"" + room + "\"}").toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theRoomOfTheNodesIsClosedToClients(Host.Kind server) throws Exception {
    try (RunningExample node = startNode(server);
        RoomsClient ann = RoomsClient.connect(node, "Ann")) {
      JsonNode reply =
          ann.request("\"subscribe\":{\"channel\":\"" + SharedRooms.ROOM + "\"}").path("error");
      assertEquals("this room is for the nodes of the chat", reply.path("message").asString());
    }
  }

  @Test
  void aTextThatRedisDoesNotAcceptIsRejectedAndCanBeSentAgain() throws Exception {
    try (RunningExample first = startNode(Host.Kind.JETTY);
        RunningExample second = startNode(Host.Kind.JETTY);
        RoomsClient ann = RoomsClient.join(first, "Ann", "lobby");
        RoomsClient bob = RoomsClient.join(second, "Bob", "lobby")) {
      assertTrue(ann.publish("lobby", text("one")).has("publish"));
      redis.kill();
      JsonNode error = ann.publish("lobby", text("two")).path("error");
      assertTrue(error.path("temporary").asBoolean(false), error.toString());
      redis.restart();
      // Each attempt waits for Redis; the nodes connect again within a second.
      assertTrue(ann.publish("lobby", text("two")).has("publish"));
      assertTrue(ann.publish("lobby", text("three")).has("publish"));
      for (String text : new String[] {"one", "two", "three"}) {
        assertEquals(text, bob.nextPublicationData().path("text").asString());
      }
    }
  }
}
