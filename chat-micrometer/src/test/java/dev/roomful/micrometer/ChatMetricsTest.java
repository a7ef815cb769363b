package dev.roomful.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Overflow;
import dev.roomful.RejectedException;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The meters of a chat: their values, and how many there can be. */
class ChatMetricsTest {
  private static final RoomHandler HANDLER =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().startsWith("no ")) {
            throw new RejectedException(new Rejection(403, message.text(), "not here"));
          }
          room.publish(message);
        }
      };

  private final MockClock clock = new MockClock();
  private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

  private TestChat chat(Limits limits, RoomOptions options) {
    return TestChat.of(
        Chat.builder(HANDLER).limits(limits).rooms(options).observer(ChatMetrics.of(registry)));
  }

  private TestChat chat() {
    return chat(Limits.defaults(), RoomOptions.defaults());
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double pulled(String name) {
    clock.add(Duration.ofSeconds(1));
    return registry.get(name).functionCounter().count();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  @Test
  void whatThereIsIsAGauge() {
    try (TestChat chat = chat()) {
      chat.connect("lobby", "ann").stopReading();
      chat.connect("garden", "ann");
      chat.chat().room("lobby").orElseThrow().announce("hello");
      chat.advance(Duration.ofSeconds(3));
      clock.add(Duration.ofSeconds(1));
      assertEquals(2, gauge("roomful.sessions"));
      assertEquals(0, gauge("roomful.sessions.suspended"));
      assertEquals(2, gauge("roomful.rooms"));
      assertEquals(1, gauge("roomful.participants"));
      assertEquals(7 + 16, gauge("roomful.outbox.queued"));
      assertEquals(3, registry.get("roomful.outbox.age").timeGauge().value());
      assertEquals(1, gauge("roomful.cluster.connected"));
      assertEquals(0, gauge("roomful.cluster.waiting"));
      assertEquals(0, registry.get("roomful.cluster.lag").timeGauge().value());
    }
  }

  @Test
  void messagesDeliveriesAndBatchesAreCounted() {
    try (TestChat chat = chat()) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      ann.send("hello");
      ann.send("no");
      assertEquals(2, pulled("roomful.sessions.opened"));
      assertEquals(2, pulled("roomful.messages.received"));
      assertEquals(2, pulled("roomful.messages.published"));
      assertEquals(4, pulled("roomful.deliveries"));
      assertEquals(2 * 7 + 2 * 4, pulled("roomful.written"));
      assertEquals(2, registry.get("roomful.fanout").timer().count());
      assertEquals(
          2,
          registry
              .get("roomful.callback")
              .tags("callback", "onMessage", "outcome", "success")
              .timer()
              .count());
      assertEquals(4, pulled("roomful.batches"));
    }
  }

  @Test
  void theBatchSizeIsTheMeanSinceTheReadingBefore() {
    try (TestChat chat = chat()) {
      TestClient slow = chat.connect("lobby", "slow");
      slow.stopReading();
      Room room = chat.chat().room("lobby").orElseThrow();
      for (int i = 0; i < 6; i++) {
        room.announce("hello");
      }
      slow.resumeReading();
      clock.add(Duration.ofSeconds(1));
      assertEquals(3, gauge("roomful.batch.size"), "one message, and then five");
      room.announce("hello");
      assertEquals(3, gauge("roomful.batch.size"));
      clock.add(Duration.ofSeconds(1));
      assertEquals(1, gauge("roomful.batch.size"));
      clock.add(Duration.ofSeconds(1));
      assertEquals(0, gauge("roomful.batch.size"), "nothing was written");
    }
  }

  @Test
  void closesAreCountedByReasonAndClientsCannotAddReasons() {
    try (TestChat chat = chat()) {
      chat.connect("lobby", "ann").close();
      chat.connect("lobby", "bob").abort();
      chat.connect("lobby", "cem");
      chat.chat().participant("cem").orElseThrow().disconnect(new CloseStatus(4321, "mine"));
      assertEquals(1, counter("roomful.sessions.closed", "reason", "normal"));
      assertEquals(1, counter("roomful.sessions.closed", "reason", "lost"));
      assertEquals(1, counter("roomful.sessions.closed", "reason", "other"));
      assertEquals(0, counter("roomful.sessions.closed", "reason", "too-slow"));
    }
  }

  @Test
  void rejectionsAreCountedByAttemptAndCode() {
    RoomOptions full = RoomOptions.defaults().withCapacity(1);
    try (TestChat chat = chat(Limits.defaults(), full)) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob");
      chat.admit(TestHandshake.create().withHeader("Origin", "https://example.org"));
      ann.send("no ads");
      assertEquals(1, counter("roomful.rejections", "attempt", "join", "code", "room-full"));
      assertEquals(1, counter("roomful.rejections", "attempt", "handshake", "code", "origin"));
      assertEquals(1, counter("roomful.rejections", "attempt", "message", "code", "no ads"));
    }
  }

  @Test
  void codesOfTheApplicationAreBounded() {
    Limits unlimited = Limits.defaults().withMessagesPerSecond(0);
    try (TestChat chat = chat(unlimited, RoomOptions.defaults())) {
      TestClient ann = chat.connect("lobby", "ann");
      for (int i = 0; i < CodeTag.MAX_APPLICATION_CODES + 5; i++) {
        ann.send("no " + i);
      }
      ann.send("no 0");
      assertEquals(
          CodeTag.MAX_APPLICATION_CODES + 1, registry.get("roomful.rejections").counters().size());
      assertEquals(2, counter("roomful.rejections", "code", "no 0"));
      assertEquals(5, counter("roomful.rejections", "code", "other"));
    }
  }

  @Test
  void theLibrarysCodesAreKnown() throws IllegalAccessException {
    Set<String> constants = new TreeSet<>();
    for (Field field : Rejection.class.getFields()) {
      if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
        constants.add((String) field.get(null));
      }
    }
    assertEquals(constants, new TreeSet<>(CodeTag.LIBRARY_CODES));
  }

  @Test
  void theLibrarysCloseReasonsAreKnown() throws IllegalAccessException {
    for (Field field : CloseStatus.class.getFields()) {
      CloseStatus status = (CloseStatus) field.get(null);
      assertTrue(!CloseReasonTag.of(status).equals(CloseReasonTag.OTHER), field.getName());
    }
  }

  @Test
  void droppedFramesAreCountedByReason() {
    Limits small =
        Limits.defaults().withOutboxBytes(1024).withMessageBytes(500).withMessagesPerSecond(0);
    RoomOptions options = RoomOptions.defaults().withOverflow(Overflow.DROP_OLDEST);
    try (TestChat chat = chat(small, options)) {
      chat.connect("lobby", "ann").stopReading();
      for (int i = 0; i < 10; i++) {
        chat.chat().room("lobby").orElseThrow().announce("x".repeat(110));
      }
      assertTrue(counter("roomful.drops", "reason", "oldest") > 0);
      assertEquals(0, counter("roomful.drops", "reason", "newest"));
      assertEquals(0, counter("roomful.drops", "reason", "signal"));
    }
  }

  @Test
  void noTagNamesARoomOrAParticipant() {
    try (TestChat chat = chat()) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("hello");
      ann.send("no way");
      ann.close();
      Set<String> keys =
          registry.getMeters().stream()
              .flatMap(meter -> meter.getId().getTags().stream())
              .map(Tag::getKey)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(Set.of("attempt", "callback", "code", "outcome", "reason"), keys);
    }
  }

  @Test
  void theMetersOfAClosedChatThatReadItAreRemoved() {
    chat().close();
    Set<String> left =
        registry.getMeters().stream()
            .map(meter -> meter.getId().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        new TreeSet<>(
            Set.of(
                "roomful.callback", "roomful.drops", "roomful.fanout", "roomful.sessions.closed")),
        left);
    try (TestChat next = chat()) {
      next.connect("lobby", "ann");
      clock.add(Duration.ofSeconds(1));
      assertEquals(1, gauge("roomful.sessions"));
    }
  }

  @Test
  void severalChatsAreToldApartByTheirTags() {
    Chat.Builder red =
        Chat.builder(HANDLER).observer(ChatMetrics.of(registry, Tags.of("chat", "red")));
    Chat.Builder blue =
        Chat.builder(HANDLER).observer(ChatMetrics.of(registry, Tags.of("chat", "blue")));
    try (TestChat first = TestChat.of(red);
        TestChat second = TestChat.of(blue)) {
      first.connect("lobby", "ann");
      second.connect("lobby", "bob");
      second.connect("lobby", "cem");
      clock.add(Duration.ofSeconds(1));
      assertEquals(1, registry.get("roomful.sessions").tag("chat", "red").gauge().value());
      assertEquals(2, registry.get("roomful.sessions").tag("chat", "blue").gauge().value());
    }
  }

  @Test
  void twoChatsWithTheSameTagsAreRefused() {
    ChatMetrics metrics = ChatMetrics.of(registry);
    try (TestChat first = TestChat.of(Chat.builder(HANDLER).observer(metrics))) {
      assertEquals(0, first.chat().connections());
      Chat.Builder same = Chat.builder(HANDLER).observer(metrics);
      String message = assertThrows(IllegalStateException.class, same::build).getMessage();
      assertTrue(message.contains("belong to another chat"), message);
      Chat.Builder other = Chat.builder(HANDLER).observer(ChatMetrics.of(registry));
      message = assertThrows(IllegalStateException.class, other::build).getMessage();
      assertTrue(message.contains("give each chat a tag"), message);
      assertEquals(0, gauge("roomful.sessions"), "the first chat's meters remain");
    }
  }

  @Test
  void oneScrapeReadsTheFiguresOnce() {
    try (TestChat chat = chat()) {
      assertEquals(0, gauge("roomful.sessions"));
      chat.connect("lobby", "ann");
      assertEquals(0, gauge("roomful.sessions"), "still the figures of this second");
      clock.add(Duration.ofSeconds(1));
      assertEquals(1, gauge("roomful.sessions"));
    }
  }

  @Test
  void allMetersHaveADescription() {
    try (TestChat chat = chat()) {
      chat.connect("lobby", "ann").send("no way");
      assertEquals(
          List.of(),
          registry.getMeters().stream()
              .map(Meter::getId)
              .filter(id -> id.getDescription() == null)
              .toList());
      assertNull(registry.find("roomful.unknown").meter());
      assertEquals(
          Arrays.stream(ChatMeter.values()).map(ChatMeter::meterName).distinct().count(),
          ChatMeter.values().length);
    }
  }
}
