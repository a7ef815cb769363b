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
      taken += rate.take(now) == 0 ? 1 : 0;
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
  void whoSaysMoreThanItsRateAllowsIsToldToWaitAndClosedWith1008WhenItGoesOn() {
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
      assertEquals(150, alice.heard().size());
      alice.say(new byte[1]);
      assertEquals(List.of("too fast: wait 21 ms"), alice.heard());
      for (int i = 1; i < 10; i++) {
        alice.say("hello");
      }
      assertTrue(alice.isOpen());
      alice.say("hello");
      assertEquals(
          Optional.of(CloseStatus.TOO_FAST.because("more than 50 messages a second")),
          alice.closeStatus());
      tab.say("each connection has a rate of its own");
      assertTrue(tab.isOpen());
      assertEquals(151, tab.heard().size());
    }
  }

  private static TestChat limited(Limits limits, List<Refusal> refused) {
    return TestChat.of(
        Chat.builder(
                new RoomHandler() {
                  @Override
                  public void onRefused(Room room, Message message, Refusal refusal) {
                    refused.add(refusal);
                  }
                })
            .limits(limits));
  }

  @Test
  void theRefusalTellsHowLongToWaitAndThenItGoesOn() {
    List<Refusal> refused = new ArrayList<>();
    try (TestChat chat = limited(Limits.defaults().rate(2, 1), refused)) {
      TestClient alice = chat.enter("lobby", "alice");
      alice.say("one");
      chat.advance(Duration.ofMillis(200));
      alice.say("two");
      assertEquals(Duration.ofMillis(300), refused.get(0).retryAfter());
      assertEquals(Refusal.TOO_FAST, refused.get(0).code());
      chat.advance(refused.get(0).retryAfter());
      alice.say("three");
      assertEquals(List.of("one", "three"), alice.heard());
      assertEquals(1, refused.size());
    }
  }

  @Test
  void whoIsTooFastNowAndThenIsForgiven() {
    List<Refusal> refused = new ArrayList<>();
    try (TestChat chat = limited(Limits.defaults().rate(1, 1).patience(2), refused)) {
      TestClient alice = chat.enter("lobby", "alice");
      for (int i = 0; i < 20; i++) {
        alice.say("right");
        alice.say("too fast");
        chat.advance(Duration.ofSeconds(1));
      }
      assertEquals(20, refused.size());
      alice.say("right");
      alice.say("too fast");
      alice.say("too fast");
      assertTrue(alice.isOpen());
      alice.say("too fast");
      assertEquals(1008, alice.closeStatus().orElseThrow().code());
    }
  }

  @Test
  void withoutPatienceTheFirstOneTooFastIsClosed() {
    List<Refusal> refused = new ArrayList<>();
    try (TestChat chat = limited(Limits.defaults().rate(1, 1).patience(0), refused)) {
      TestClient alice = chat.enter("lobby", "alice");
      alice.say("one");
      alice.say("two");
      assertEquals(1008, alice.closeStatus().orElseThrow().code());
      assertEquals(List.of(), refused);
    }
  }

  @Test
  void aParticipantsRateCountsAllOfItsConnections() {
    List<Refusal> refused = new ArrayList<>();
    Limits limits = Limits.defaults().participantRate(1, 3).patience(1);
    try (TestChat chat = limited(limits, refused)) {
      TestClient alice = chat.enter("lobby", "alice");
      TestClient tab = chat.enter("lobby", "alice");
      TestClient bob = chat.enter("lobby", "bob");
      alice.say("one");
      tab.say("two");
      alice.say("three");
      tab.say("four");
      assertEquals(1, refused.size());
      assertEquals(Duration.ofSeconds(1), refused.get(0).retryAfter());
      tab.say("five");
      assertEquals(
          Optional.of(CloseStatus.TOO_FAST.because("more than 1 messages a second")),
          tab.closeStatus());
      bob.say("hello");
      assertEquals(List.of("one", "two", "three", "hello"), bob.heard());
      chat.advance(Duration.ofSeconds(1));
      alice.say("again");
      assertEquals(List.of("again"), bob.heard());
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
