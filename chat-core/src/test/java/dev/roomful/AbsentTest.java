package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestCluster;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replies and mentions, and the callback about participants who are not in the room. */
class AbsentTest {
  private static final RoomOptions OPTIONS = RoomOptions.defaults().withPermanent();

  private final List<String> calls = new ArrayList<>();

  private Chat.Builder builder(String node) {
    return Chat.builder(
            new RoomHandler() {
              @Override
              public void onAbsent(Room room, Message message, Set<String> ids) {
                calls.add(
                    node
                        + message.text()
                        + " at "
                        + message.position().orElseThrow().offset()
                        + " for "
                        + ids);
              }
            })
        .room("lobby", OPTIONS);
  }

  private static Message fromBot(Room room, String text) {
    return room.messageFrom(Sender.of("bot", "Bot"), Payload.text(text));
  }

  @Test
  void whoIsMentionedOrAddressedAndNotInTheRoomIsNamedOnce() {
    try (TestChat chat = TestChat.of(builder(""))) {
      chat.connect("lobby", "ann");
      Room room = chat.chat().room("lobby").orElseThrow();
      room.publish(fromBot(room, "hello"));
      room.publish(fromBot(room, "hi").withMentions(List.of("ann", "dan", "cem", "bot")));
      room.publish(fromBot(room, "psst"), BroadcastPolicy.onlyIds(Set.of("ann", "eve", "bot")));
      room.announce(Payload.text("news"), BroadcastPolicy.onlyIds(Set.of("fay")));
      room.publish(fromBot(room, "ann only").withMentions(List.of("ann")));
      assertEquals(
          List.of("hi at 2 for [cem, dan]", "psst at 3 for [eve]", "news at 4 for [fay]"), calls);
    }
  }

  @Test
  void aMessageThatIsPublishedAgainOrIsAnAmendmentNamesNobody() {
    try (TestChat chat = TestChat.of(builder(""))) {
      Room room = chat.chat().room("lobby").orElseThrow();
      Message once = fromBot(room, "hi").withMentions(List.of("dan")).withIdempotencyKey("1");
      room.publish(once);
      room.publish(once);
      room.signal(fromBot(room, "typing").withMentions(List.of("dan")));
      assertEquals(List.of("hi at 1 for [dan]"), calls);
    }
  }

  @Test
  void aCallNamesAThousandAtMost() {
    try (TestChat chat = TestChat.of(builder(""))) {
      Room room = chat.chat().room("lobby").orElseThrow();
      Set<String> many =
          IntStream.range(0, 2_000).mapToObj(i -> "id" + i).collect(Collectors.toSet());
      room.announce(Payload.text("x"), BroadcastPolicy.onlyIds(many));
      assertEquals(1_000, calls.get(0).split(",").length);
    }
  }

  @Test
  void inAClusterOnlyTheNodeThatPublishedCalls() {
    try (TestCluster cluster = TestChat.cluster(2, node -> builder("node " + node + ": "))) {
      cluster.node(0).connect("lobby", "ann");
      Room room = cluster.node(1).chat().room("lobby").orElseThrow();
      room.publish(fromBot(room, "hi").withMentions(List.of("ann", "dan")));
      cluster.deliver();
      assertEquals(List.of("node 1: hi at 1 for [dan]"), calls);
    }
  }

  @Test
  void aFailingCallbackIsCountedAndTheMessageIsPublished() {
    RoomHandler failing =
        new RoomHandler() {
          @Override
          public void onAbsent(Room room, Message message, Set<String> ids) {
            throw new IllegalStateException("no mail server");
          }
        };
    try (TestChat chat = TestChat.of(Chat.builder(failing).room("lobby", OPTIONS));
        LogCapture log = new LogCapture()) {
      Room room = chat.chat().room("lobby").orElseThrow();
      room.publish(fromBot(room, "hi").withMentions(List.of("dan")));
      assertEquals(1, room.position().offset());
      assertEquals(1, chat.chat().failedCallbacks());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void repliesAndMentionsAreHeaders() {
    try (TestChat chat = TestChat.of(builder(""))) {
      Room room = chat.chat().room("lobby").orElseThrow();
      Position first = room.publish(fromBot(room, "hi")).toCompletableFuture().join();
      Message reply = fromBot(room, "yes").withReplyTo(first).withMentions(List.of("a,b", "c d"));
      assertEquals(Optional.of(first), reply.replyTo());
      assertEquals(List.of("a,b", "c d"), reply.mentions());
      assertEquals(first.toString(), reply.headers().get("reply-to"));
      assertEquals("a,b\nc d", reply.headers().get("mentions"));
      Message plain = fromBot(room, "no");
      assertEquals(Optional.empty(), plain.replyTo());
      assertEquals(List.of(), plain.mentions());
      assertEquals(Optional.empty(), plain.withHeader("reply-to", "nowhere").replyTo());
      for (List<String> ids : List.of(List.of(""), List.of("a\nb"))) {
        assertThrows(IllegalArgumentException.class, () -> plain.withMentions(ids));
      }
    }
  }
}
