package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Scheduler;
import org.jspecify.annotations.Nullable;

/** What a chat's clients speak. In each, who says something is answered, and all others hear it. */
public enum BenchmarkProtocol {
  /** Plain text. */
  TEXT {
    @Override
    RoomHandler handler() {
      return new ReplyAndBroadcast();
    }

    @Override
    Gateway gateway(Chat chat) {
      return Gateway.of(chat);
    }

    @Override
    WireFormat wireFormat() {
      return new WireFormat();
    }
  },

  /** The Centrifuge protocol, in JSON. */
  CENTRIFUGE {
    @Override
    RoomHandler handler() {
      return new BroadcastOnly();
    }

    @Override
    Gateway gateway(Chat chat) {
      return Centrifuge.on(chat);
    }

    @Override
    WireFormat wireFormat() {
      return new CentrifugeWireFormat();
    }
  };

  abstract RoomHandler handler();

  /** The door of a chat, for clients that speak so. */
  abstract Gateway gateway(Chat chat);

  /** How its clients say something and read it. */
  abstract WireFormat wireFormat();

  /**
   * A chat of clients with the id and into the room that their handshake names.
   *
   * @param scheduler null for one of its own
   */
  Chat chat(@Nullable Scheduler scheduler) {
    Chat.Builder builder =
        Chat.builder(handler())
            .nonBlocking()
            .limits(Limits.defaults().withMessagesPerSecond(0))
            .rooms(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingSender()))
            .authenticator(
                handshake ->
                    AcceptedAdmission.of(
                        handshake.path("id").orElseThrow(),
                        handshake.query("room").orElse("lobby")));
    return (scheduler == null ? builder : Scheduler.install(scheduler, builder)).build();
  }

  private static final class ReplyAndBroadcast implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      message.reply("You wrote: " + message.text());
      room.publish(
          message.withPayload("Client #" + message.sender().id() + " says: " + message.text()));
    }
  }

  /** The protocol answers by itself, and tells who it was. */
  private static final class BroadcastOnly implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      room.publish(message);
    }
  }
}
