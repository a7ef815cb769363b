package dev.roomful.examples;

import dev.roomful.Admission;
import dev.roomful.Arrival;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Names;
import dev.roomful.Page;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
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
 * <p>What a client sends is said in its room, unless it begins with a slash: {@link Commands}. What
 * it reads is one of these:
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
  static final Limits LIMITS = Limits.defaults().grace(Duration.ofSeconds(30));

  private static final String ROOM = "[\\p{L}\\p{N}_-]{1,32}";
  private static final String NAME = "[\\p{L}\\p{M}\\p{N}() ._-]{1,32}"; // no colon, no slash

  static Chat.Builder chat() {
    return Chat.builder(new PlainRooms())
        .doorman(PlainRooms::admit)
        .nonBlocking()
        .limits(LIMITS)
        .rooms(
            RoomOptions.defaults()
                .history(History.of(100).bytes(256 * 1024))
                .names(Names.numbered().comparedBy(Confusables::skeleton))
                .notices(new Told())
                .greeting(PlainRooms::greet));
  }

  /**
   * Here nobody logs in, so an id is no more than that of a client. It is random, and no one else
   * is ever told it: who shows it is that client, and only with the secret behind it does it get
   * back the place that is kept. Where people log in, the id is their account's, and bans last.
   */
  private static Admission admit(Handshake handshake) {
    String room = handshake.query("room").orElse("lobby");
    String name = handshake.query("name").orElse("Guest");
    if (!isRoom(room) || !isName(name)) {
      return Refusal.of(400, "letters and digits, please, in the name and the room; at most 32");
    }
    String[] key = handshake.query("resume").orElse("").split("\\.", 2);
    Entry entry =
        Entry.of(key.length == 2 ? key[0] : UUID.randomUUID().toString(), room)
            .named(name)
            .replay(Page.last(20));
    for (String place : handshake.query("since").orElse("").split(",", -1)) {
      String[] parts = place.split("@", 2);
      String where = parts.length == 2 ? parts[0] : room;
      Optional<Position> since = Position.parse(parts[parts.length - 1]);
      entry = since.isEmpty() ? entry : entry.replay(where, Page.since(since.get()));
    }
    return key.length == 2 ? entry.resuming(key[1]) : entry;
  }

  private static Payload greet(Arrival arrival) {
    return Payload.text(
        "* welcome %s %s %d %s.%s here: %s"
            .formatted(
                arrival.room().name(),
                arrival.position(),
                arrival.replayed(),
                arrival.participant().id(),
                arrival.secret().orElseThrow(),
                arrival.participants().stream()
                    .map(Participant::name)
                    .collect(Collectors.joining(", "))));
  }

  @Override
  public void onJoin(Room room, Participant who) {
    appoint(room);
  }

  @Override
  public void onLeave(Room room, Participant who, CloseStatus why) {
    appoint(room);
  }

  private static void appoint(Room room) {
    List<Participant> here = room.participants(); // the one who came first at the front
    here.stream().limit(1).forEach(first -> room.appoint(first.id(), Role.OWNER));
  }

  @Override
  public void onMessage(Room room, Message message) {
    if (!message.isText()) {
      message.reply("* text only, please");
    } else if (message.text().startsWith("/")) {
      Commands.obey(room, message);
    } else {
      room.broadcast(message.with(line(message)));
    }
  }

  @Override
  public void onRefused(Room room, Message message, Refusal refusal) {
    message.reply("* " + refusal.reason());
  }

  private static String line(Message message) {
    return "[%s] %s: %s".formatted(message.room().name(), message.sender().name(), message.text());
  }

  static boolean isRoom(String room) {
    return room.matches(ROOM);
  }

  static boolean isName(String name) {
    return name.matches(NAME);
  }
}
