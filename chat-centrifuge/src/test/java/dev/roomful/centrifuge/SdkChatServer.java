package dev.roomful.centrifuge;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.jakarta.JakartaChat;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.UUID;

/**
 * The server of the SDK scenarios: a chat that keeps the last hundred messages of a room. At {@code
 * /open}, the query identifies a client; at {@code /token}, its token does.
 */
final class SdkChatServer implements AutoCloseable {
  private final Chat chat;
  private final ContainerServer server;

  /** Starts a server that accepts pages of these origins. */
  SdkChatServer(ContainerServer.Kind kind, String... origins) throws Exception {
    chat =
        Chat.builder(new TaggingHandler())
            .authenticator(SdkChatServer::authenticate)
            .allowOrigins(origins)
            .rooms(RoomOptions.defaults().withHistory(History.of(100)))
            .limits(Limits.defaults().withMessageRate(0, 0).withRoomsPerParticipant(1000))
            .build();
    server =
        ContainerServer.start(
            kind,
            List.of(
                mount("/open", Centrifuge.on(chat)),
                mount("/token", Centrifuge.on(chat).withTokens(Tokens.hs256(TokensTest.SECRET)))));
  }

  /** Publishes each message with a header. */
  private static final class TaggingHandler implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      room.publish(message.withHeader("from", message.sender().id()));
    }
  }

  private static AcceptedAdmission authenticate(Handshake handshake) {
    String user =
        handshake
            .principal()
            .map(Principal::getName)
            .or(() -> handshake.query("user"))
            .orElseGet(() -> UUID.randomUUID().toString());
    return AcceptedAdmission.of(user, handshake.path("room").orElse("lobby"));
  }

  private JakartaChat mount(String path, Centrifuge gateway) {
    return JakartaChat.of(chat, path)
        .withGateway(
            gateway
                .withRpc("echo", (participant, data) -> RpcReply.of(data))
                .withRpc(
                    "close",
                    (participant, data) -> {
                      participant.disconnect(
                          new CloseStatus(Integer.parseInt(data.text()), "as you wish"));
                      return RpcReply.of("{}");
                    }));
  }

  URI uri() {
    return server.uri();
  }

  @Override
  public void close() {
    server.close();
    chat.close();
  }
}
