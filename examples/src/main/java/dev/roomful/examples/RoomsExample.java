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
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.names.Confusables;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.JsonNode;

/**
 * A chat with a full page, for the SDKs of the Centrifuge protocol. Every channel is a room, whose
 * messages are stored for some minutes.
 *
 * <p>Messages are JSON objects. An object with {@code typing: true} is delivered and not stored. A
 * {@code text} with an {@code id} is published once, however often the client sends it; {@link
 * MessageReferences} say what it refers to. {@link PageAmendments} change a message. {@link
 * RoomCalls} and {@link ModerationCalls} are the remote calls of clients, {@link JsonRoomNotices}
 * the notices that they receive. With a {@link MessageArchive}, messages can be read that the rooms
 * do not store any more.
 *
 * <p>Several nodes can be one chat. Roles, topics and participants are those of the rooms, which
 * the nodes share. {@link RoomDirectory} shares its lists in a room of its own, {@link
 * PrivateRooms} the members of rooms by invitation.
 */
final class RoomsExample implements RoomHandler {
  /** The room that the page joins first. */
  static final String LOBBY = "lobby";

  /** The bytes of messages that a room stores: about 100 messages of a few lines. */
  static final int HISTORY_BYTES = 64 * 1024;

  /**
   * Everyone may connect, and a room with its messages outlives its participants. A few clients can
   * therefore exhaust these limits, which have to fit into a heap of 512 MiB:
   *
   * <ul>
   *   <li>2,000 rooms store at most 125 MiB of messages.
   *   <li>The outbox of a connection that stops reading holds 256 KiB, four times the history of a
   *       room. Connections share the frames in their outboxes.
   *   <li>A participant can be in 250 rooms, more than a person reads.
   * </ul>
   */
  static final Limits LIMITS =
      Limits.defaults()
          .withConnections(Example.MAX_CONNECTIONS)
          .withOutboxBytes(256 * 1024)
          .withRooms(2_000)
          .withRoomsPerParticipant(250);

  private static final Duration RETENTION = Duration.ofMinutes(5);

  /** A participant that reloads the page keeps its role, and is not seen leaving. */
  private static final Duration LEAVE_DELAY = Duration.ofSeconds(5);

  private static final int MAX_ID_LENGTH = 128;

  /** The header with the time of a message in milliseconds: the SDK does not pass on the time. */
  private static final String TIME = "time";

  private final RoomDirectory directory = new RoomDirectory(System::nanoTime);

  private final PrivateRooms privateRooms = new PrivateRooms();

  private final RoomOwners owners;

  private final Optional<MessageArchive> archive;

  private RoomsExample(RoomOwners owners, Optional<MessageArchive> archive) {
    this.owners = owners;
    this.archive = archive;
  }

  /**
   * Starts the chat.
   *
   * @param path the path of its WebSocket
   * @param settings its settings; without tokens, clients connect with a name of their choice
   * @return the chat, to be mounted on a server
   */
  static JakartaChat mount(String path, ChatSettings settings) {
    RoomsExample example = new RoomsExample(settings.owners(), settings.archive());
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(100).withBytes(HISTORY_BYTES).withAge(RETENTION))
            .withKeepEmptyFor(RETENTION)
            .withLeaveDelay(LEAVE_DELAY)
            .withDisplayNames(DisplayNames.numbered().withComparison(Confusables::skeleton))
            .withNotices(new JsonRoomNotices())
            .withWelcome(example::welcome);
    Chat.Builder builder =
        Chat.builder(example)
            .authenticator(example::authenticate)
            .limits(settings.limits())
            .allowOrigins(settings.origins())
            .rooms(options)
            .room(LOBBY, options.withPermanent()) // exists even if there are too many rooms
            .room(PrivateRooms.ROOM, PrivateRooms.OPTIONS);
    if (settings.cluster().isPresent()) {
      builder.room(SharedRooms.ROOM, SharedRooms.OPTIONS);
    }
    Chat chat = settings.applyCluster(builder).build();
    example.privateRooms.use(chat);
    if (settings.cluster().isPresent()) {
      example.directory.shareRegularly(chat);
    }
    Centrifuge gateway =
        new ModerationCalls(chat, example.privateRooms, settings.archive())
            .registerOn(
                new RoomCalls(chat, example.directory, example.privateRooms, settings.archive())
                    .registerOn(Centrifuge.on(chat)));
    return JakartaChat.of(chat, path)
        .withGateway(settings.tokens().map(gateway::withTokens).orElseGet(gateway::withAnonymous));
  }

  /**
   * Accepts a join of any room, except direct rooms of two other participants, private rooms of
   * others, and the rooms of the nodes. The history of a room is for those who may join it.
   */
  private Admission authenticate(Handshake handshake) {
    String participantId = handshake.principal().map(Principal::getName).orElseThrow();
    String room = handshake.path("room").orElseThrow();
    if (room.equals(SharedRooms.ROOM) || room.equals(PrivateRooms.ROOM)) {
      return Rejection.of(403, "this room is for the nodes of the chat");
    }
    if (privateRooms.isClosedTo(participantId, room)) {
      return PrivateRooms.NOT_A_MEMBER;
    }
    return DirectRooms.isClosedTo(participantId, room)
        ? Rejection.of(403, "this is a direct room of two other participants")
        : AcceptedAdmission.of(participantId, room);
  }

  private Payload welcome(JoinInfo joinInfo) {
    return JsonRoomNotices.welcome(
        joinInfo, RoomRoles.rolesIn(joinInfo.room()), archive.isPresent());
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    if (DirectRooms.isDirectRoom(room.name())) {
      directory.recordDirectRoom(room, participant);
      DirectRooms.notifyOtherIfAbsent(room, participant, false);
    } else {
      RoomRoles.ensureOwner(room, owners);
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
    boolean isShutdown = status.code() == CloseStatus.RESTART.code(); // others are leaving as well
    if (!DirectRooms.isDirectRoom(room.name()) && !isShutdown) {
      RoomRoles.ensureOwner(room, owners);
    }
  }

  @Override
  public void onMessage(Room room, Message message) {
    JsonNode content = message.isText() ? JsonPayloads.parse(message.text()) : JsonPayloads.MISSING;
    if (content.path("typing").asBoolean(false)) {
      room.signal(message);
      return;
    }
    if (PageAmendments.isAmendment(content)) {
      publish(PageAmendments.amending(message, content));
      return;
    }
    String id = content.path("text").isString() ? content.path("id").asString("") : "";
    boolean validId = !id.isEmpty() && id.length() <= MAX_ID_LENGTH;
    // Waits for the log: the other one is notified only of a message that was accepted.
    Message timed =
        MessageReferences.addTo(message, content)
            .withHeader(TIME, Long.toString(message.time().toEpochMilli()));
    publish(validId ? timed.withIdempotencyKey(id) : timed).toCompletableFuture().join();
    DirectRooms.notifyOtherIfAbsent(room, message.participant(), true);
  }

  /** Publishes a message to everybody in its room, and archives it if the room accepts it. */
  private CompletionStage<Position> publish(Message message) {
    CompletionStage<Position> published = message.room().publish(message);
    archive.ifPresent(kept -> published.thenAccept(position -> kept.add(message, position)));
    return published;
  }
}
