package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Guarantee 12: the rates of inbound messages. */
class RateLimitTest {
  private static final long START = Long.MAX_VALUE - 5; // nanoTime may overflow

  private static int takenAt(TokenBucket bucket, long now, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += bucket.take(now) == 0 ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aBurstPassesAndThenTheRatePerSecond() {
    TokenBucket bucket = new TokenBucket(new TokenBucket.Rate(10, 25), START);
    assertEquals(25, takenAt(bucket, START, 100));
    assertEquals(0, takenAt(bucket, START + TimeUnit.MILLISECONDS.toNanos(99), 5));
    assertEquals(1, takenAt(bucket, START + TimeUnit.MILLISECONDS.toNanos(100), 5));
    assertEquals(10, takenAt(bucket, START + TimeUnit.MILLISECONDS.toNanos(1100), 100));
  }

  @Test
  void aLongIdleTimeRefillsOneBurst() {
    TokenBucket bucket = new TokenBucket(new TokenBucket.Rate(10, 25), START);
    assertEquals(25, takenAt(bucket, START, 100));
    assertEquals(25, takenAt(bucket, START + TimeUnit.DAYS.toNanos(365), 100));
  }

  @Test
  void aClockThatGoesBackRefillsNothing() {
    TokenBucket bucket = new TokenBucket(new TokenBucket.Rate(10, 2), START);
    assertEquals(2, takenAt(bucket, START, 5));
    assertEquals(0, takenAt(bucket, START - TimeUnit.MILLISECONDS.toNanos(50), 5));
  }

  @Test
  void aChargeLeavesADebtOfAtMostTheBurst() {
    TokenBucket bucket = new TokenBucket(new TokenBucket.Rate(10, 20), START);
    bucket.charge(30, START);
    assertEquals(TimeUnit.SECONDS.toNanos(1), bucket.take(0, START));
    long repaid = START + TimeUnit.SECONDS.toNanos(1);
    assertEquals(0, bucket.take(0, repaid));
    assertEquals(TimeUnit.MILLISECONDS.toNanos(100), bucket.take(1, repaid));
    bucket.charge(Long.MAX_VALUE, repaid);
    assertEquals(TimeUnit.SECONDS.toNanos(2), bucket.take(0, repaid));
  }

  @Test
  void perSecondZeroDisablesTheLimit() {
    TokenBucket unlimited = new TokenBucket(new TokenBucket.Rate(0, 0), START);
    unlimited.charge(1_000_000, START);
    assertEquals(10_000, takenAt(unlimited, START, 10_000));
  }

  @Test
  void exceedingTheRateIsRejectedAndFinallyClosedWith1008() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient tab = chat.connect("lobby", "alice");
      for (int i = 0; i < 100; i++) {
        alice.send("hello");
      }
      chat.advance(Duration.ofSeconds(1));
      for (int i = 0; i < 50; i++) {
        alice.send("hello");
      }
      assertTrue(alice.isOpen());
      assertEquals(150, alice.received().size());
      alice.send(new byte[1]);
      assertEquals(List.of("too many messages: wait 21 ms"), alice.received());
      for (int i = 1; i < 10; i++) {
        alice.send("hello");
      }
      assertTrue(alice.isOpen());
      alice.send("hello");
      assertEquals(
          Optional.of(CloseStatus.TOO_FAST.withReason("more than 50 messages a second")),
          alice.closeStatus());
      tab.send("each connection has a rate of its own");
      assertTrue(tab.isOpen());
      assertEquals(151, tab.received().size());
    }
  }

  private static TestChat chatWithLimits(Limits limits, List<Rejection> rejections) {
    return TestChat.of(
        Chat.builder(
                new RoomHandler() {
                  @Override
                  public void onRejected(Room room, Message message, Rejection rejection) {
                    rejections.add(rejection);
                  }
                })
            .limits(limits));
  }

  @Test
  void theRejectionContainsTheTimeAfterWhichARetrySucceeds() {
    List<Rejection> rejections = new ArrayList<>();
    try (TestChat chat =
        chatWithLimits(
            Limits.defaults().withMessagesPerSecond(2).withMessageBurst(1), rejections)) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("one");
      chat.advance(Duration.ofMillis(200));
      alice.send("two");
      assertEquals(Duration.ofMillis(300), rejections.get(0).retryAfter());
      assertEquals(Rejection.TOO_FAST, rejections.get(0).code());
      chat.advance(rejections.get(0).retryAfter());
      alice.send("three");
      assertEquals(List.of("one", "three"), alice.received());
      assertEquals(1, rejections.size());
    }
  }

  @Test
  void occasionalRateViolationsExpire() {
    List<Rejection> rejections = new ArrayList<>();
    try (TestChat chat =
        chatWithLimits(
            Limits.defaults().withMessagesPerSecond(1).withMessageBurst(1).withRateViolations(2),
            rejections)) {
      TestClient alice = chat.connect("lobby", "alice");
      for (int i = 0; i < 20; i++) {
        alice.send("right");
        alice.send("too fast");
        chat.advance(Duration.ofSeconds(1));
      }
      assertEquals(20, rejections.size());
      alice.send("right");
      alice.send("too fast");
      alice.send("too fast");
      assertTrue(alice.isOpen());
      alice.send("too fast");
      assertEquals(1008, alice.closeStatus().orElseThrow().code());
    }
  }

  @Test
  void withZeroRateViolationsTheFirstViolationCloses() {
    List<Rejection> rejections = new ArrayList<>();
    try (TestChat chat =
        chatWithLimits(
            Limits.defaults().withMessagesPerSecond(1).withMessageBurst(1).withRateViolations(0),
            rejections)) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("one");
      alice.send("two");
      assertEquals(1008, alice.closeStatus().orElseThrow().code());
      assertEquals(List.of(), rejections);
    }
  }

  @Test
  void theParticipantRateCountsAllOfItsConnections() {
    List<Rejection> rejections = new ArrayList<>();
    Limits limits =
        Limits.defaults()
            .withParticipantMessagesPerSecond(1)
            .withParticipantMessageBurst(3)
            .withRateViolations(1);
    try (TestChat chat = chatWithLimits(limits, rejections)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient tab = chat.connect("lobby", "alice");
      TestClient bob = chat.connect("lobby", "bob");
      alice.send("one");
      tab.send("two");
      alice.send("three");
      tab.send("four");
      assertEquals(1, rejections.size());
      assertEquals(Duration.ofSeconds(1), rejections.get(0).retryAfter());
      tab.send("five");
      assertEquals(
          Optional.of(CloseStatus.TOO_FAST.withReason("more than 1 messages a second")),
          tab.closeStatus());
      bob.send("hello");
      assertEquals(List.of("one", "two", "three", "hello"), bob.received());
      chat.advance(Duration.ofSeconds(1));
      alice.send("again");
      assertEquals(List.of("again"), bob.received());
    }
  }

  @Test
  void theRateLimitCanBeDisabled() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .limits(Limits.defaults().withMessagesPerSecond(0)))) {
      TestClient alice = chat.connect("lobby", "alice");
      for (int i = 0; i < 5000; i++) {
        alice.send("hello");
      }
      assertTrue(alice.isOpen());
    }
  }

  @Test
  void messagesWaitingForABusyHandlerAreBounded() {
    List<TestClient> tabs = new ArrayList<>();
    List<String> handled = new ArrayList<>();
    RoomHandler busy =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            handled.add(message.text());
            if (message.text().equals("flood")) {
              for (int i = 0; i < 64; i++) {
                tabs.get(1).send("waits");
              }
              assertTrue(tabs.get(1).isOpen());
              tabs.get(1).send("too many");
              assertFalse(tabs.get(1).isOpen());
            }
          }
        };
    try (TestChat chat = TestChat.of(busy)) {
      tabs.add(chat.connect("lobby", "alice"));
      tabs.add(chat.connect("lobby", "alice"));
      tabs.get(0).send("flood");
      assertEquals(
          Optional.of(
              CloseStatus.TOO_FAST.withReason(
                  "too many messages before the first message was handled")),
          tabs.get(1).closeStatus());
      assertEquals(
          List.of("flood"),
          handled,
          "the connection was closed before its queued messages were handled");
      assertTrue(tabs.get(0).isOpen());
    }
  }
}
