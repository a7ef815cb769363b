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
 * PlainRooms with names, history, typing, somebody in charge, and clients that come back after a
 * lost connection without anybody noticing.
 *
 * <p>What a client sends is said in its room, unless it begins with a slash: {@link SlashCommands}.
 * What it reads is one of these:
 *
 * <ul>
 *   <li>{@code [ROOM] NAME: TEXT}, what somebody said. In each room all hear all of it, so that
 *       every such line moves a client's position in that room on by one.
 *   <li>{@code * welcome ROOM EPOCH:OFFSET N KEY here: NAMES}, the first line in each room: its
 *       position, how many older lines follow (they are behind that position already), and what to
 *       come back with.
 *   <li>{@code * ...}, any other notice or answer.
 * </ul>
 *
 * <p>It connects with {@code ?name=NAME&room=ROOM}. When its connection breaks it has 30 seconds to
 * come back with {@code &resume=KEY&since=ROOM@EPOCH:OFFSET,...} added, and hears what was said
 * meanwhile in the rooms that it names. Who has been in a room for longest owns it.
 */
final class PlainRooms implements RoomHandler {
  /**
   * The bytes of messages that a room keeps. With the limit of rooms, all of them keep at most 125
   * MiB.
   */
  static final int HISTORY_BYTES = 64 * 1024;

  static final Limits LIMITS =
      Limits.defaults()
          .withConnections(Example.MAX_CONNECTIONS)
          .withRooms(2_000)
          .withResumeWindow(Duration.ofSeconds(30));

  /**
   * How many participants a room has, those that may still resume included: their number would
   * otherwise be that of all connections of the last 30 seconds.
   */
  static final int CAPACITY = 1_000;

  private static final String ROOM_NAME = "[\\p{L}\\p{N}_-]{1,32}";
  private static final String DISPLAY_NAME =
      "[\\p{L}\\p{M}\\p{N}() ._-]{1,32}"; // no colon, no slash

  static Chat.Builder chat() {
    return Chat.builder(new PlainRooms())
        .authenticator(PlainRooms::authenticate)
        .nonBlocking()
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
   * Here nobody logs in, so an id is no more than that of a client. It is random, and no one else
   * is ever told it: who shows it is that client, and only with the secret behind it does it get
   * back the place that is kept. Where people log in, the id is their account's, and bans last.
   */
  private static Admission authenticate(Handshake handshake) {
    String room = handshake.query("room").orElse("lobby");
    String name = handshake.query("name").orElse("Guest");
    if (!isValidRoomName(room) || !isValidDisplayName(name)) {
      return Rejection.of(400, "letters and digits, please, in the name and the room; at most 32");
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
    List<Participant> participants = room.participants(); // the one who came first at the front
    participants.stream().limit(1).forEach(first -> room.setRole(first.id(), Role.OWNER));
  }

  @Override
  public void onMessage(Room room, Message message) {
    if (!message.isText()) {
      message.reply("* text only, please");
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
