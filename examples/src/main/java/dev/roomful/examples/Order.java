package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.centrifuge.CallRefused;
import dev.roomful.centrifuge.Centrifuge;
import java.util.Optional;
import java.util.function.Supplier;

/** How those in charge keep order in {@link Rooms}: what they can call. */
final class Order {
  private final Chat chat;
  private final Ranks ranks;

  Order(Chat chat, Ranks ranks) {
    this.chat = chat;
    this.ranks = ranks;
  }

  Centrifuge calls(Centrifuge door) {
    return door.rpc("topic", in((room, who, asked) -> room.by(who).topic(asked.text("topic"))))
        .rpc(
            "kick",
            in(
                (room, who, asked) ->
                    expel(room, asked, () -> room.by(who).kick(asked.user(), asked.reason()))))
        .rpc(
            "ban",
            in(
                (room, who, asked) ->
                    expel(
                        room,
                        asked,
                        () -> room.by(who).ban(asked.user(), asked.time(), asked.reason()))))
        .rpc(
            "mute",
            in((room, who, asked) -> room.by(who).mute(asked.user(), asked.time(), asked.reason())))
        .rpc("unmute", in((room, who, asked) -> room.by(who).unmute(asked.user())))
        .rpc("remove", in((room, who, asked) -> room.by(who).remove(asked.position())))
        .rpc("appoint", in(this::appoint));
  }

  /** What somebody does in a room; nothing, or why not. */
  private interface Deed {
    Optional<Refusal> of(Room room, Participant who, Asked asked);
  }

  private Centrifuge.Call in(Deed deed) {
    return (who, data) -> {
      Asked asked = Asked.of(data);
      Room room =
          chat.room(asked.text("room"))
              .orElseThrow(() -> new CallRefused(404, "there is no such room"));
      done(() -> deed.of(room, who, asked));
      return Payload.text("{}");
    };
  }

  /** Passes a refusal on, and what is wrong with what was asked for. */
  static void done(Supplier<Optional<Refusal>> deed) {
    Optional<Refusal> refusal;
    try {
      refusal = deed.get();
    } catch (IllegalArgumentException misuse) {
      throw new CallRefused(400, String.valueOf(misuse.getMessage()));
    }
    if (refusal.isPresent()) {
      throw new CallRefused(refusal.get().status(), refusal.get().reason());
    }
  }

  private Optional<Refusal> expel(Room room, Asked asked, Supplier<Optional<Refusal>> deed) {
    Optional<Participant> who = chat.participant(asked.user());
    Optional<Refusal> refusal = deed.get();
    if (refusal.isEmpty()) {
      who.ifPresent(gone -> room.signal(News.expelled(gone, asked.reason())));
    }
    return refusal;
  }

  private Optional<Refusal> appoint(Room room, Participant who, Asked asked) {
    if (!room.role(who.id()).equals(Optional.of(Role.OWNER))) {
      return Optional.of(Refusal.of(403, "only the room's owner may do that"));
    }
    if (who.id().equals(asked.user())) {
      return Optional.of(Refusal.of(403, "nobody may appoint itself"));
    }
    return ranks.appoint(room, asked.user(), asked.role())
        ? Optional.empty()
        : Optional.of(Refusal.of(404, "that one is not here"));
  }
}
