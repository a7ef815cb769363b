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
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Refusal;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
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
 * however often it is published. What else clients can ask for is in {@link Desk} and {@link
 * Order}, what they are told in {@link News}.
 */
final class Rooms implements RoomHandler {
  /** As many rooms as somebody likes; the rest is as it is by default. */
  static final Limits LIMITS = Limits.defaults().roomsPerParticipant(1000);

  private static final Duration KEPT = Duration.ofMinutes(5);
  private static final int LONGEST_ID = 128;

  private final Ranks ranks = new Ranks();

  private Rooms() {}

  /**
   * The chat, to be mounted.
   *
   * @param tokens which tokens are believed; without them everybody is let in under the name of the
   *     data that it connects with
   */
  static JakartaChat mount(String path, Limits limits, Optional<Tokens> tokens) {
    Rooms rooms = new Rooms();
    Chat chat =
        Chat.builder(rooms)
            .doorman(Rooms::admit)
            .nonBlocking()
            .limits(limits)
            .rooms(
                RoomOptions.defaults()
                    .history(History.of(100).age(KEPT))
                    .linger(KEPT)
                    .names(Names.numbered().comparedBy(Confusables::skeleton))
                    .notices(new News())
                    .greeting(rooms::greet))
            .build();
    Centrifuge door = new Order(chat, rooms.ranks).calls(new Desk(chat).calls(Centrifuge.on(chat)));
    return JakartaChat.of(chat, path).gateway(tokens.map(door::tokens).orElseGet(door::anonymous));
  }

  /** Asked for each room: all are open but those for two others. */
  private static Admission admit(Handshake handshake) {
    String who = handshake.principal().map(Principal::getName).orElseThrow();
    String room = handshake.path("room").orElseThrow();
    return Direct.isClosedTo(who, room)
        ? Refusal.of(403, "a room for two others")
        : Entry.of(who, room);
  }

  private Payload greet(Arrival arrival) {
    return News.greeting(arrival, ranks.in(arrival.room()));
  }

  @Override
  public void onJoin(Room room, Participant who) {
    if (!Direct.is(room.name())) {
      ranks.onJoin(room, who);
    }
  }

  @Override
  public void onLeave(Room room, Participant who, CloseStatus why) {
    ranks.onLeave(room);
  }

  @Override
  public void onMessage(Room room, Message message) {
    JsonNode said = message.isText() ? Json.read(message.text()) : Json.NOTHING;
    if (said.path("typing").asBoolean(false)) {
      room.signal(message);
      return;
    }
    String id = said.path("text").isString() ? said.path("id").asString("") : "";
    boolean fits = !id.isEmpty() && id.length() <= LONGEST_ID;
    room.broadcast(fits ? message.once(id) : message);
    Direct.ring(room, message.sender());
  }
}
