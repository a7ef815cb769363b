package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@link RoomsExample} with an archive: what gets into it, and who reads it. */
class RoomsArchiveTest {
  @TempDir private Path folder;

  private RunningExample start() throws Exception {
    ChatSettings settings = RunningExample.settings(Example.ROOMS);
    return RunningExample.start(
        Host.Kind.JETTY,
        Example.ROOMS,
        RunningExample.listener(0),
        settings
            .withLimits(settings.limits().withMessagesPerSecond(0))
            .withArchive(MessageArchive.in(folder)));
  }

  private static String textMessage(String text, String id) {
    return "{\"text\":\"" + text + "\",\"id\":\"" + id + "\"}";
  }

  private static JsonNode read(RoomsClient client, String room) {
    return client.call("archive", "{\"room\":\"" + room + "\"}");
  }

  /** The texts of the newest messages, the newest one first. */
  private static List<String> texts(RoomsClient client, String room) {
    List<String> texts = new ArrayList<>();
    for (JsonNode message : read(client, room).path("messages")) {
      texts.add(JsonPayloads.parse(message.path("data").asString()).path("text").asString());
    }
    return texts;
  }

  @Test
  void messagesAreReadAsTheyAreNowAlsoAfterARestart() throws Exception {
    try (RunningExample chat = start();
        RoomsClient ann = RoomsClient.connect(chat, "Ann");
        RoomsClient bob = RoomsClient.join(chat, "Bob", "lobby")) {
      JsonNode welcome = ann.subscribe("lobby");
      assertTrue(welcome.at("/data/archive").asBoolean());
      String epoch = welcome.path("epoch").asString();
      for (String text : new String[] {"one", "two", "two", "three"}) {
        ann.publish("lobby", textMessage(text, text));
      }
      ann.publish("lobby", "{\"typing\":true}");
      String amend = "{\"amend\":\"%s\",\"target\":\"" + epoch + ":1\",";
      bob.publish("lobby", amend.formatted("edit") + "\"text\":\"not by its author\"}");
      ann.publish("lobby", amend.formatted("edit") + "\"text\":\"ONE\"}");
      bob.publish("lobby", amend.formatted("react") + "\"reaction\":\"👍\"}");
      String second = "{\"room\":\"lobby\",\"offset\":2,\"epoch\":\"" + epoch + "\"}";
      assertEquals("{}", ann.call("remove", second).toString());
      assertEquals(List.of("three", "ONE"), texts(bob, "lobby"));
    }
    try (RunningExample restarted = start();
        RoomsClient cem = RoomsClient.join(restarted, "Cem", "lobby")) {
      cem.publish("lobby", textMessage("four", "4"));
      assertEquals(List.of("four"), texts(cem, "lobby"));
      String next = read(cem, "lobby").path("next").asString();
      JsonNode page = cem.call("archive", "{\"room\":\"lobby\",\"before\":\"%s\"}".formatted(next));
      JsonNode first = page.at("/messages/1");
      assertEquals("{\"text\":\"ONE\"}", first.path("data").asString());
      assertEquals("Ann", first.path("name").asString());
      assertTrue(first.path("edited").asBoolean());
      assertEquals(1, first.at("/reactions/👍").size());
    }
  }

  @Test
  void aMessageThatTheRoomDoesNotStoreAnyMoreIsDeletedByItsAuthorOrAModerator() throws Exception {
    try (RunningExample chat = start();
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby"); // the owner
        RoomsClient bob = RoomsClient.connect(chat, "Bob");
        RoomsClient cem = RoomsClient.join(chat, "Cem", "lobby")) {
      String epoch = bob.subscribe("lobby").path("epoch").asString();
      String remove = "{\"room\":\"lobby\",\"epoch\":\"%s\",\"offset\":%d}";
      for (int n = 1; n <= 110; n++) {
        bob.publish("lobby", textMessage("message " + n, "" + n));
      }
      assertEquals(403, cem.call("remove", remove.formatted(epoch, 1)).path("code").asInt());
      assertEquals("{}", bob.call("remove", remove.formatted(epoch, 1)).toString());
      assertEquals("{}", ann.call("remove", remove.formatted(epoch, 2)).toString());
      for (RoomsClient actor : new RoomsClient[] {ann, bob}) {
        assertTrue(actor.call("remove", remove.formatted(epoch, 2)).has("code"));
        assertTrue(actor.call("remove", remove.formatted("..", 1)).has("code"));
        assertTrue(actor.call("remove", remove.formatted(epoch, 111)).has("code"));
      }
      JsonNode oldest =
          cem.call("archive", "{\"room\":\"lobby\",\"before\":\"%s:4\"}".formatted(epoch));
      assertEquals(1, oldest.path("messages").size());
      JsonNode notice = cem.nextPublicationData();
      while (!notice.path("notice").asString("").equals("deleted")) {
        notice = cem.nextPublicationData();
      }
      assertEquals(epoch + ":1", notice.path("position").asString());
    }
  }

  @Test
  void onlyThoseInARoomReadItsArchive() throws Exception {
    try (RunningExample chat = start();
        RoomsClient ann = RoomsClient.connect(chat, "Ann");
        RoomsClient bob = RoomsClient.connect(chat, "Bob");
        RoomsClient eve = RoomsClient.join(chat, "Eve", "lobby")) {
      String privateRoom = ann.call("create", "{\"name\":\"plans\"}").path("room").asString();
      String aboutBob = "{\"room\":\"" + privateRoom + "\",\"user\":\"" + bob.userId() + "\"}";
      ann.subscribe(privateRoom);
      ann.call("invite", aboutBob);
      bob.subscribe(privateRoom);
      String directRoom = DirectRooms.roomName(ann.userId(), bob.userId());
      ann.subscribe(directRoom);
      bob.subscribe(directRoom);
      for (String room : new String[] {privateRoom, directRoom}) {
        ann.publish(room, textMessage("secret", room));
        assertEquals(List.of("secret"), texts(bob, room));
        assertFalse(eve.subscribe(room).has("epoch"));
        assertEquals(404, read(eve, room).path("code").asInt());
      }
      assertEquals("{}", ann.call("kick", aboutBob).toString());
      assertEquals(404, read(bob, privateRoom).path("code").asInt());
      assertEquals(404, read(bob, "lobby").path("code").asInt());
      assertEquals(404, read(eve, "../").path("code").asInt());
      assertEquals(404, read(eve, PrivateRooms.ROOM).path("code").asInt());
    }
  }

  @Test
  void aFolderThatCannotBeReadOrWrittenDoesNotConcernTheChat() throws Exception {
    try (RunningExample chat = start();
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby")) {
      ann.publish("lobby", textMessage("one", "1"));
      try (Stream<Path> files = Files.walk(folder)) {
        Path block = files.filter(each -> each.endsWith("0.jsonl")).findFirst().orElseThrow();
        Files.delete(block);
        Files.createDirectory(block);
      }
      assertTrue(ann.publish("lobby", textMessage("two", "2")).has("publish"));
      assertEquals("one", ann.nextPublicationData().path("text").asString());
      assertEquals("two", ann.nextPublicationData().path("text").asString());
      assertEquals(500, read(ann, "lobby").path("code").asInt());
    }
  }

  @Test
  void withoutAnArchiveClientsLearnThatThereIsNone() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS);
        RoomsClient ann = RoomsClient.connect(chat, "Ann")) {
      assertFalse(ann.subscribe("lobby").path("data").has("archive"));
      assertEquals("method not found", read(ann, "lobby").path("message").asString());
    }
  }
}
