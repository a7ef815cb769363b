package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings that are in range each, but cannot work together. */
class ContradictingSettingsTest {
  private static Chat.Builder builder(Limits limits) {
    return Chat.builder(new RoomHandler() {}).limits(limits);
  }

  private static String rejection(Chat.Builder builder) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, builder::build).getMessage());
  }

  @Test
  void messagesThatNoOutboxCouldTakeAreRejectedWhenTheChatIsBuilt() {
    assertEquals(
        "messageBytes is 5000000, but a message that is sent has, with its frame header, at most"
            + " half of outboxBytes, which is 1048576: nobody could receive the largest messages;"
            + " lower Limits.withMessageBytes or raise Limits.withOutboxBytes",
        rejection(builder(Limits.defaults().withMessageBytes(5_000_000))));
    assertEquals(List.of(), threads(), "a chat that was rejected leaves no thread behind");
    assertTrue(
        rejection(builder(Limits.defaults().withMessageBytes(512 * 1024 - 9)))
            .startsWith("messageBytes is 524279, "));
    builder(Limits.defaults().withMessageBytes(512 * 1024 - 10)).build().close();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("roomful-"))
        .toList();
  }

  @Test
  void theLargestMessageThatIsAcceptedIsReceived() {
    Limits limits = Limits.defaults().withOutboxBytes(10_020).withMessageBytes(5_000);
    try (TestChat chat = TestChat.of(builder(limits))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("x".repeat(5_000));
      assertEquals(List.of("x".repeat(5_000)), ann.received());
    }
  }

  @Test
  void aPingThatCouldNotBeAnsweredInTimeIsRejected() {
    Limits limits =
        Limits.defaults()
            .withPingInterval(Duration.ofSeconds(60))
            .withIdleTimeout(Duration.ofSeconds(60));
    assertTrue(
        rejection(builder(limits)).startsWith("pingInterval is PT1M, but idleTimeout is PT1M: "));
  }

  @Test
  void aHistoryThatCouldNotStoreOneMessageIsRejectedWhereverItIsSet() {
    RoomOptions small = RoomOptions.defaults().withHistory(History.of(10).withBytes(1000));
    String expected = " stores 1000 bytes, but messageBytes is 65536: ";
    String undeclared = rejection(builder(Limits.defaults()).rooms(small));
    assertTrue(
        undeclared.startsWith("the history of rooms that are not declared" + expected), undeclared);
    String declared = rejection(builder(Limits.defaults()).room("red", small));
    assertTrue(declared.startsWith("the history of room \"red\"" + expected), declared);
    try (TestChat chat = TestChat.of(builder(Limits.defaults()))) {
      IllegalArgumentException opened =
          assertThrows(IllegalArgumentException.class, () -> chat.chat().open("blue", small));
      assertTrue(
          String.valueOf(opened.getMessage()).startsWith("the history of room \"blue\"" + expected),
          opened::getMessage);
      assertEquals(List.of(), List.copyOf(chat.chat().rooms()));
    }
  }

  @Test
  void aWelcomeMessageThatNoOutboxCouldTakeClosesTheConnectionAndIsLogged() {
    Limits limits = Limits.defaults().withOutboxBytes(2_000).withMessageBytes(900);
    RoomOptions options =
        RoomOptions.defaults().withWelcome(info -> Payload.text("x".repeat(1_001)));
    ToyProtocol toy = new ToyProtocol();
    try (LogCapture log = new LogCapture();
        TestChat chat = TestChat.of(builder(limits).rooms(options))) {
      assertEquals(CloseStatus.FAILED, chat.connect("lobby", "ann").closeStatus().orElseThrow());
      ToyClient bob = ToyClient.identified(chat.chat(), toy, "bob");
      bob.send("join lobby");
      assertEquals(CloseStatus.FAILED, bob.closeStatus().orElseThrow());
      assertEquals(2, log.messages().size());
      assertTrue(log.messages().get(0).startsWith("WelcomeMessage threw"), log.messages().get(0));
      assertEquals(0, chat.chat().participants());
    }
  }
}
