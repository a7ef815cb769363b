package dev.roomful.centrifuge;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Payload;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.JakartaChat;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.UUID;

/**
 * Where the stories of the SDKs happen: a chat that keeps the last hundred messages of a room. At
 * {@code /open} a client says in the query who it is, at {@code /token} its token says so.
 */
final class Club implements AutoCloseable {
  private final Chat chat;
  private final Site site;

  /** Pages of these origins may connect. */
  Club(Site.Kind kind, String... origins) throws Exception {
    chat =
        Chat.builder(new RoomHandler() {})
            .doorman(Club::admit)
            .allowOrigins(origins)
            .rooms(RoomOptions.defaults().history(History.of(100)))
            .limits(Limits.defaults().rate(0, 0).roomsPerParticipant(1000))
            .build();
    site =
        Site.start(
            kind,
            List.of(
                mount("/open", Centrifuge.on(chat)),
                mount("/token", Centrifuge.on(chat).tokens(Tokens.hs256(TokensTest.SECRET)))));
  }

  private static Entry admit(Handshake handshake) {
    String user =
        handshake
            .principal()
            .map(Principal::getName)
            .or(() -> handshake.query("user"))
            .orElseGet(() -> UUID.randomUUID().toString());
    return Entry.of(user, handshake.path("room").orElse("lobby"));
  }

  private JakartaChat mount(String path, Centrifuge centrifuge) {
    return JakartaChat.of(chat, path)
        .gateway(
            centrifuge
                .rpc("echo", (who, data) -> data)
                .rpc(
                    "close",
                    (who, data) -> {
                      who.disconnect(new CloseStatus(Integer.parseInt(data.text()), "as you wish"));
                      return Payload.text("{}");
                    }));
  }

  URI uri() {
    return site.uri();
  }

  @Override
  public void close() {
    site.close();
    chat.close();
  }
}
