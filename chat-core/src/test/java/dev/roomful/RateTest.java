package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateTest {
  private static final long START = Long.MAX_VALUE - 5; // clocks may wrap

  private static int takenAt(Rate rate, long now, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += rate.take(now) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aBurstIsLetThroughAndThenSoManyASecond() {
    Rate rate = new Rate(10, 25, START);
    assertEquals(25, takenAt(rate, START, 100));
    assertEquals(0, takenAt(rate, START + TimeUnit.MILLISECONDS.toNanos(99), 5));
    assertEquals(1, takenAt(rate, START + TimeUnit.MILLISECONDS.toNanos(100), 5));
    assertEquals(10, takenAt(rate, START + TimeUnit.MILLISECONDS.toNanos(1100), 100));
  }

  @Test
  void aLongSilenceGivesOneBurstAndNoMore() {
    Rate rate = new Rate(10, 25, START);
    assertEquals(25, takenAt(rate, START, 100));
    assertEquals(25, takenAt(rate, START + TimeUnit.DAYS.toNanos(365), 100));
  }

  @Test
  void aClockThatSeemsToGoBackGivesNothing() {
    Rate rate = new Rate(10, 2, START);
    assertEquals(2, takenAt(rate, START, 5));
    assertEquals(0, takenAt(rate, START - TimeUnit.MILLISECONDS.toNanos(50), 5));
  }

  @Test
  void perSecondZeroLiftsTheLimit() {
    assertEquals(10_000, takenAt(new Rate(0, 0, START), START, 10_000));
  }

  @Test
  void whoSaysMoreThanItsRateAllowsIsClosedWith1008() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient tab = chat.enter("lobby", "alice");
      for (int i = 0; i < 100; i++) {
        alice.say("hello");
      }
      chat.advance(Duration.ofSeconds(1));
      for (int i = 0; i < 50; i++) {
        alice.say("hello");
      }
      assertTrue(alice.isOpen());
      alice.say(new byte[1]);
      assertEquals(1008, alice.closeStatus().orElseThrow().code());
      assertEquals(150, alice.heard().size());
      tab.say("each connection has a rate of its own");
      assertTrue(tab.isOpen());
      assertEquals(151, tab.heard().size());
    }
  }

  @Test
  void theRateCanBeLifted() {
    try (TestChat chat =
        TestChat.of(Chat.builder(new RoomHandler() {}).limits(Limits.defaults().rate(0, 0)))) {
      TestClient alice = chat.enter("lobby", "alice");
      for (int i = 0; i < 5000; i++) {
        alice.say("hello");
      }
      assertTrue(alice.isOpen());
    }
  }

  @Test
  void whatWaitsForABusyHandlerIsBounded() {
    List<TestClient> tabs = new ArrayList<>();
    List<String> handled = new ArrayList<>();
    RoomHandler busy =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            handled.add(message.text());
            if (message.text().equals("flood")) {
              for (int i = 0; i < 64; i++) {
                tabs.get(1).say("waits");
              }
              assertTrue(tabs.get(1).isOpen());
              tabs.get(1).say("too many");
              assertFalse(tabs.get(1).isOpen());
            }
          }
        };
    try (TestChat chat = TestChat.of(busy)) {
      tabs.add(chat.enter("lobby", "alice"));
      tabs.add(chat.enter("lobby", "alice"));
      tabs.get(0).say("flood");
      assertEquals(
          Optional.of(
              CloseStatus.TOO_FAST.because("too many messages before the first was handled")),
          tabs.get(1).closeStatus());
      assertEquals(List.of("flood"), handled, "it was cut before its turn came");
      assertTrue(tabs.get(0).isOpen());
    }
  }
}
