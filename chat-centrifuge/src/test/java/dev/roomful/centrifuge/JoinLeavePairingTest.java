package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Join and leave pushes are paired for each subscriber: it receives a leave only of a client that
 * was in its presence or of which it received a join.
 */
class JoinLeavePairingTest {
  private static final Pattern EVENT =
      Pattern.compile(
          "\"(join|leave)\":\\{\"info\":\\{\"user\":\"[^\"]*\",\"client\":\"([^\"]+)\"");
  private static final Pattern CLIENT = Pattern.compile("\"client\":\"([^\"]+)\"");
  private static final String SUBSCRIBE =
      "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}}";

  private static Chat.Builder builder() {
    return Chat.builder(new RoomHandler() {})
        .authenticator(
            (Handshake handshake) ->
                AcceptedAdmission.of(
                    handshake.query("name").orElseThrow(), handshake.path("room").orElse("lobby")));
  }

  /** A client and those in the room that it knows. */
  private static final class Watcher {
    final CentrifugeTestClient client;
    final Set<String> known = new HashSet<>();

    Watcher(CentrifugeTestClient client) {
      this.client = client.connect();
      client.send(SUBSCRIBE, "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}");
      List<String> received = client.received();
      Matcher present = CLIENT.matcher(received.get(received.size() - 1));
      while (present.find()) {
        known.add(present.group(1));
      }
      assertTrue(received.size() >= 2 && !known.isEmpty(), received.toString());
    }

    void checkEvents() {
      for (String line : client.received()) {
        Matcher event = EVENT.matcher(line);
        if (event.find()) {
          assertTrue(
              event.group(1).equals("join")
                  ? known.add(event.group(2))
                  : known.remove(event.group(2)),
              () -> line + " does not fit to " + known);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void eachEventFitsToWhatItsReceiverKnows(long seed) {
    assertPaired(seed, TestChat.of(builder()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void eachEventFitsWithALeaveDelayToo(long seed) {
    RoomOptions delayed = RoomOptions.defaults().withLeaveDelay(Duration.ofSeconds(5));
    assertPaired(seed, TestChat.of(builder().rooms(delayed)));
  }

  private static void assertPaired(long seed, TestChat chat) {
    Random random = new Random(seed);
    Centrifuge gateway = Centrifuge.on(chat.chat());
    List<Watcher> watchers = new ArrayList<>();
    List<TestClient> plainClients = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      String name = "user" + random.nextInt(5);
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> watchers.add(new Watcher(CentrifugeTestClient.of(gateway, name)));
        case 3 -> plainClients.add(chat.connect("lobby", name));
        case 4 -> {
          if (!watchers.isEmpty()) {
            watchers.remove(random.nextInt(watchers.size())).client.loseConnection();
          }
        }
        case 5 -> {
          if (!watchers.isEmpty()) {
            watchers
                .remove(random.nextInt(watchers.size()))
                .client
                .send("{\"id\":4,\"unsubscribe\":{\"channel\":\"lobby\"}}");
          }
        }
        case 6 -> advanceAndAnswerPings(chat, watchers);
        case 7 -> {
          if (!plainClients.isEmpty()) {
            plainClients.remove(random.nextInt(plainClients.size())).close();
          }
        }
        default -> {
          chat.chat().room("lobby").ifPresent(room -> room.kick(name, "out"));
          chat.chat().participant(name).ifPresent(who -> who.disconnect(CloseStatus.NORMAL));
          watchers.removeIf(watcher -> watcher.client.closeCode() != 0);
          plainClients.removeIf(client -> !client.isOpen());
        }
      }
      watchers.forEach(Watcher::checkEvents);
    }
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }

  private static void advanceAndAnswerPings(TestChat chat, List<Watcher> watchers) {
    chat.advance(Duration.ofSeconds(1));
    for (Watcher watcher : watchers) {
      if (watcher.client.receivedSoFar().contains("{}")) {
        watcher.client.send("{}");
      }
    }
  }

  /**
   * Each client subscribes on one thread while another thread reports the loss of its connection.
   */
  @Test
  void aClientThatIsLostWhileItSubscribesJoinsAndLeavesOrDoesNeither() {
    Chat chat = builder().build();
    try {
      Centrifuge gateway = Centrifuge.on(chat);
      CentrifugeTestClient watcher = CentrifugeTestClient.of(gateway, "watcher");
      watcher.send("{\"id\":1,\"connect\":{}}", SUBSCRIBE);
      IntStream.range(0, 2_000).forEach(i -> subscribeWhileLost(gateway, "user" + i));
      Await.until("only the watcher is connected", () -> chat.connections() == 1);
      CentrifugeTestClient last = CentrifugeTestClient.of(gateway, "last");
      last.send("{\"id\":1,\"connect\":{}}", SUBSCRIBE);
      Await.until(
          "the watcher received all events",
          () -> watcher.receivedSoFar().stream().anyMatch(line -> line.contains("\"last\"")));

      Map<String, List<String>> events = new LinkedHashMap<>();
      for (String line : watcher.receivedSoFar()) {
        Matcher event = EVENT.matcher(line);
        if (event.find() && line.contains("\"user\":\"user")) {
          events.computeIfAbsent(event.group(2), id -> new ArrayList<>()).add(event.group(1));
        }
      }
      assertTrue(events.size() > 0, "no client ever joined");
      events.forEach((id, ofClient) -> assertEquals(List.of("join", "leave"), ofClient, id));
    } finally {
      chat.close();
    }
  }

  private static void subscribeWhileLost(Centrifuge gateway, String name) {
    CentrifugeTestClient client =
        new CentrifugeTestClient(gateway, TestHandshake.create().withQuery("name", name));
    client.send("{\"id\":1,\"connect\":{}}");
    CompletableFuture<Void> lost = CompletableFuture.runAsync(client::loseConnection);
    client.send(SUBSCRIBE);
    lost.join();
  }
}
