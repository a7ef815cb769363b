package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MessageReferencesTest {
  @Test
  void aReplyAndMentionsAreTags() throws Exception {
    JsonNode tags = tagsOf("\"reply\":\"5x8f:12\",\"mentions\":[\"ann\",\"bob\",\"ann\"]");
    assertEquals("5x8f:12", tags.path("reply-to").asString());
    assertEquals("ann\nbob", tags.path("mentions").asString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"reply\":\"nonsense\",\"mentions\":\"ann\"",
        "\"reply\":12,\"mentions\":[\"\",7,null,\"a\\nb\",[\"ann\"]]",
        "\"reply\":{},\"mentions\":{}"
      })
  void whatIsNotValidIsIgnored(String members) throws Exception {
    JsonNode tags = tagsOf(members);
    assertTrue(tags.path("reply-to").isMissingNode());
    assertTrue(tags.path("mentions").isMissingNode());
  }

  @ParameterizedTest
  @CsvSource({"3, 20", "120, 20", "129, 0"})
  void mentionsAreBounded(int length, int expected) throws Exception {
    String ids =
        IntStream.range(0, 30)
            .mapToObj(n -> "\"%s%02d\"".formatted("x".repeat(length - 2), n))
            .collect(Collectors.joining(","));
    String mentions = tagsOf("\"mentions\":[" + ids + "]").path("mentions").asString("");
    assertEquals(expected, Arrays.stream(mentions.split("\n")).filter(id -> !id.isEmpty()).count());
  }

  @Test
  void mentionsThatAreTooLargeForHeadersAreLeftOut() throws Exception {
    String ids =
        IntStream.range(0, 20)
            .mapToObj(n -> "\"%s%02d\"".formatted("ü".repeat(120), n))
            .collect(Collectors.joining(","));
    String mentions = tagsOf("\"mentions\":[" + ids + "]").path("mentions").asString("");
    assertEquals(12, mentions.split("\n").length);
  }

  /** Publishes a message with these members; returns the tags that clients receive. */
  private static JsonNode tagsOf(String members) throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ROOMS);
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby");
        RoomsClient bob = RoomsClient.join(chat, "Bob", "lobby")) {
      bob.publish("lobby", "{\"text\":\"hi\"," + members + "}");
      JsonNode publication = ann.nextPush().path("pub");
      while (!publication.has("offset")) {
        publication = ann.nextPush().path("pub");
      }
      return publication.path("tags");
    }
  }
}
