package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.micrometer.ChatMetrics;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Scheduler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The protocols of clients. With each of them the sender of a message receives a reply, and the
 * other members receive the message.
 */
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

  /** A permanent room with a history. */
  static final String STORED_ROOM = "stored";

  static final int STORED_MESSAGES = 20;

  abstract RoomHandler handler();

  /** {@return the gateway of a chat for clients of this protocol} */
  abstract Gateway gateway(Chat chat);

  /** {@return how clients encode and decode messages} */
  abstract WireFormat wireFormat();

  /**
   * Starts a chat that takes the id and the room of a client from its handshake.
   *
   * @param scheduler the scheduler, or null for the default
   */
  Chat chat(@Nullable Scheduler scheduler) {
    Chat.Builder builder = builder();
    return (scheduler == null ? builder : Scheduler.install(scheduler, builder)).build();
  }

  /** Publishes what the clients of {@link StormCommands#recover} have missed. */
  static void storeMessages(Chat chat) {
    Room stored = chat.room(STORED_ROOM).orElseThrow();
    for (int i = 0; i < STORED_MESSAGES; i++) {
      stored.announce("stored message " + i);
    }
  }

  /** Starts such a chat with Micrometer's metrics. */
  Chat meteredChat() {
    return builder()
        .observer(ChatMetrics.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
        .build();
  }

  private Chat.Builder builder() {
    return Chat.builder(handler())
        .nonBlocking()
        .limits(Limits.defaults().withMessagesPerSecond(0))
        .rooms(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingSender()))
        .room(
            STORED_ROOM,
            RoomOptions.defaults().withPermanent().withHistory(History.of(STORED_MESSAGES)))
        .authenticator(
            handshake ->
                AcceptedAdmission.of(
                    handshake.path("id").orElseThrow(), handshake.query("room").orElse("lobby")));
  }

  private static final class ReplyAndBroadcast implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      message.reply("You wrote: " + message.text());
      room.publish(
          message.withPayload("Client #" + message.sender().id() + " says: " + message.text()));
    }
  }

  /** The protocol itself replies, and adds the sender to a message. */
  private static final class BroadcastOnly implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      room.publish(message);
    }
  }
}
