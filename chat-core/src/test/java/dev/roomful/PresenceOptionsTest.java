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

/** The presence options of protocol sessions. */
class PresenceOptionsTest {
  private final ToyProtocol toy = new ToyProtocol();
  private final List<String> connectionInfos = new ArrayList<>();

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

  private ToyClient join(String name, PresenceOptions presenceOptions) {
    ToyClient client = ToyClient.identified(chat.chat(), toy, name);
    client
        .session()
        .enqueue(
            List.of(
                () ->
                    assertEquals(
                        Outcome.done(),
                        client
                            .session()
                            .join(
                                "lobby",
                                HistoryRange.none(),
                                Role.MEMBER,
                                presenceOptions,
                                client.serverJoinReply()))));
    return client;
  }

  @Test
  void anUnannouncedConnectionSendsNoPresenceEvents() {
    ToyClient watcher = join("watcher", PresenceOptions.defaults().withPresenceEvents(true));
    TestClient plain = chat.connect("lobby", "plain");
    watcher.received();
    ToyClient quiet = join("quiet", new PresenceOptions(true, false, true, Optional.empty()));
    assertEquals(List.of("in lobby[]"), quiet.received());
    quiet.loseConnection();
    assertEquals(List.of(), watcher.received());
    plain.close();
    assertEquals(List.of("lobby- plain"), watcher.received());
    chat.close();
  }

  @Test
  void anUnlistedConnectionIsNotInPresenceButIsAParticipant() {
    ToyClient seen = join("seen", PresenceOptions.defaults());
    join("hidden", new PresenceOptions(false, true, false, Optional.empty()));
    assertEquals(
        List.of("seen"),
        seen.session().presence("lobby").stream().map(one -> one.participant().id()).toList());
    assertEquals(2, chat.chat().room("lobby").orElseThrow().participants().size());
    chat.close();
  }

  @Test
  void connectionInfoIsInPresenceAndInTheConnectionsMessages() {
    Payload connectionInfo = Payload.text("of the house");
    ToyClient host =
        join("host", new PresenceOptions(true, true, false, Optional.of(connectionInfo)));
    chat.connect("lobby", "plain").send("hello");
    host.send("say lobby welcome");
    host.session().presence("lobby").forEach(one -> connectionInfos.add(one.connectionInfo() + ""));
    chat.chat()
        .room("lobby")
        .orElseThrow()
        .history(HistoryRange.last(5))
        .orElseThrow()
        .forEach(
            message ->
                connectionInfos.add(message.text() + " " + message.sender().connectionInfo()));
    assertEquals(
        List.of(
            "Optional[of the house]",
            "Optional.empty",
            "hello! Optional.empty",
            "welcome! Optional[of the house]"),
        connectionInfos);
    chat.close();
  }
}
