package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.testing.TestChat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Private rooms of {@link RoomsExample}: who is a member, and what others learn of them. */
class PrivateRoomsTest {
  private static final String SECRET = "{\"text\":\"secret\",\"id\":\"1\"}";

  private static String create(RoomsClient creator, String name) {
    JsonNode answer = creator.call("create", "{\"name\":\"" + name + "\"}");
    return answer.path("room").asString();
  }

  private static String about(String room, RoomsClient user) {
    return "{\"room\":\"" + room + "\",\"user\":\"" + user.userId() + "\"}";
  }

  private static String ownPrivateRooms(RoomsClient client) {
    return client.call("rooms", "{}").path("private").toString();
  }

  /** Neither lists the room, nor joins it, nor reads or publishes its messages. */
  private static void assertClosed(RoomsClient client, String room) {
    assertFalse(client.call("rooms", "{}").toString().contains(room));
    String channel = "{\"channel\":\"" + room + "\",\"limit\":10}";
    for (String command : new String[] {"subscribe", "history", "presence", "presence_stats"}) {
      JsonNode error = client.request("\"" + command + "\":" + channel).path("error");
      assertEquals(103, error.path("code").asInt(), command);
      assertEquals(PrivateRooms.NOT_A_MEMBER.reason(), error.path("message").asString(), command);
    }
    assertTrue(client.publish(room, SECRET).has("error"));
  }

  @Test
  void onlyMembersSeeAPrivateRoom() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS);
        RoomsClient ann = RoomsClient.connect(chat, "Ann");
        RoomsClient bob = RoomsClient.connect(chat, "Bob");
        RoomsClient cem = RoomsClient.connect(chat, "Cem")) {
      String room = create(ann, "plans");
      ann.subscribe(room);
      assertTrue(ann.publish(room, SECRET).has("publish"));
      assertEquals("[\"" + room + "\"]", ownPrivateRooms(ann));
      assertClosed(bob, room);

      assertEquals("{}", ann.call("invite", about(room, bob)).toString());
      assertEquals(room, bob.nextPush().at("/message/data/invited").asString());
      assertEquals("[\"" + room + "\"]", ownPrivateRooms(bob));
      assertEquals(1, bob.subscribe(room).path("offset").asInt());
      JsonNode history = bob.request("\"history\":{\"channel\":\"" + room + "\",\"limit\":10}");
      assertEquals("secret", history.at("/history/publications/0/data/text").asString());
      assertEquals(403, cem.call("invite", about(room, cem)).path("code").asInt());
      assertClosed(cem, room);
    }
  }

  @Test
  void whoLeavesOrIsRemovedHasToBeInvitedAgain() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS);
        RoomsClient ann = RoomsClient.connect(chat, "Ann");
        RoomsClient bob = RoomsClient.connect(chat, "Bob");
        RoomsClient cem = RoomsClient.connect(chat, "Cem")) {
      String room = create(ann, "plans");
      ann.subscribe(room);
      for (RoomsClient invited : new RoomsClient[] {bob, cem}) {
        ann.call("invite", about(room, invited));
        assertFalse(invited.subscribe(room).isMissingNode());
      }
      assertEquals("{}", bob.call("leave", "{\"room\":\"" + room + "\"}").toString());
      assertClosed(bob, room);
      assertEquals("{}", ann.call("kick", about(room, cem)).toString());
      assertClosed(cem, room);

      ann.call("invite", about(room, bob));
      assertFalse(bob.subscribe(room).isMissingNode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:b", "123456789012345678901234567890123"})
  void aPrivateRoomHasANameThatThePageCanShow(String name) throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS);
        RoomsClient ann = RoomsClient.connect(chat, "Ann")) {
      String call = "{\"name\":\"" + name + "\"}";
      assertEquals(400, ann.call("create", call).path("code").asInt());
    }
  }

  @Test
  void twoPrivateRoomsCanHaveTheSameName() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS);
        RoomsClient ann = RoomsClient.connect(chat, "Ann")) {
      assertFalse(create(ann, "plans").equals(create(ann, "plans")));
    }
  }

  @Test
  void anOldMembershipIsForgottenByAllNodes() {
    Chat.Builder builder =
        Chat.builder(new RoomHandler() {}).room(PrivateRooms.ROOM, PrivateRooms.OPTIONS);
    try (TestChat chat = TestChat.of(builder)) {
      PrivateRooms running = new PrivateRooms();
      running.use(chat.chat());
      String room = running.create("plans", "ann");
      for (int i = 1; i < PrivateRooms.MAX_CHANGES; i++) {
        running.create("plans", "user" + i);
      }
      PrivateRooms started = new PrivateRooms();
      started.use(chat.chat());
      assertTrue(running.isMember("ann", room));
      assertTrue(started.isMember("ann", room));

      running.create("plans", "one more");
      assertFalse(running.isMember("ann", room));
      assertFalse(started.isMember("ann", room));
      assertEquals(running.roomsOf("user1"), started.roomsOf("user1"));
      assertEquals(1, started.roomsOf("user1").size());
    }
  }
}
