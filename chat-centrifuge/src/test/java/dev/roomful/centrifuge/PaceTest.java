package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.testing.TestChat;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much a client may ask for at once: with the default limits, all that its rooms need. */
class PaceTest {
  private static final int ROOMS = Limits.defaults().roomsPerParticipant();
  private static final int BURST = Limits.defaults().messageBurst();
  private static final int PATIENCE = Limits.defaults().patience();

  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .doorman(
                  asked ->
                      Entry.of(
                          asked.query("name").orElseThrow(), asked.path("room").orElse("lobby")))
              .rooms(RoomOptions.defaults().history(History.of(10))));
  private final Centrifuge door = Centrifuge.on(chat.chat());
  private int id = 1;

  private Phone phone(String name) {
    return Phone.of(door, name).connected();
  }

  /** As many of one command as there are rooms, in one frame; the room is {@code %s}. */
  private List<String> forEachRoom(Phone phone, String command) {
    return frame(phone, ROOMS, command);
  }

  private List<String> frame(Phone phone, int count, String command) {
    phone.say(
        IntStream.range(0, count)
            .mapToObj(i -> "{\"id\":" + ++id + "," + command.formatted("room" + i) + "}")
            .toArray(String[]::new));
    return phone.heard();
  }

  private static void assertNoErrors(List<String> replies) {
    assertEquals(ROOMS, replies.size());
    replies.forEach(reply -> assertTrue(!reply.contains("\"error\""), reply));
  }

  private static final String SUBSCRIBE = "\"subscribe\":{\"channel\":\"%s\"}";
  private static final String UNSUBSCRIBE = "\"unsubscribe\":{\"channel\":\"%s\"}";
  private static final String PUBLISH = "\"publish\":{\"channel\":\"room0\",\"data\":1}";

  @AfterEach
  void nothingIsLeft() {
    Phone.assertLeavesNothing(chat);
  }

  @Test
  void whoComesBackIsInAllItsRoomsAtOnceAndMayAskAboutEach() {
    Phone alice = phone("alice");
    assertNoErrors(forEachRoom(alice, SUBSCRIBE));
    assertNoErrors(forEachRoom(alice, "\"presence\":{\"channel\":\"%s\"}"));
    assertNoErrors(forEachRoom(alice, "\"history\":{\"channel\":\"%s\",\"limit\":5}"));
    assertEquals(0, alice.closeCode());
    alice.vanish();
    assertNoErrors(
        forEachRoom(
            phone("alice"),
            "\"subscribe\":{\"channel\":\"%s\",\"recover\":true,\"epoch\":\"gone\"}"));
  }

  @Test
  void comingAndGoingAllTheTimeIsNoWayToFlood() {
    Phone alice = phone("alice");
    int taken = 0;
    while (alice.closeCode() == 0) {
      taken += frame(alice, 1, taken % 2 == 0 ? SUBSCRIBE : UNSUBSCRIBE).size();
    }
    assertEquals(3013, alice.closeCode());
    assertEquals(3 * ROOMS + BURST + PATIENCE, taken);
  }

  @Test
  void whatIsSaidIsCountedFromTheStart() {
    Phone alice = phone("alice").in("room0");
    List<String> replies = frame(alice, BURST + 1, PUBLISH);
    assertTrue(replies.get(replies.size() - 1).contains("\"code\":111,"), replies.toString());
    assertNoErrors(forEachRoom(alice, UNSUBSCRIBE));
    frame(alice, PATIENCE, "\"rpc\":{\"method\":\"%s\"}");
    assertEquals(3013, alice.closeCode());
  }

  @Test
  void theRateHoldsForLong() {
    Phone alice = phone("alice").in("room0");
    for (int i = 0; i < 10; i++) {
      frame(alice, 50, PUBLISH);
      chat.advance(Duration.ofSeconds(1));
    }
    assertEquals(0, alice.closeCode());
  }
}
