package dev.roomful.centrifuge;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.tokens.Tokens;
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
    this(kind, builder(origins).build());
  }

  private SdkChatServer(ContainerServer.Kind kind, Chat chat) throws Exception {
    this.chat = chat;
    server =
        ContainerServer.start(
            kind,
            List.of(
                mount("/open", Centrifuge.on(chat)),
                mount("/token", Centrifuge.on(chat).withTokens(Tokens.hs256(TokensTest.SECRET)))));
  }

  /** Starts a server that is one node of the chat on this engine. */
  static SdkChatServer startNode(ContainerServer.Kind kind, String origin, ClusterEngine engine)
      throws Exception {
    return new SdkChatServer(kind, builder(origin).cluster(engine).build());
  }

  private static Chat.Builder builder(String... origins) {
    return Chat.builder(new TaggingHandler())
        .authenticator(SdkChatServer::authenticate)
        .allowOrigins(origins)
        .rooms(RoomOptions.defaults().withHistory(History.of(100)))
        .limits(Limits.defaults().withMessagesPerSecond(0).withRoomsPerParticipant(1000));
  }

  /** Publishes each message with a header; the client gets its reply when the room has it. */
  private static final class TaggingHandler implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      room.publish(message.withHeader("from", message.sender().id())).toCompletableFuture().join();
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
                    })
                .withRpc("disconnect", (participant, data) -> disconnect(data.text())));
  }

  /** Disconnects a user, whose name is a JSON string, from all nodes. */
  private RpcReply disconnect(String user) {
    return chat.participant(user.substring(1, user.length() - 1))
        .map(participant -> participant.disconnect(new CloseStatus(4500, "as others wish")))
        .flatMap(Outcome::rejection)
        .map(RpcReply::rejected)
        .orElseGet(() -> RpcReply.of("{}"));
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
