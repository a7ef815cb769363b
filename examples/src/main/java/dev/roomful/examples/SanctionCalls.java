package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.centrifuge.RpcReply;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What participants of {@link RoomsExample} learn about bans and mutes: each of its own, a
 * moderator of all in its room.
 *
 * <p>Thread-safe.
 */
final class SanctionCalls {
  /** The maximum number of bans, and of mutes, that a moderator sees. */
  private static final int MAX_LISTED = 200;

  private static final int MAX_NAMES = 10_000;

  private final Chat chat;

  /** The display names of sanctioned participants, who may be in no room any more. */
  private final Map<String, String> names =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_NAMES;
        }
      };

  SanctionCalls(Chat chat) {
    this.chat = chat;
  }

  /** A kind of sanction. */
  enum Kind {
    BAN {
      @Override
      Map<String, Rejection> in(Room room) {
        return room.bans();
      }
    },
    MUTE {
      @Override
      Map<String, Rejection> in(Room room) {
        return room.mutes();
      }
    };

    /** {@return the sanctions in force, by participant id} */
    abstract Map<String, Rejection> in(Room room);

    /** {@return the name of this kind in notices and replies} */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Records the name of a participant that is in the room. */
  synchronized void recordName(Room room, String id) {
    room.participants().stream()
        .filter(participant -> participant.id().equals(id))
        .forEach(participant -> names.put(id, participant.name()));
  }

  /** Sends a participant its sanction, or that it has none any more. */
  void notifyParticipant(Room room, String id, Kind kind) {
    ObjectNode notice = JsonPayloads.object();
    ObjectNode sanction = notice.putObject("sanction");
    sanction.put("room", room.name()).put("kind", kind.toString()).put("seconds", 0);
    Optional.ofNullable(kind.in(room).get(id)).ifPresent(rejection -> put(sanction, rejection));
    chat.participant(id).ifPresent(participant -> participant.send(JsonPayloads.payload(notice)));
  }

  /** Lists the sanctions of the caller, and those of all if its role allows to lift them. */
  RpcReply list(Participant caller, Payload data) {
    Optional<Room> found = chat.room(CallArguments.of(data).text("room"));
    if (found.isEmpty()) {
      return RpcReply.rejected(ModerationCalls.NO_ROOM);
    }
    Room room = found.get();
    ObjectNode result = JsonPayloads.object();
    ObjectNode own = result.putObject("you");
    for (Kind kind : Kind.values()) {
      Map<String, Rejection> sanctions = kind.in(room);
      if (sanctions.containsKey(caller.id())) {
        put(own.putObject(kind.toString()), sanctions.get(caller.id()));
      }
      Role.Action action = kind == Kind.BAN ? Role.Action.BAN : Role.Action.MUTE;
      if (room.moderation(caller).check(action).isDone()) {
        listAll(result.putArray(kind + "s"), sanctions);
      }
    }
    return RpcReply.of(JsonPayloads.payload(result));
  }

  private synchronized void listAll(ArrayNode list, Map<String, Rejection> sanctions) {
    sanctions.entrySet().stream()
        .limit(MAX_LISTED)
        .forEach(
            sanction -> {
              String id = sanction.getKey();
              ObjectNode one = list.addObject().put("user", id);
              put(one.put("name", names.getOrDefault(id, id)), sanction.getValue());
            });
  }

  /** Adds the reason of a sanction, and how many seconds of it are left, rounded up. */
  static void put(ObjectNode sanction, Rejection rejection) {
    sanction
        .put("seconds", rejection.retryAfter().plusMillis(999).toSeconds())
        .put("reason", rejection.reason());
  }
}
