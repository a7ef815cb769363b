package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.roomful.admission.Credential;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.protocol.HistoryPage;
import dev.roomful.protocol.HistoryQuery;
import dev.roomful.protocol.PresenceCount;
import dev.roomful.protocol.PresenceEntry;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions of other protocols beside plain-text sessions. */
class ProtocolTest {
  private final ToyProtocol toy = new ToyProtocol();
  private final ToyProtocol other = new ToyProtocol();
  private final List<String> events = new ArrayList<>();

  private Runnable nextMessageAction = () -> {};

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onJoin(Room room, Participant participant) {
          events.add(participant.name() + " joined " + room.name());
        }

        @Override
        public void onMessage(Room room, Message message) {
          events.add(message.sender().name() + " published " + message.payload());
          Runnable now = nextMessageAction;
          nextMessageAction = () -> {};
          now.run();
          if (message.text().startsWith("?")) {
            message.reply("what?");
          } else if (message.text().startsWith("~")) {
            room.signal(message);
          } else {
            room.publish(message);
          }
        }

        @Override
        public void onLeave(Room room, Participant participant, CloseStatus status) {
          events.add(participant.name() + " left " + room.name() + " " + status.code());
        }
      };

  private TestChat chat(RoomOptions options) {
    return TestChat.of(Chat.builder(handler).rooms(options));
  }

  private TestChat chat() {
    return chat(RoomOptions.defaults());
  }

  private ToyClient toyClient(TestChat chat, String name) {
    return ToyClient.identified(chat.chat(), toy, name);
  }

  @Test
  void aMessageIsEncodedOncePerProtocol() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      List<ToyClient> toys = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        toys.add(toyClient(chat, "toy" + i).join("lobby"));
        toys.add(ToyClient.identified(chat.chat(), other, "other" + i).join("lobby"));
      }
      toys.forEach(ToyClient::received);
      plain.send("hello");

      assertEquals(List.of("lobby! hello"), toy.templates);
      assertEquals(List.of("lobby! hello"), toy.frames);
      assertEquals(List.of("lobby! hello"), other.frames);
      assertEquals(List.of("hello"), plain.received());
      toys.forEach(one -> assertEquals(List.of("lobby! hello #1"), one.received()));
    }
  }

  @Test
  void aPlainTextRoomUsesNoOtherProtocol() {
    try (TestChat chat = chat()) {
      toyClient(chat, "toy").join("elsewhere");
      chat.connect("lobby", "plain").send("hello");
      assertEquals(List.of(), toy.templates);
    }
  }

  @Test
  void aProtocolSessionsMessageReachesTheHandlerAndAllProtocols() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.send("say lobby hello");

      assertEquals(List.of("lobby! hello #1", "ok"), alice.received());
      assertEquals(List.of("hello"), plain.received());
      assertTrue(events.contains("alice published hello"));
    }
  }

  @Test
  void senderAndOriginExclusionApplyInEveryProtocol() {
    try (TestChat chat =
        chat(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingSender()))) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      ToyClient bob = toyClient(chat, "bob").join("lobby");
      alice.send("say lobby hello");
      assertEquals(List.of("lobby+ bob", "ok"), alice.received());
      assertEquals(List.of("lobby! hello #1"), bob.received());
      assertEquals(List.of(), tab.received());
    }
    try (TestChat chat =
        chat(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingOrigin()))) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.send("say lobby hello");
      tab.send("too");
      assertEquals(List.of("ok", "lobby! too #2"), alice.received());
      assertEquals(List.of("hello"), tab.received());
    }
  }

  @Test
  void oneConnectionJoinsAndLeavesIndependentlyOfItsParticipantsOthers() {
    try (TestChat chat = chat()) {
      ToyClient one = toyClient(chat, "alice").join("lobby");
      ToyClient two = toyClient(chat, "alice").join("side");
      two.send("join lobby", "leave side", "leave side");
      assertEquals(
          List.of("in lobby[]", "lobby+ alice", "left side", "never there"), two.received());
      assertEquals(List.of("lobby+ alice"), one.received());
      two.send("leave lobby");

      assertEquals(List.of("lobby- alice"), one.received());
      assertEquals(
          List.of("alice joined lobby", "alice joined side", "alice left side 1000"), events);
      assertEquals(1, chat.chat().rooms().size());
      assertEquals(Optional.of(2), chat.chat().participant("alice").map(Participant::connections));
    }
  }

  @Test
  void commandsOfOneFrameRunInOrderWithTheirEventsInBetween() {
    try (TestChat chat = chat()) {
      ToyClient alice = new ToyClient(chat.chat(), toy);
      alice.send("i am alice", "join lobby", "say lobby one", "say lobby two", "leave lobby");
      assertEquals(
          List.of(
              "in lobby[]",
              "lobby+ alice",
              "lobby! one #1",
              "ok",
              "lobby! two #2",
              "ok",
              "left lobby"),
          alice.received());
      assertEquals(
          List.of(
              "alice joined lobby",
              "alice published one",
              "alice published two",
              "alice left lobby 1000"),
          events);
    }
  }

  @Test
  void commandsQueuedBeforeADisconnectAreStillRun() {
    try (TestChat chat = chat()) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      nextMessageAction =
          () -> {
            alice.send("say lobby last message");
            alice.loseConnection();
          };
      tab.send("busy");
      assertEquals(List.of("busy", "last message"), tab.received());
    }
  }

  @Test
  void queuedCommandsOfAClosedSessionAreDiscarded() {
    try (TestChat chat = chat()) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      nextMessageAction =
          () -> {
            alice.send("say lobby last message");
            alice.session().close(CloseStatus.NORMAL);
          };
      tab.send("busy");
      assertEquals(List.of("busy"), tab.received());
    }
  }

  @Test
  void aMessageAboveTheLimitClosesTheSessionAndItLeaves() {
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).limits(Limits.defaults().withMessageBytes(20)))) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.send("say lobby " + "x".repeat(20));
      assertEquals(Optional.of(1009), alice.closeStatus().map(CloseStatus::code));
      assertEquals(List.of("alice joined lobby", "alice left lobby 1009"), events);
    }
  }

  @Test
  void theJoinReplyContainsTheReplayAndPrecedesConcurrentMessages() {
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withWelcome(
                joinInfo -> {
                  joinInfo.room().announce("somebody joins");
                  return Payload.text("welcome");
                });
    try (TestChat chat = chat(options)) {
      TestClient plain = chat.connect("lobby", "plain");
      plain.send("one");
      String since = chat.chat().room("lobby").orElseThrow().position().toString();
      plain.send("two");
      ToyClient alice = toyClient(chat, "alice");
      alice.send("join lobby " + since);

      assertEquals(
          List.of("in lobby again[two] welcome", "lobby+ alice", "lobby! somebody joins #4"),
          alice.received());
    }
  }

  @Test
  void exclusionAppliesToReplayedMessages() {
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withPolicy(BroadcastPolicy.excludingSender());
    try (TestChat chat = chat(options)) {
      TestClient remaining = chat.connect("lobby", "remaining");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      String since = chat.chat().room("lobby").orElseThrow().position().toString();
      alice.send("say lobby mine");
      remaining.send("theirs");
      alice.send("leave lobby");
      alice.received();
      alice.send("join lobby " + since);
      assertEquals("in lobby again[theirs]", alice.received().get(0));
    }
  }

  @Test
  void removalFromARoomIsReportedAndKeepsTheConnection() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby").join("side");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      lobby.kick("alice", "rude");
      lobby.announce("late");
      assertEquals(List.of("out of lobby: rude"), alice.received());
      alice.send("say lobby hello", "say side hello");
      assertEquals(List.of(Rejection.NOT_A_MEMBER, "side! hello #1", "ok"), alice.received());
      chat.chat().room("side").orElseThrow().close("over");
      assertEquals(List.of("out of side: over"), alice.received());
      assertEquals(Optional.empty(), alice.closeStatus());
      assertTrue(events.contains("alice left lobby " + CloseStatus.KICKED.code()));
    }
  }

  @Test
  void aRemovalThatAProtocolHandlerCannotEncodeClosesOnlyItsConnection() {
    try (LogCapture log = new LogCapture();
        TestChat chat = chat()) {
      ToyClient broken = toyClient(chat, "alice").join("lobby").join("side");
      ToyClient other = toyClient(chat, "alice").join("lobby");
      ToyClient bob = toyClient(chat, "bob").join("side");
      broken.brokenRemoval = true;
      Room lobby = chat.chat().room("lobby").orElseThrow();

      lobby.kick("alice", "out");
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), broken.closeStatus());
      assertTrue(other.received().contains("out of lobby: out"));
      assertEquals(List.of("side- alice"), bob.received());
      assertEquals(0, lobby.size());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void theApplicationCanJoinAProtocolSessionToARoomAndRemoveIt() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice");
      Participant participant = alice.session().participant();
      assertEquals(Outcome.done(), participant.join("lobby"));
      participant.send("hi");
      assertTrue(participant.leave("lobby").isDone());
      assertEquals(List.of("in lobby[]", "psst hi", "out of lobby: "), alice.received());
    }
  }

  @Test
  void presenceEventsAreEncodedButPlainConnectionsReceiveApplicationNotices() {
    RoomNotices notices =
        new RoomNotices() {
          @Override
          public Payload participantJoined(Room room, Participant participant) {
            return Payload.text("hail " + participant.name());
          }

          @Override
          public Payload participantLeft(Room room, Participant participant) {
            return Payload.text("bye " + participant.name());
          }

          @Override
          public Payload topicChanged(Room room, String topic) {
            return Payload.text("about " + topic);
          }
        };
    try (TestChat chat = chat(RoomOptions.defaults().withNotices(notices))) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      TestClient bob = chat.connect("lobby", "bob");
      chat.chat().room("lobby").orElseThrow().setTopic("toys");
      bob.close();
      alice.loseConnection();

      assertEquals(List.of("lobby+ bob", "lobby* about toys", "lobby- bob"), alice.received());
      assertEquals(
          List.of("hail alice", "hail bob", "about toys", "bye bob", "bye alice"),
          plain.received());
    }
  }

  @Test
  void presenceListsEachConnection() {
    try (TestChat chat = chat()) {
      chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      List<PresenceEntry> present = alice.session().presence("lobby");
      assertEquals(2, present.size());
      assertEquals(alice.session().id(), present.get(1).connectionId());
      assertEquals(alice.session().participant(), present.get(1).participant());
      assertFalse(present.get(0).connectionId().equals(present.get(1).connectionId()));
      assertEquals(List.of(), alice.session().presence("nowhere"));
    }
  }

  @Test
  void presenceCountsIncludeListedAndSuspendedConnections() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(Limits.defaults().withResumeWindow(Duration.ofSeconds(30))))) {
      TestClient plain = chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      ToyClient bob = toyClient(chat, "bob").join("lobby");
      ToyClient unlisted = toyClient(chat, "unlisted");
      joinUnlisted(unlisted, "lobby");
      assertCount(3, 2, alice);
      plain.abort();
      assertCount(3, 2, alice);
      bob.send("leave lobby");
      assertCount(2, 1, alice);
      bob.send("join lobby");
      bob.loseConnection();
      alice.send("leave lobby");
      assertCount(1, 1, alice);
      chat.advance(Duration.ofSeconds(31));
      assertCount(0, 0, alice);
      unlisted.send("leave lobby");
      assertEquals(PresenceCount.NONE, unlisted.session().presenceCount("lobby"));
    }
  }

  private static void joinUnlisted(ToyClient client, String room) {
    PresenceOptions unlisted = new PresenceOptions(false, false, false, Optional.empty());
    Runnable join =
        () ->
            client
                .session()
                .join(room, HistoryRange.none(), Role.MEMBER, unlisted, client.serverJoinReply())
                .ifRejected(rejection -> fail(rejection.toString()));
    client.session().enqueue(List.of(join));
  }

  private static void assertCount(int connections, int participants, ToyClient witness) {
    assertEquals(
        new PresenceCount(connections, participants), witness.session().presenceCount("lobby"));
    assertEquals(connections, witness.session().presence("lobby").size());
  }

  @Test
  void aHistoryPageHasOnlyMessagesThatTheParticipantMayReceiveAndStopsAtItsLimit() {
    AtomicInteger evaluated = new AtomicInteger();
    BroadcastPolicy oddForAlice =
        BroadcastPolicy.rule(
            (message, recipient) -> {
              evaluated.incrementAndGet();
              return !recipient.id().equals("alice") || Integer.parseInt(message.text()) % 2 == 1;
            });
    try (TestChat chat =
        chat(RoomOptions.defaults().withHistory(History.of(1000)).withPolicy(oddForAlice))) {
      TestClient plain = chat.connect("lobby", "plain");
      for (int i = 1; i <= 700; i++) {
        chat.advance(Duration.ofSeconds(1));
        plain.send(String.valueOf(i));
      }
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      evaluated.set(0);
      assertEquals(List.of("1", "3"), page(alice, OptionalLong.empty(), false, 2));
      assertEquals(3, evaluated.get());
      assertEquals(List.of("699", "697"), page(alice, OptionalLong.empty(), true, 2));
      assertEquals(List.of("301", "303"), page(alice, OptionalLong.of(300), false, 2));
      assertEquals(List.of("299"), page(alice, OptionalLong.of(300), true, 1));
      assertEquals(List.of(), page(alice, OptionalLong.of(700), false, 2));
      assertEquals(List.of(), page(alice, OptionalLong.empty(), false, 0));
      List<String> all = page(alice, OptionalLong.empty(), false, Integer.MAX_VALUE);
      assertEquals(350, all.size());
      assertEquals("699", all.get(349));
      assertEquals(
          Optional.empty(),
          alice.session().history("nowhere", new HistoryQuery(OptionalLong.empty(), false, 1)));
    }
  }

  private static List<String> page(
      ToyClient client, OptionalLong from, boolean newestFirst, int limit) {
    HistoryPage page =
        client.session().history("lobby", new HistoryQuery(from, newestFirst, limit)).orElseThrow();
    assertEquals(700, page.position().offset());
    return page.messages().stream().map(Message::text).toList();
  }

  @Test
  void aStoredMessageHasItsConnectionId() {
    try (TestChat chat = chat(RoomOptions.defaults().withHistory(History.of(3)))) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.send("say lobby hello");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      Message stored =
          lobby.history(HistoryRange.last(1), alice.session().participant()).orElseThrow().get(0);
      assertEquals(Optional.of(alice.session().id()), stored.sender().connectionId());
    }
  }

  @Test
  void anAnnouncementToSeveralRoomsIsDeliveredOncePerRoom() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby").join("side");
      chat.chat().announce("all");
      assertEquals(List.of("lobby! all #1", "side! all #1"), alice.received());
    }
  }

  @Test
  void repliesAndSignalsAreEncodedToo() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.send("say lobby ?", "say lobby ~typing");
      assertEquals(List.of("psst what?", "ok", "lobby! ~typing ~", "ok"), alice.received());
    }
  }

  @Test
  void mutesRolesAndRatesApplyToProtocolSessions() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(
                    Limits.defaults()
                        .withMessagesPerSecond(1)
                        .withMessageBurst(2)
                        .withRateViolations(2)))) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      chat.chat().room("lobby").orElseThrow().mute("alice", Duration.ofMinutes(1), "hush");
      alice.send("say lobby hello", "say lobby hello", "say lobby hello", "say lobby hello");
      assertEquals(List.of("muted", "muted", "too fast", "too fast"), alice.received());
      assertFalse(events.contains("alice published hello"));
      alice.send("say lobby hello");
      assertEquals(Optional.of(1008), alice.closeStatus().map(CloseStatus::code));
    }
  }

  @Test
  void theMessagesOfAParticipantCountTogetherWhateverTheirProtocol() {
    Limits limits =
        Limits.defaults().withParticipantMessagesPerSecond(1).withParticipantMessageBurst(2);
    try (TestChat chat = TestChat.of(Chat.builder(handler).limits(limits))) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      chat.advance(Duration.ofSeconds(5));
      tab.send("one");
      tab.send("two");
      alice.received();
      alice.send("say lobby three");
      assertEquals(List.of("too fast"), alice.received());
    }
  }

  @Test
  void aParticipantTakesTheNameWithWhichItIsIdentified() {
    try (TestChat chat = chat()) {
      chat.connect("lobby", "alice");
      ToyClient named = new ToyClient(chat.chat(), toy);
      named.session().identify("alice", "Alice B", Map.of());
      assertEquals("Alice B", chat.chat().participant("alice").orElseThrow().name());
    }
  }

  @Test
  void aFreeCommandIsRejectedOnlyWhileTheConnectionIsInDebt() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(Limits.defaults().withMessagesPerSecond(1).withMessageBurst(2)))) {
      ToyClient alice = toyClient(chat, "alice");
      alice.send("join lobby", "leave lobby", "join lobby", "leave lobby", "join lobby");
      assertTrue(alice.received().contains("left lobby"));
      alice.session().charge(100);
      alice.send("join side");
      assertEquals(List.of("too fast"), alice.received());
      chat.advance(Duration.ofSeconds(2)); // a debt is at most the burst
      alice.send("join side", "leave side");
      assertEquals(List.of("in side[]", "side+ alice", "too fast"), alice.received());
    }
  }

  @Test
  void commandsThatWereHandledWaitNoMore() {
    Limits limits = Limits.defaults().withMessagesPerSecond(0).withMessageBytes(100);
    try (TestChat chat = TestChat.of(Chat.builder(handler).limits(limits))) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      for (int i = 0; i < 200; i++) {
        alice.send(
            "say lobby " + "x".repeat(80)); // more than 64 messages, and more than 64 largest
      }
      assertEquals(Optional.empty(), alice.closeStatus());
      assertEquals(400, alice.received().size());
    }
  }

  @Test
  void bytesReachTheHandlerOfAProtocol() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.receiver().binary(ByteBuffer.allocate(3));
      assertEquals(Optional.of(new CloseStatus(4444, "no bytes")), alice.closeStatus());
    }
  }

  @Test
  void tooManyFramesThatAreNoMessagesCloseTheConnection() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      ToyClient bob = toyClient(chat, "bob").join("lobby");
      for (int i = 0; i < 1000; i++) {
        alice.receiver().fragment();
        bob.receiver().pong();
      }
      assertEquals(Optional.empty(), alice.closeStatus());
      assertEquals(Optional.empty(), bob.closeStatus());
      alice.receiver().fragment();
      bob.receiver().pong();
      CloseStatus tooMany = CloseStatus.TOO_FAST.withReason("too many frames");
      assertEquals(Optional.of(tooMany), alice.closeStatus());
      assertEquals(Optional.of(tooMany), bob.closeStatus());
      assertTrue(chat.chat().rooms().isEmpty());
    }
  }

  @Test
  void aReservedFrameKeepsItsPlace() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      Consumer<@Nullable Frame> first = alice.session().reserveFrame();
      Consumer<@Nullable Frame> second = alice.session().reserveFrame();
      alice.session().send(Frame.text("three"));
      assertEquals(List.of(), alice.received());
      second.accept(null);
      assertEquals(List.of(), alice.received());
      first.accept(Frame.text("one"));
      assertEquals(List.of("one", "three"), alice.received());
    }
  }

  @Test
  void aReservedFrameThatDoesNotFitClosesTheConnection() {
    Limits limits = Limits.defaults().withOutboxBytes(1024).withMessageBytes(500);
    try (TestChat chat = TestChat.of(Chat.builder(handler).limits(limits))) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.session().reserveFrame().accept(Frame.text("x".repeat(1100)));
      assertEquals(Optional.of(CloseStatus.TOO_SLOW), alice.closeStatus());
      assertTrue(chat.chat().rooms().isEmpty());
    }
  }

  @Test
  void onlyAMemberPublishes() {
    try (TestChat chat = chat()) {
      toyClient(chat, "bob").join("side");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      assertTrue(alice.session().isIn("lobby"));
      assertFalse(alice.session().isIn("side"));
      alice.send("say side hello");
      assertEquals(List.of(Rejection.NOT_A_MEMBER), alice.received());
      assertFalse(events.contains("alice published hello"));
    }
  }

  @Test
  void aProtocolRenewsTheCredentialOfItsConnection() {
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      Credential credential = Credential.expiringAt(Instant.now().plusSeconds(60));
      assertTrue(alice.session().renew(credential.withTokenId("new")).isDone());
      chat.chat().revoke(Revocation.ofToken("old"));
      assertEquals(Optional.empty(), alice.closeStatus());
      chat.chat().revoke(Revocation.ofToken("new"));
      assertEquals(Optional.of(CloseStatus.REVOKED), alice.closeStatus());
    }
  }

  @Test
  void aToleratedRejectionIsNoViolation() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(
                    Limits.defaults()
                        .withMessagesPerSecond(1)
                        .withMessageBurst(1)
                        .withRateViolations(1)))) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.tolerant = true;
      alice.send("say lobby hello", "say lobby hello", "say lobby hello", "say lobby hello");
      assertEquals(
          List.of("lobby! hello #1", "ok", "too fast", "too fast", "too fast"), alice.received());
      alice.tolerant = false;
      alice.send("say lobby hello", "say lobby hello");
      assertEquals(Optional.of(1008), alice.closeStatus().map(CloseStatus::code));
    }
  }

  @Test
  void aPayloadThatAProtocolCannotEncodeClosesOnlyItsSessions() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      lobby.announce(Payload.bytes(new byte[] {1}));
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), alice.closeStatus());
      assertEquals(1, plain.receivedBytes().size());

      chat.chat().room("lobby").orElseThrow().announce("still here");
      assertEquals(List.of("still here"), plain.received());
      ToyClient bob = toyClient(chat, "bob").join("lobby");
      Participant participant = bob.session().participant();
      assertTrue(participant.send("hello").isDone());
      assertEquals(
          Rejection.GONE,
          participant.send(Payload.bytes(new byte[] {1})).rejection().orElseThrow().code());
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), bob.closeStatus());
    }
  }

  @Test
  void aFailingProtocolClosesOnlyItsSessions() {
    try (LogCapture log = new LogCapture();
        TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      plain.send("not encodable");
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), alice.closeStatus());
      assertEquals(List.of("not encodable"), plain.received());
      assertTrue(plain.isOpen());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void closeCodesAreMappedByTheProtocol() {
    toy.closeMapping = status -> new CloseStatus(4900, "bye: " + status.code());
    try (TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      alice.session().participant().disconnect(CloseStatus.NORMAL);
      assertEquals(Optional.of(new CloseStatus(4900, "bye: 1000")), alice.closeStatus());
      ToyClient bob = toyClient(chat, "bob").join("lobby");
      chat.chat().close();
      assertEquals(Optional.of(new CloseStatus(4900, "bye: 1012")), bob.closeStatus());
    }
  }

  @Test
  void aFailingCommandClosesOneConnection() {
    try (LogCapture log = new LogCapture();
        TestChat chat = chat()) {
      ToyClient alice = toyClient(chat, "alice").join("lobby");
      ToyClient bob = toyClient(chat, "bob").join("lobby");
      alice.send("dance", "say lobby hello");
      assertEquals(Optional.of(CloseStatus.FAILED), alice.closeStatus());
      assertEquals(List.of("lobby- alice"), bob.received());
      bob.failJoinReply = true;
      bob.send("join side");
      assertEquals(Optional.of(CloseStatus.FAILED), bob.closeStatus());
      assertEquals(0, chat.chat().rooms().size());
      assertEquals(2, log.messages().size());
    }
  }

  @Test
  void anUnidentifiedConnectionClosesLikeAnyOther() {
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).limits(Limits.defaults().withConnections(2)))) {
      ToyClient unidentified = new ToyClient(chat.chat(), toy);
      assertEquals(1, chat.chat().connections());
      assertEquals(0, chat.chat().participants());
      unidentified.loseConnection();
      assertEquals(0, chat.chat().connections());
      assertFalse(unidentified.session().isOpen());
      unidentified.send("i am late");
      assertEquals(0, chat.chat().participants());

      ToyClient one = new ToyClient(chat.chat(), toy);
      ToyClient two = new ToyClient(chat.chat(), toy);
      ToyClient three = new ToyClient(chat.chat(), toy);
      assertEquals(Optional.of(1013), three.closeStatus().map(CloseStatus::code));
      one.loseConnection();
      chat.chat().close();
      assertEquals(Optional.of(CloseStatus.RESTART), two.closeStatus());
    }
  }

  @Test
  void idsAndRoomNamesOfProtocolSessionsAreValidated() {
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).limits(Limits.defaults().withRoomsPerParticipant(1)))) {
      ToyClient bad = toyClient(chat, "x".repeat(129));
      assertEquals(List.of(Rejection.PARTICIPANT_ID), bad.received());
      ToyClient alice = toyClient(chat, "alice");
      alice.send("join " + "x".repeat(129), "join lobby", "join lobby", "join side");
      assertEquals(
          List.of(
              Rejection.ROOM_NAME,
              "in lobby[]",
              "lobby+ alice",
              Rejection.ALREADY_JOINED,
              Rejection.TOO_MANY_ROOMS_JOINED),
          alice.received());
    }
  }

  @Test
  void nothingLeaksWhenProtocolSessionsJoinAndLeave() {
    try (TestChat chat = chat(RoomOptions.defaults().withHistory(History.of(5)))) {
      List<ToyClient> clients = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        ToyClient client = toyClient(chat, "p" + i % 7).join("room" + i % 3).join("room" + i % 4);
        clients.add(client);
        client.send("say room" + i % 3 + " hello", "leave room" + (i + 1) % 3);
      }
      chat.chat().room("room1").ifPresent(room -> room.close("over"));
      chat.chat().room("room2").ifPresent(room -> room.kick("p3", "out"));
      clients.forEach(ToyClient::loseConnection);
      assertEquals(0, chat.chat().connections());
      assertEquals(0, chat.chat().participants());
      assertEquals(0, chat.chat().rooms().size());
      assertEquals(
          events.stream().filter(line -> line.contains(" joined ")).count(),
          events.stream().filter(line -> line.contains(" left ")).count());
    }
  }

  @Test
  void queuedFramesAreMergedForSessionsThatRequestIt() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient joining = toyClient(chat, "joining").join("lobby");
      ToyClient single = toyClient(chat, "single").join("lobby");
      joining.session().mergeFrames();
      joining.received();
      joining.stall();
      single.stall();
      List.of("one", "two", "three").forEach(plain::send);
      joining.recover();
      single.recover();
      chat.advance(Duration.ofMillis(1));

      assertEquals(List.of("lobby! one #1", "lobby! two #2\nlobby! three #3"), joining.received());
      assertEquals(List.of("lobby! one #1", "lobby! two #2", "lobby! three #3"), single.received());
    }
  }
}
