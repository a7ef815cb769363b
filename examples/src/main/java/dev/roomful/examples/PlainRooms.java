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
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.names.Confusables;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Rooms for clients that send plain text, with names, history, typing, moderation, and resume after
 * a lost connection.
 *
 * <p>A client connects with {@code ?name=NAME&room=ROOM}. What it sends is published in its room. A
 * text that begins with a slash is one of the {@link SlashCommands}. It receives lines of these
 * forms:
 *
 * <ul>
 *   <li>{@code [ROOM] NAME: TEXT} is a message. Everyone in a room receives all its messages, so
 *       each of these lines advances the client's position in that room by one.
 *   <li>{@code * welcome ROOM EPOCH:OFFSET N KEY here: NAMES} is the first line of a room: the
 *       position, the number of older messages that follow (the position includes them), and the
 *       key with which the client resumes.
 *   <li>{@code * ...} is any other notice or reply.
 *   <li>{@code heartbeat} comes every 20 seconds, and shows that the connection works.
 * </ul>
 *
 * <p>A client that lost its connection can resume within 30 seconds: it adds {@code
 * &resume=KEY&since=ROOM@EPOCH:OFFSET,...} and receives what it missed in these rooms. The
 * participant that has been in a room for the longest time is its owner.
 */
final class PlainRooms implements RoomHandler {
  /** The bytes of messages that a room stores. 2,000 rooms store at most 125 MiB. */
  static final int HISTORY_BYTES = 64 * 1024;

  static final Limits LIMITS =
      Limits.defaults()
          .withConnections(Example.MAX_CONNECTIONS)
          .withRooms(2_000)
          .withResumeWindow(Duration.ofSeconds(30));

  /**
   * The maximum number of participants of a room. Those that may still resume count, so without a
   * limit it could be the number of all connections of the last 30 seconds.
   */
  static final int CAPACITY = 1_000;

  private static final String ROOM_NAME = "[\\p{L}\\p{N}_-]{1,32}";
  private static final String DISPLAY_NAME =
      "[\\p{L}\\p{M}\\p{N}() ._-]{1,32}"; // no colon, no slash

  static Chat.Builder chat() {
    return Chat.builder(new PlainRooms())
        .authenticator(PlainRooms::authenticate)
        .limits(LIMITS)
        .rooms(
            RoomOptions.defaults()
                .withCapacity(CAPACITY)
                .withHistory(History.of(100).withBytes(HISTORY_BYTES))
                .withDisplayNames(DisplayNames.numbered().withComparison(Confusables::skeleton))
                .withNotices(new PlainTextNotices())
                .withWelcome(PlainRooms::welcome));
  }

  /**
   * Accepts every client. There is no login, so each new client gets a random id, which no other
   * client receives. A client resumes with that id and the secret from its welcome line. An
   * application with a login takes the id of the account instead; bans then outlive the client.
   */
  private static Admission authenticate(Handshake handshake) {
    String room = handshake.query("room").orElse("lobby");
    String name = handshake.query("name").orElse("Anonymous");
    if (!isValidRoomName(room) || !isValidDisplayName(name)) {
      return Rejection.of(400, "a name or a room has 1 to 32 letters and digits");
    }
    String[] resumeKey = handshake.query("resume").orElse("").split("\\.", 2);
    AcceptedAdmission admission =
        AcceptedAdmission.of(
                resumeKey.length == 2 ? resumeKey[0] : UUID.randomUUID().toString(), room)
            .withName(name)
            .withReplay(HistoryRange.last(20));
    for (String roomPosition : handshake.query("since").orElse("").split(",", -1)) {
      String[] parts = roomPosition.split("@", 2);
      String roomName = parts.length == 2 ? parts[0] : room;
      Optional<Position> position = Position.parse(parts[parts.length - 1]);
      admission =
          position.isEmpty()
              ? admission
              : admission.withReplay(roomName, HistoryRange.since(position.get()));
    }
    return resumeKey.length == 2 ? admission.withResumeSecret(resumeKey[1]) : admission;
  }

  private static Payload welcome(JoinInfo joinInfo) {
    return Payload.text(
        "* welcome %s %s %d %s.%s here: %s"
            .formatted(
                joinInfo.room().name(),
                joinInfo.position(),
                joinInfo.replayed(),
                joinInfo.participant().id(),
                joinInfo.resumeSecret().orElseThrow(),
                joinInfo.participants().stream()
                    .map(Participant::name)
                    .collect(Collectors.joining(", "))));
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    makeFirstParticipantOwner(room);
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    makeFirstParticipantOwner(room);
  }

  private static void makeFirstParticipantOwner(Room room) {
    List<Participant> participants = room.participants(); // in the order in which they joined
    participants.stream()
        .limit(1)
        .filter(first -> !room.role(first.id()).equals(Optional.of(Role.OWNER)))
        .forEach(first -> room.setRole(first.id(), Role.OWNER));
  }

  @Override
  public void onMessage(Room room, Message message) {
    if (!message.isText()) {
      message.reply("* only text is accepted");
    } else if (message.text().startsWith("/")) {
      SlashCommands.execute(room, message);
    } else {
      room.publish(message.withPayload(line(message)));
    }
  }

  @Override
  public void onRejected(Room room, Message message, Rejection rejection) {
    message.reply("* " + rejection.reason());
  }

  private static String line(Message message) {
    return "[%s] %s: %s".formatted(message.room().name(), message.sender().name(), message.text());
  }

  static boolean isValidRoomName(String room) {
    return room.matches(ROOM_NAME);
  }

  static boolean isValidDisplayName(String name) {
    return name.matches(DISPLAY_NAME);
  }
}
