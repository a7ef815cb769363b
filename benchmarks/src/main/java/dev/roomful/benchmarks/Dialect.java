package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.transport.Engine;
import dev.roomful.transport.Gateway;
import org.jspecify.annotations.Nullable;

/** What a chat's clients speak. In each, who says something is answered, and all others hear it. */
public enum Dialect {
  /** Plain text. */
  TEXT {
    @Override
    RoomHandler handler() {
      return new Says();
    }

    @Override
    Gateway gateway(Chat chat) {
      return chat.gateway();
    }

    @Override
    Speech speech() {
      return new Speech();
    }
  },

  /** The Centrifuge protocol, in JSON. */
  CENTRIFUGE {
    @Override
    RoomHandler handler() {
      return new Passes();
    }

    @Override
    Gateway gateway(Chat chat) {
      return Centrifuge.on(chat);
    }

    @Override
    Speech speech() {
      return new CentrifugeSpeech();
    }
  };

  abstract RoomHandler handler();

  /** The door of a chat, for clients that speak so. */
  abstract Gateway gateway(Chat chat);

  /** How its clients say something and read it. */
  abstract Speech speech();

  /**
   * A chat of clients with the id and into the room that their handshake names.
   *
   * @param engine null for one of its own
   */
  Chat chat(@Nullable Engine engine) {
    Chat.Builder builder =
        Chat.builder(handler())
            .nonBlocking()
            .limits(Limits.defaults().rate(0, 0))
            .rooms(RoomOptions.defaults().policy(BroadcastPolicy.excludingSender()))
            .doorman(
                handshake ->
                    Entry.of(
                        handshake.path("id").orElseThrow(),
                        handshake.query("room").orElse("lobby")));
    return (engine == null ? builder : builder.engine(engine)).build();
  }

  private static final class Says implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      message.reply("You wrote: " + message.text());
      room.broadcast(message.with("Client #" + message.sender().id() + " says: " + message.text()));
    }
  }

  /** The protocol answers by itself, and tells who it was. */
  private static final class Passes implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      room.broadcast(message);
    }
  }
}
