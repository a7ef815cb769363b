package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What whole chats on the engine guarantee. The chats run in real time with threads of their own,
 * so the engine has to deliver without {@link #idle}.
 */
abstract class EngineChatCases extends EngineFaultCases {
  private final List<ChatNode> chats = new ArrayList<>();
  private int sent;

  @AfterEach
  final void closeChats() {
    chats.forEach(ChatNode::close);
    chats.clear();
  }

  private ChatNode chat() throws Exception {
    return chat("case");
  }

  private ChatNode chat(String namespace) throws Exception {
    ChatNode chat = new ChatNode(newEngine(namespace));
    chats.add(chat);
    return chat;
  }

  private void awaitMembers(ChatNode node, String... ids) {
    until("the members are " + List.of(ids), () -> node.members().equals(List.of(ids)));
  }

  private void awaitText(ChatClient client, String text) {
    until("a client receives " + text, () -> client.received().contains(text));
  }

  private Position send(ChatNode node, ChatClient client, String text) {
    client.send(text);
    until(text + " is published", () -> node.outcomes().containsKey(text));
    return await(node.outcome(text));
  }

  /** Sends a text as a server does, which reads no more than may wait for the handler. */
  private void sendAsRead(ChatNode node, ChatClient client, String text) {
    client.send(text);
    if (++sent % 32 == 0) {
      until(text + " is handled", () -> node.outcomes().containsKey(text));
    }
  }

  @Test
  void messagesOfAllNodesHaveOneOrderAndDenseOffsets() throws Exception {
    ChatNode one = chat();
    ChatNode two = chat();
    ChatNode three = chat();
    List<ChatNode> nodes = List.of(one, two, three);
    List<ChatClient> clients = List.of(one.join("ann"), two.join("bob"), three.join("cid"));
    for (ChatNode node : nodes) {
      awaitMembers(node, "ann", "bob", "cid");
    }
    for (int i = 0; i < 100; i++) {
      for (int node = 0; node < 3; node++) {
        sendAsRead(nodes.get(node), clients.get(node), node + " " + i);
      }
    }
    for (ChatNode node : nodes) {
      until("all are published", () -> node.allDone(100));
    }
    for (ChatNode node : nodes) {
      until("the node has all", () -> node.texts().size() == 300);
      assertEquals(
          LongStream.rangeClosed(1, 300).boxed().toList(),
          node.history().stream().map(EngineChatCases::offset).toList());
      assertEquals(one.texts(), node.texts());
      for (Message message : node.history()) {
        ChatNode origin = nodes.get(message.text().charAt(0) - '0');
        assertEquals(message.position().orElseThrow(), await(origin.outcome(message.text())));
      }
    }
    for (ChatClient client : clients) {
      until("a client has all", () -> client.received().size() == 300);
      assertEquals(one.texts(), client.received());
    }
  }

  private static long offset(Message message) {
    return message.position().orElseThrow().offset();
  }

  @Test
  void aMessageThatIsSentUnderABrokenLinkIsDeliveredOnceOrRejectedAsUnavailable() throws Exception {
    ChatNode one = chat();
    ChatNode two = chat();
    ChatClient ann = one.join("ann");
    ChatClient bob = two.join("bob");
    awaitMembers(one, "ann", "bob");
    awaitMembers(two, "ann", "bob");
    int count = 0;
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 100; i++) {
        sendAsRead(one, ann, "m" + count++);
      }
      cut(one.engine());
      for (int i = 0; i < 20; i++) {
        sendAsRead(one, ann, "m" + count++);
      }
      if (round == 3) {
        int sent = count;
        until("all wait no longer", () -> one.allDone(sent));
      }
      heal(one.engine());
    }
    int sent = count;
    until("all have an outcome", () -> one.allDone(sent));
    until("the link works", () -> isAccepted(one, ann));
    until("both have the same messages", () -> one.texts().equals(two.texts()));
    checkOutcomes(one.outcomes(), two.texts());
    for (ChatClient client : List.of(ann, bob)) {
      until("a client has all", () -> client.received().containsAll(two.texts()));
      List<String> messages = new ArrayList<>(client.received());
      messages.retainAll(two.texts());
      assertEquals(two.texts(), messages);
      assertNull(client.status());
    }
    assertEquals(one.texts(), two.texts());
  }

  /** Accepted messages are kept once; others were rejected as unavailable, and may be kept once. */
  private void checkOutcomes(Map<String, CompletableFuture<Position>> outcomes, List<String> kept) {
    outcomes.forEach(
        (text, outcome) -> {
          int times = Collections.frequency(kept, text);
          if (outcome.isCompletedExceptionally()) {
            Throwable failure = assertThrows(CompletionException.class, outcome::join).getCause();
            RejectedException rejected = assertInstanceOf(RejectedException.class, failure, text);
            assertEquals(Rejection.UNAVAILABLE, rejected.rejection().code(), text);
            assertTrue(times <= 1, () -> text + " is kept " + times + " times");
          } else {
            assertEquals(1, times, text);
          }
        });
  }

  /** Sends one more message. {@return whether it is accepted} */
  private boolean isAccepted(ChatNode node, ChatClient client) {
    String text = "probe" + node.outcomes().size();
    client.send(text);
    until(text + " has an outcome", () -> node.outcomes().containsKey(text));
    CompletableFuture<Position> outcome = node.outcome(text);
    until(text + " has an outcome", outcome::isDone);
    return !outcome.isCompletedExceptionally();
  }

  @Test
  void aNodeThatOpensARoomLaterHasItsMembersAndHistory() throws Exception {
    ChatNode one = chat();
    ChatClient ann = one.join("ann");
    awaitMembers(one, "ann");
    for (int i = 0; i < 20; i++) {
      send(one, ann, "m" + i);
    }
    ChatNode two = chat();
    two.join("bob");
    awaitMembers(two, "ann", "bob");
    awaitMembers(one, "ann", "bob");
    assertEquals(one.texts(), two.texts());
    assertEquals(
        one.history().stream().map(Message::position).toList(),
        two.history().stream().map(Message::position).toList());
  }

  @Test
  void aNodeThatWasCutOffCatchesUpWithoutAGap() throws Exception {
    ChatNode one = chat();
    ChatNode two = chat();
    ChatClient ann = one.join("ann");
    ChatClient bob = two.join("bob");
    awaitMembers(two, "ann", "bob");
    cut(two.engine());
    for (int sent = 0; sent < 1200; sent += 400) { // at most 1,000 may wait
      int end = sent + 400;
      for (int i = sent; i < end; i++) {
        sendAsRead(one, ann, "m" + i);
      }
      until("all are published", () -> one.allDone(end));
    }
    one.outcomes().values().forEach(this::await);
    heal(two.engine());
    awaitText(bob, "m1199");
    assertEquals(one.texts(), bob.received());
    assertEquals(one.texts(), two.texts());
  }

  @Test
  void anEngineThatComesBackWithItsDataHasLostNoAcceptedMessage() throws Exception {
    ChatNode one = chat();
    ChatNode two = chat();
    ChatClient ann = one.join("ann");
    ChatClient bob = two.join("bob");
    awaitMembers(two, "ann", "bob");
    awaitMembers(one, "ann", "bob");
    for (int i = 0; i < 50; i++) {
      sendAsRead(one, ann, "m" + i);
    }
    stop();
    ann.send("m50");
    restart(true);
    until("all have an outcome", () -> one.allDone(51));
    until("the engine works", () -> isAccepted(one, ann));
    checkSameOrder(one, two, ann, bob);
    assertNull(ann.status());
    assertNull(bob.status());
  }

  @Test
  void anEngineThatComesBackWithoutItsDataLeavesOneOrderOrClientsReload() throws Exception {
    ChatNode one = chat();
    ChatNode two = chat();
    ChatClient ann = one.join("ann");
    ChatClient bob = two.join("bob");
    awaitMembers(two, "ann", "bob");
    awaitMembers(one, "ann", "bob");
    for (int i = 0; i < 50; i++) {
      send(one, ann, "m" + i);
    }
    stop();
    restart(false);
    ChatClient late = two.join("late");
    until(
        "the nodes agree",
        () -> one.members().contains("late") && one.members().equals(two.members()));
    until("the engine works", () -> isAccepted(two, late));
    checkSameOrder(one, two, ann, bob);
  }

  private void checkSameOrder(ChatNode one, ChatNode two, ChatClient... clients) {
    until("both nodes have the same messages", () -> one.texts().equals(two.texts()));
    checkOutcomes(one.outcomes(), two.texts());
    for (ChatClient client : clients) {
      until(
          "a client has all or reloads",
          () -> client.status() != null || client.received().containsAll(two.texts()));
      CloseStatus status = client.status();
      if (status == null) {
        List<String> messages = new ArrayList<>(client.received());
        messages.retainAll(two.texts());
        assertEquals(two.texts(), messages);
      } else {
        assertEquals(CloseStatus.RELOAD, status);
      }
    }
  }

  @Test
  void theMembersOfANodeThatWasKilledLeave() throws Exception {
    ChatNode one = chat();
    ChatNode two = chat();
    one.join("ann");
    two.join("bob");
    awaitMembers(one, "ann", "bob");
    two.engine().close();
    awaitMembers(one, "ann");
  }

  @Test
  void chatsInDifferentNameSpacesShareNoRoom() throws Exception {
    ChatNode one = chat("one");
    ChatNode two = chat("two");
    ChatClient ann = one.join("ann");
    ChatClient bob = two.join("bob");
    awaitMembers(one, "ann");
    awaitMembers(two, "bob");
    send(one, ann, "of ann");
    send(two, bob, "of bob");
    awaitText(ann, "of ann");
    awaitText(bob, "of bob");
    assertEquals(List.of("of ann"), ann.received());
    assertEquals(List.of("of bob"), bob.received());
    assertEquals(1, offset(two.history().get(0)));
    assertNotNull(one.history().get(0));
  }
}
