package dev.roomful.redis;

import dev.roomful.Chat;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.room.LiveRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The nodes of {@link RollingRestartTest}, as its clients reach them. All but the first one are
 * drained before they stop.
 */
final class RestartNodes implements AutoCloseable {
  static final int MAX_MESSAGES = 20_000;

  /** As many as handshakes can be open at the same time; a chat has up to 256 for them. */
  private static final int THREADS = 100;

  /** Publishes each message once, however often a client sends it. */
  private static final RoomHandler HANDLER =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          room.publish(message.withIdempotencyKey(message.text()))
              .whenComplete(
                  (position, failure) ->
                      message.reply(
                          (failure == null ? RestartClient.ACCEPTED : RestartClient.REJECTED)
                              + message.text()));
        }

        @Override
        public void onRejected(Room room, Message message, Rejection rejection) {
          message.reply(RestartClient.REJECTED + message.text());
        }
      };

  private final String uri;
  private final List<String> rooms;
  private final List<AtomicReference<Chat>> chats = new ArrayList<>();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);

  RestartNodes(String uri, int count, List<String> rooms) {
    this.uri = uri;
    this.rooms = rooms;
    for (int node = 0; node < count; node++) {
      chats.add(new AtomicReference<>());
      start(node);
    }
  }

  int count() {
    return chats.size();
  }

  /** {@return the chat of a node, empty while the node does not listen} */
  Optional<Chat> chat(int node) {
    return Optional.ofNullable(chats.get(node).get());
  }

  /** {@return the different digests of a room's state that the nodes have} */
  Set<String> digests(String room) {
    return chats.stream()
        .map(chat -> (LiveRoom) chat.get().room(room).orElseThrow())
        .map(LiveRoom::stateDigest)
        .collect(Collectors.toSet());
  }

  void start(int node) {
    RoomOptions options =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(MAX_MESSAGES))
            .withDisplayNames(DisplayNames.unique())
            .withNotices(FaultChat.NOTICES)
            .withWelcome(RestartNodes::welcome);
    Chat.Builder builder =
        Chat.builder(HANDLER)
            .limits(
                Limits.defaults()
                    .withMessagesPerSecond(0)
                    .withResumeWindow(Duration.ofSeconds(30))
                    .withDrainTime(node == 0 ? Duration.ZERO : Duration.ofSeconds(3)))
            .cluster(RedisCluster.connect(uri));
    rooms.forEach(room -> builder.room(room, options));
    chats.get(node).set(builder.build());
  }

  /** Closes a chat, which accepts connections until it begins to close. */
  void stop(int node) {
    chat(node).orElseThrow().close();
    chats.get(node).set(null);
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        RestartClient.WELCOME
            + String.join(
                "|",
                info.position().epoch(),
                Long.toString(info.position().offset()),
                Boolean.toString(info.recovered()),
                info.resumeSecret().orElseThrow()));
  }

  /** Runs a task of a client after some time. */
  void later(int millis, Runnable task) {
    threads.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** Runs a task at a rate, until the nodes are closed. */
  void repeat(int periodMillis, Runnable task) {
    threads.scheduleAtFixedRate(task, 0, periodMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    for (int node = 0; node < count(); node++) {
      chat(node).ifPresent(Chat::close);
    }
  }
}
