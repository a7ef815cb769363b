package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of private rooms, which only participants join whom a member has invited. The name of
 * such a room consists of {@code private}, the name that its creator chose, and a random part: two
 * private rooms can have the same name, and nobody learns from a rejection that a room exists.
 *
 * <p>The chat keeps no members, so each change is a message in a room that no client may join. In a
 * cluster the nodes share that room, and its order decides. Only the last {@link #MAX_CHANGES}
 * changes count: older ones are forgotten, and those members have to be invited again. A membership
 * outlives the messages of its room.
 *
 * <p>Thread-safe.
 */
final class PrivateRooms {
  /** The room of the changes. */
  static final String ROOM = "nodes:members";

  static final int MAX_CHANGES = 5_000;

  /** The maximum number of private rooms of a participant. */
  static final int MAX_ROOMS = 100;

  static final RoomOptions OPTIONS =
      RoomOptions.defaults()
          .withPermanent()
          .withHistory(
              History.of(MAX_CHANGES)
                  .withBytes(4 * 1024 * 1024)
                  .withAge(Duration.ofDays(36_500))); // only their number bounds them

  static final Rejection NOT_A_MEMBER = Rejection.of(403, "you have not been invited to this room");

  private static final String PREFIX = "private:";

  /** What the page allows for the name of a public room. */
  private static final Pattern CHOSEN_NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]{1,32}");

  private static final SecureRandom RANDOM = new SecureRandom();

  private record Membership(String room, String id) {}

  private volatile @Nullable Chat chat;

  /** With the offsets of their last changes, in the order of these. */
  private final Map<Membership, Long> memberships = new LinkedHashMap<>();

  /** The last change that was applied. */
  private Optional<Position> applied = Optional.empty();

  static boolean isPrivateRoom(String room) {
    return room.startsWith(PREFIX);
  }

  /** Uses a chat that has declared the room of the changes. Called once, before clients come. */
  void use(Chat chat) {
    this.chat = chat;
  }

  private Optional<Room> changes() {
    return Optional.ofNullable(chat).flatMap(used -> used.room(ROOM));
  }

  /** {@return whether this is a private room that the given participant may not join} */
  boolean isClosedTo(String id, String room) {
    return isPrivateRoom(room) && !isMember(id, room);
  }

  synchronized boolean isMember(String id, String room) {
    applyChanges();
    return memberships.containsKey(new Membership(room, id));
  }

  /** {@return the private rooms of a participant, open or not} */
  synchronized List<String> roomsOf(String id) {
    applyChanges();
    return memberships.keySet().stream()
        .filter(one -> one.id().equals(id))
        .map(Membership::room)
        .toList();
  }

  /**
   * Adds a private room with one member.
   *
   * @param chosenName what its title will be
   * @return its name
   * @throws IllegalArgumentException if no room can have that title
   */
  String create(String chosenName, String creator) {
    if (!CHOSEN_NAME.matcher(chosenName).matches()) {
      throw new IllegalArgumentException(
          "name is not allowed: give 1 to 32 letters, digits, hyphens or underscores");
    }
    if (roomsOf(creator).size() >= MAX_ROOMS) {
      throw new IllegalArgumentException(
          "you are a member of " + MAX_ROOMS + " private rooms: leave one first");
    }
    String room = PREFIX + chosenName + ":" + new BigInteger(80, RANDOM).toString(36);
    record(room, creator, true);
    return room;
  }

  /** Makes a participant a member, and sends it a notification if it is connected. */
  Outcome invite(Chat chat, String room, String inviter, String id) {
    if (!isMember(inviter, room)) {
      return Outcome.rejected(NOT_A_MEMBER);
    }
    if (roomsOf(id).size() >= MAX_ROOMS) {
      return Outcome.rejected(Rejection.of(409, "this person is in too many private rooms"));
    }
    if (!isMember(id, room)) {
      record(room, id, true);
    }
    chat.participant(id).ifPresent(invited -> invited.send(JsonRoomNotices.invited(room)));
    return Outcome.done();
  }

  /** Ends a membership. The caller removes the participant from the room. */
  void remove(String room, String id) {
    if (isMember(id, room)) {
      record(room, id, false);
    }
  }

  /** Returns when the change is in the log. */
  private void record(String room, String id, boolean isMember) {
    Room log =
        changes().orElseThrow(() -> new IllegalArgumentException("the chat ends: try again"));
    try {
      log.announce(
              JsonPayloads.payload(
                  JsonPayloads.object().put("room", room).put("user", id).put("member", isMember)))
          .toCompletableFuture()
          .join();
    } catch (CompletionException rejected) {
      throw new IllegalArgumentException("try again: " + rejected.getMessage(), rejected);
    }
  }

  private void applyChanges() {
    Optional<Room> log = changes();
    if (log.isEmpty()) {
      return;
    }
    Position end = log.get().position();
    if (applied.equals(Optional.of(end))) {
      return;
    }
    boolean continues = applied.isPresent() && applied.get().epoch().equals(end.epoch());
    if (!continues) {
      memberships.clear();
    }
    HistoryRange range =
        continues ? HistoryRange.since(applied.get()) : HistoryRange.last(MAX_CHANGES);
    for (Message change : log.get().history(range).orElse(List.of())) {
      Position position = change.position().orElseThrow();
      apply(JsonPayloads.parse(change.text()), position.offset());
      applied = Optional.of(position);
    }
  }

  private void apply(JsonNode change, long offset) {
    Membership membership =
        new Membership(change.path("room").asString(""), change.path("user").asString(""));
    memberships.remove(membership); // the latest is the last to be forgotten
    if (change.path("member").asBoolean(false)) {
      memberships.put(membership, offset);
    }
    Iterator<Long> offsets = memberships.values().iterator();
    while (offsets.hasNext() && offsets.next() <= offset - MAX_CHANGES) {
      offsets.remove();
    }
  }
}
