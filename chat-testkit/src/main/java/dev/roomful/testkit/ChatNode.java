package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.cluster.ClusterEngine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A chat on an engine, which publishes what clients send and keeps the outcomes. */
final class ChatNode implements RoomHandler {
  static final String ROOM = "lobby";
  static final int MAX_MESSAGES = 5000;

  private final Map<String, CompletableFuture<Position>> outcomes = new ConcurrentHashMap<>();
  private final ClusterEngine engine;
  private final Chat chat;

  ChatNode(ClusterEngine engine) {
    this.engine = engine;
    chat =
        Chat.builder(this)
            .limits(Limits.defaults().withMessagesPerSecond(0))
            .room(
                ROOM, RoomOptions.defaults().withPermanent().withHistory(History.of(MAX_MESSAGES)))
            .cluster(engine)
            .build();
  }

  @Override
  public void onMessage(Room room, Message message) {
    outcomes.put(message.text(), room.publish(message).toCompletableFuture());
  }

  /** {@return the outcomes of the messages that clients of this node have sent, by their texts} */
  Map<String, CompletableFuture<Position>> outcomes() {
    return outcomes;
  }

  /** {@return the outcome of a message that was sent} */
  CompletableFuture<Position> outcome(String text) {
    return Objects.requireNonNull(outcomes.get(text), text);
  }

  boolean allDone(int count) {
    return outcomes.size() == count
        && outcomes.values().stream().allMatch(CompletableFuture::isDone);
  }

  ClusterEngine engine() {
    return engine;
  }

  ChatClient join(String id) {
    return ChatClient.open(chat, ROOM, id);
  }

  /** {@return the ids of all members, as this node knows them} */
  List<String> members() {
    return chat.room(ROOM).stream()
        .flatMap(room -> room.participants().stream())
        .map(Participant::id)
        .sorted()
        .toList();
  }

  /** {@return the kept messages, in their order} */
  List<Message> history() {
    return chat.room(ROOM).orElseThrow().history(HistoryRange.last(MAX_MESSAGES)).orElseThrow();
  }

  List<String> texts() {
    return history().stream().map(Message::text).toList();
  }

  void close() {
    chat.close();
  }
}
