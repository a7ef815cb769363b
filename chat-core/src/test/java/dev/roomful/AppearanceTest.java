package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.dialect.Appearance;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How connections of dialects are seen in a room. */
class AppearanceTest {
  private final ToyDialect toy = new ToyDialect();
  private final List<String> badges = new ArrayList<>();

  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onMessage(Room room, Message message) {
                      room.broadcast(message.with(message.text() + "!").once("k" + message.text()));
                    }
                  })
              .rooms(RoomOptions.defaults().history(History.of(5))));

  private ToyClient enter(String name, Appearance appearance) {
    ToyClient client = ToyClient.named(chat.chat(), toy, name);
    client
        .guest()
        .inTurns(
            List.of(
                () ->
                    assertEquals(
                        Optional.empty(),
                        client
                            .guest()
                            .join(
                                "lobby",
                                Page.nothing(),
                                Role.MEMBER,
                                appearance,
                                client.brought()))));
    return client;
  }

  @Test
  void whoIsNotAnnouncedComesAndGoesUnseenByThoseWhoWatch() {
    ToyClient watcher = enter("watcher", Appearance.usual().watching(true));
    TestClient plain = chat.enter("lobby", "plain");
    watcher.heard();
    ToyClient quiet = enter("quiet", new Appearance(true, false, true, Optional.empty()));
    assertEquals(List.of("in lobby[]"), quiet.heard());
    quiet.vanish();
    assertEquals(List.of(), watcher.heard());
    plain.hangUp();
    assertEquals(List.of("lobby- plain"), watcher.heard());
    chat.close();
  }

  @Test
  void whoIsNotListedIsNotAmongThosePresentButIsAParticipant() {
    ToyClient seen = enter("seen", Appearance.usual());
    enter("hidden", new Appearance(false, true, false, Optional.empty()));
    assertEquals(
        List.of("seen"),
        seen.guest().present("lobby").stream().map(one -> one.participant().id()).toList());
    assertEquals(2, chat.chat().room("lobby").orElseThrow().participants().size());
    chat.close();
  }

  @Test
  void aBadgeIsWornByTheConnectionAndByAllItSays() {
    Payload badge = Payload.text("of the house");
    ToyClient host = enter("host", new Appearance(true, true, false, Optional.of(badge)));
    chat.enter("lobby", "plain").say("hello");
    host.say("say lobby welcome");
    host.guest().present("lobby").forEach(one -> badges.add(one.badge() + ""));
    chat.chat()
        .room("lobby")
        .orElseThrow()
        .history(Page.last(5))
        .orElseThrow()
        .forEach(message -> badges.add(message.text() + " " + message.badge()));
    assertEquals(
        List.of(
            "Optional[of the house]",
            "Optional.empty",
            "hello! Optional.empty",
            "welcome! Optional[of the house]"),
        badges);
    chat.close();
  }
}
