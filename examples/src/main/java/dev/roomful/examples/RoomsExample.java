package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.centrifuge.Tokens;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.names.Confusables;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A chat with a page that people would use, for the SDKs of the Centrifuge protocol. Every channel
 * is a room: what is published there all hear, and it is kept for a while.
 *
 * <p>Of what is published, three members of an object mean something to the server: {@code typing},
 * which is heard and not kept; {@code id} beside {@code text}, under which a text is said once,
 * however often it is published. What else clients can ask for is in {@link RoomCalls} and {@link
 * ModerationCalls}, what they are told in {@link JsonRoomNotices}.
 */
final class RoomsExample implements RoomHandler {
  /** The room that the page joins first. */
  static final String LOBBY = "lobby";

  /** The bytes of messages that a room keeps: about 100 messages of a few lines. */
  static final int HISTORY_BYTES = 64 * 1024;

  /**
   * Anybody may connect, and a room with its messages outlives its participants, so one client can
   * use up all that is allowed here. The limits keep that below what a heap of 512 MiB can hold:
   *
   * <ul>
   *   <li>2,000 rooms keep at most 125 MiB of messages.
   *   <li>256 KiB for each connection that stops reading is four times the history of a room, and
   *       the frames in it are shared by all connections.
   *   <li>250 rooms for each participant are more than a person reads.
   * </ul>
   */
  static final Limits LIMITS =
      Limits.defaults()
          .withConnections(Example.MAX_CONNECTIONS)
          .withOutboxBytes(256 * 1024)
          .withRooms(2_000)
          .withRoomsPerParticipant(250);

  private static final Duration RETENTION = Duration.ofMinutes(5);
  private static final int MAX_ID_LENGTH = 128;

  private final RoomRoles roles = new RoomRoles();
  private final RoomDirectory directory = new RoomDirectory(System::nanoTime);

  private RoomsExample() {}

  /**
   * The chat, to be mounted.
   *
   * @param tokens which tokens are believed; without them everybody is let in under the name of the
   *     data that it connects with
   */
  static JakartaChat mount(String path, Limits limits, Optional<Tokens> tokens) {
    RoomsExample example = new RoomsExample();
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(100).withBytes(HISTORY_BYTES).withAge(RETENTION))
            .withKeepEmptyFor(RETENTION)
            .withDisplayNames(DisplayNames.numbered().withComparison(Confusables::skeleton))
            .withNotices(new JsonRoomNotices())
            .withWelcome(example::welcome);
    Chat chat =
        Chat.builder(example)
            .authenticator(RoomsExample::authenticate)
            .nonBlocking()
            .limits(limits)
            .rooms(options)
            .room(LOBBY, options.withPermanent()) // can be joined when there are too many rooms
            .build();
    Centrifuge gateway =
        new ModerationCalls(chat, example.roles)
            .registerOn(new RoomCalls(chat, example.directory).registerOn(Centrifuge.on(chat)));
    return JakartaChat.of(chat, path)
        .withGateway(tokens.map(gateway::withTokens).orElseGet(gateway::withAnonymous));
  }

  /** Asked for each room: all are open but those for two others. */
  private static Admission authenticate(Handshake handshake) {
    String participantId = handshake.principal().map(Principal::getName).orElseThrow();
    String room = handshake.path("room").orElseThrow();
    return DirectRooms.isClosedTo(participantId, room)
        ? Rejection.of(403, "a room for two others")
        : AcceptedAdmission.of(participantId, room);
  }

  private Payload welcome(JoinInfo joinInfo) {
    return JsonRoomNotices.welcome(joinInfo, roles.rolesIn(joinInfo.room()));
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    if (DirectRooms.isDirectRoom(room.name())) {
      directory.recordDirectRoom(room, participant);
    } else {
      roles.onJoin(room, participant);
    }
  }

  @Override
  public void onUpdate(Room room, Participant participant) {
    if (DirectRooms.isDirectRoom(room.name())) {
      directory.recordDirectRoom(room, participant);
    }
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    roles.onLeave(room);
  }

  @Override
  public void onMessage(Room room, Message message) {
    JsonNode content = message.isText() ? JsonPayloads.parse(message.text()) : JsonPayloads.MISSING;
    if (content.path("typing").asBoolean(false)) {
      room.signal(message);
      return;
    }
    String id = content.path("text").isString() ? content.path("id").asString("") : "";
    boolean validId = !id.isEmpty() && id.length() <= MAX_ID_LENGTH;
    room.publish(validId ? message.withIdempotencyKey(id) : message);
    DirectRooms.notifyOtherIfAbsent(room, message.participant());
  }
}
