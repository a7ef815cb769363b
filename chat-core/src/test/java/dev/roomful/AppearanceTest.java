package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
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
                      room.publish(
                          message
                              .withPayload(message.text() + "!")
                              .withIdempotencyKey("k" + message.text()));
                    }
                  })
              .rooms(RoomOptions.defaults().withHistory(History.of(5))));

  private ToyClient enter(String name, PresenceOptions appearance) {
    ToyClient client = ToyClient.named(chat.chat(), toy, name);
    client
        .guest()
        .enqueue(
            List.of(
                () ->
                    assertEquals(
                        Outcome.done(),
                        client
                            .guest()
                            .join(
                                "lobby",
                                HistoryRange.none(),
                                Role.MEMBER,
                                appearance,
                                client.serverJoinReply()))));
    return client;
  }

  @Test
  void whoIsNotAnnouncedComesAndGoesUnseenByThoseWhoWatch() {
    ToyClient watcher = enter("watcher", PresenceOptions.defaults().withPresenceEvents(true));
    TestClient plain = chat.connect("lobby", "plain");
    watcher.heard();
    ToyClient quiet = enter("quiet", new PresenceOptions(true, false, true, Optional.empty()));
    assertEquals(List.of("in lobby[]"), quiet.heard());
    quiet.vanish();
    assertEquals(List.of(), watcher.heard());
    plain.close();
    assertEquals(List.of("lobby- plain"), watcher.heard());
    chat.close();
  }

  @Test
  void whoIsNotListedIsNotAmongThosePresentButIsAParticipant() {
    ToyClient seen = enter("seen", PresenceOptions.defaults());
    enter("hidden", new PresenceOptions(false, true, false, Optional.empty()));
    assertEquals(
        List.of("seen"),
        seen.guest().presence("lobby").stream().map(one -> one.participant().id()).toList());
    assertEquals(2, chat.chat().room("lobby").orElseThrow().participants().size());
    chat.close();
  }

  @Test
  void aBadgeIsWornByTheConnectionAndByAllItSays() {
    Payload badge = Payload.text("of the house");
    ToyClient host = enter("host", new PresenceOptions(true, true, false, Optional.of(badge)));
    chat.connect("lobby", "plain").send("hello");
    host.say("say lobby welcome");
    host.guest().presence("lobby").forEach(one -> badges.add(one.connectionInfo() + ""));
    chat.chat()
        .room("lobby")
        .orElseThrow()
        .history(HistoryRange.last(5))
        .orElseThrow()
        .forEach(message -> badges.add(message.text() + " " + message.sender().connectionInfo()));
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
