package dev.roomful.redis;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RejectedException;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The chat of a node of a {@link FaultStory}. Its calls take and return values that can be sent to
 * another process.
 */
final class FaultChat implements AutoCloseable {
  /** Stores all messages of a story, so that it shows the order of all of them. */
  static final String KEPT = "kept";

  /** Like {@link #KEPT}, but senders do not receive their own messages. */
  static final String OTHERS = "others";

  /** Stores nothing, exists only while somebody is in it, and allows each name once. */
  static final String BRIEF = "brief";

  static final int MAX_MESSAGES = 2000;

  static final RoomNotices NOTICES =
      new RoomNotices() {
        @Override
        public Payload participantJoined(Room room, Participant participant) {
          return Payload.text(FaultClient.JOINED + participant.id());
        }

        @Override
        public Payload participantLeft(Room room, Participant participant) {
          return Payload.text(FaultClient.LEFT + participant.id());
        }
      };

  private static final RoomOptions ROOMS =
      RoomOptions.defaults().withNotices(NOTICES).withWelcome(FaultChat::welcome);

  /** What happens in the chat. */
  interface Reports {
    void received(int client, String text);

    void closed(int client, int code, String reason);

    /** A message is about to be published; its sender is empty for an announcement. */
    void publishing(String room, String sender, String text);

    void published(String text, FaultMessage.Outcome outcome);
  }

  /** A call of a room, such as a kick. */
  interface RoomCall extends Serializable {
    Outcome on(Room room, String id);
  }

  /** A call of a participant, such as a change of its name. */
  interface ParticipantCall extends Serializable {
    Outcome on(Participant participant);
  }

  /** What a call returned, and that as text. */
  record Result(boolean done, String text) implements Serializable {
    private static Result of(Outcome outcome) {
      return new Result(outcome.isDone(), outcome.toString());
    }
  }

  /** Connects a chat; fails if Redis does not answer. */
  static FaultChat start(int redisPort, Reports reports) {
    RedisCluster engine = RedisCluster.connect("redis://127.0.0.1:" + redisPort);
    try {
      return new FaultChat(engine, reports);
    } catch (RuntimeException notStarted) {
      engine.close();
      throw notStarted;
    }
  }

  private final RedisCluster engine;
  private final Reports reports;
  private final ShiftedClock clock = new ShiftedClock();
  private final Chat chat;
  private final Map<Integer, FaultConnection> connections = new ConcurrentHashMap<>();

  private FaultChat(RedisCluster engine, Reports reports) {
    this.engine = engine;
    this.reports = reports;
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            publish(
                room.name(), message.sender().id(), message.text(), () -> room.publish(message));
          }
        };
    RoomOptions kept = ROOMS.withPermanent().withHistory(History.of(MAX_MESSAGES));
    chat =
        clock
            .install(Chat.builder(handler))
            .limits(
                Limits.defaults().withMessagesPerSecond(0).withResumeWindow(Duration.ofSeconds(3)))
            .rooms(ROOMS.withDisplayNames(DisplayNames.unique()))
            .room(KEPT, kept)
            .room(OTHERS, kept.withPolicy(BroadcastPolicy.excludingSender()))
            .cluster(engine)
            .build();
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        FaultClient.WELCOME
            + String.join(
                "|",
                info.position().epoch(),
                Long.toString(info.position().offset()),
                Boolean.toString(info.recovered()),
                info.resumeSecret().orElse(""),
                info.participants().stream()
                    .map(Participant::id)
                    .collect(Collectors.joining(","))));
  }

  /** Sets the time of day on this node; timers are not affected. */
  void shiftClock(long millis) {
    clock.shift(millis);
  }

  /**
   * Opens a connection.
   *
   * @param client the number of the client
   * @param since a position, or null for no replay
   * @param resumeSecret empty for none
   */
  void open(int client, String id, String room, @Nullable String since, String resumeSecret) {
    AcceptedAdmission admission = AcceptedAdmission.of(id, room);
    if (since != null) {
      admission = admission.withReplay(HistoryRange.since(Position.parse(since).orElseThrow()));
    }
    if (!resumeSecret.isEmpty()) {
      admission = admission.withResumeSecret(resumeSecret);
    }
    FaultConnection connection = new FaultConnection(client, reports);
    connections.put(client, connection);
    connection.open(chat, admission);
  }

  /** A client sends a text. */
  void text(int client, String text) {
    connections.get(client).text(text);
  }

  /** A client ends its connection. */
  void closed(int client, int code) {
    connections.get(client).closedByClient(code);
  }

  void announce(String room, String text) {
    publish(room, "", text, () -> chat.publish(room, text));
  }

  private interface Publication {
    CompletionStage<Position> begin();
  }

  private void publish(String room, String sender, String text, Publication publication) {
    reports.publishing(room, sender, text);
    publication
        .begin()
        .whenComplete(
            (position, failure) ->
                reports.published(
                    text,
                    failure == null
                        ? FaultMessage.Outcome.accepted(position)
                        : FaultMessage.Outcome.rejected(codeOf(failure))));
  }

  private static String codeOf(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RejectedException rejected
        ? rejected.rejection().code()
        : FaultMessage.Outcome.FAILURE + cause;
  }

  /** {@return the state of a room, or null if it is not open here} */
  @Nullable RoomState room(String name) {
    return chat.room(name).map(RoomState::of).orElse(null);
  }

  /** Calls a room. {@return what the call returned, or null if the room is not open here} */
  @Nullable Result call(String room, String id, RoomCall call) {
    return chat.room(room).map(open -> Result.of(call.on(open, id))).orElse(null);
  }

  /** Calls a participant. {@return what the call returned, or null if there is none} */
  @Nullable Result call(String participant, ParticipantCall call) {
    return chat.participant(participant).map(found -> Result.of(call.on(found))).orElse(null);
  }

  /** Ends what other nodes see of it. */
  void disconnect() {
    engine.close();
  }

  @Override
  public void close() {
    chat.close();
  }
}
