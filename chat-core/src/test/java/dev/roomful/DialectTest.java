package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections that speak a dialect, beside those that hear plain text. */
class DialectTest {
  private final ToyDialect toy = new ToyDialect();
  private final ToyDialect other = new ToyDialect();
  private final List<String> told = new ArrayList<>();

  private Runnable during = () -> {};

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onJoin(Room room, Participant who) {
          told.add(who.name() + " joined " + room.name());
        }

        @Override
        public void onMessage(Room room, Message message) {
          told.add(message.sender().name() + " said " + message.payload());
          Runnable now = during;
          during = () -> {};
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
        public void onLeave(Room room, Participant who, CloseStatus why) {
          told.add(who.name() + " left " + room.name() + " " + why.code());
        }
      };

  private TestChat chat(RoomOptions options) {
    return TestChat.of(Chat.builder(handler).rooms(options));
  }

  private TestChat chat() {
    return chat(RoomOptions.defaults());
  }

  private ToyClient toy(TestChat chat, String name) {
    return ToyClient.named(chat.chat(), toy, name);
  }

  @Test
  void aMessageIsPutIntoWordsOnceForEachDialectHoweverManyHearIt() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      List<ToyClient> toys = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        toys.add(toy(chat, "toy" + i).in("lobby"));
        toys.add(ToyClient.named(chat.chat(), other, "other" + i).in("lobby"));
      }
      toys.forEach(ToyClient::heard);
      plain.send("hello");

      assertEquals(List.of("lobby! hello"), toy.phrased);
      assertEquals(List.of("lobby! hello"), toy.framed);
      assertEquals(List.of("lobby! hello"), other.framed);
      assertEquals(List.of("hello"), plain.received());
      toys.forEach(one -> assertEquals(List.of("lobby! hello #1"), one.heard()));
    }
  }

  @Test
  void plainTextAloneIsNeverPutIntoOtherWords() {
    try (TestChat chat = chat()) {
      toy(chat, "toy").in("elsewhere");
      chat.connect("lobby", "plain").send("hello");
      assertEquals(List.of(), toy.phrased);
    }
  }

  @Test
  void whatAGuestSaysGoesThroughTheHandlerAndToAllDialects() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.say("say lobby hello");

      assertEquals(List.of("lobby! hello #1", "ok"), alice.heard());
      assertEquals(List.of("hello"), plain.received());
      assertTrue(told.contains("alice said hello"));
    }
  }

  @Test
  void theSenderIsExcludedByParticipantOrByConnectionInAnyDialect() {
    try (TestChat chat =
        chat(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingSender()))) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toy(chat, "alice").in("lobby");
      ToyClient bob = toy(chat, "bob").in("lobby");
      alice.say("say lobby hello");
      assertEquals(List.of("lobby+ bob", "ok"), alice.heard());
      assertEquals(List.of("lobby! hello #1"), bob.heard());
      assertEquals(List.of(), tab.received());
    }
    try (TestChat chat =
        chat(RoomOptions.defaults().withPolicy(BroadcastPolicy.excludingOrigin()))) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.say("say lobby hello");
      tab.send("too");
      assertEquals(List.of("ok", "lobby! too #2"), alice.heard());
      assertEquals(List.of("hello"), tab.received());
    }
  }

  @Test
  void oneConnectionJoinsAndLeavesWithoutItsParticipantsOthers() {
    try (TestChat chat = chat()) {
      ToyClient one = toy(chat, "alice").in("lobby");
      ToyClient two = toy(chat, "alice").in("side");
      two.say("join lobby", "leave side", "leave side");
      assertEquals(List.of("in lobby[]", "lobby+ alice", "left side", "never there"), two.heard());
      assertEquals(List.of("lobby+ alice"), one.heard());
      two.say("leave lobby");

      assertEquals(List.of("lobby- alice"), one.heard());
      assertEquals(
          List.of("alice joined lobby", "alice joined side", "alice left side 1000"), told);
      assertEquals(1, chat.chat().rooms().size());
      assertEquals(Optional.of(2), chat.chat().participant("alice").map(Participant::connections));
    }
  }

  @Test
  void whatOneFrameAsksForIsDoneInOrderWithWhatItCausesInBetween() {
    try (TestChat chat = chat()) {
      ToyClient alice = new ToyClient(chat.chat(), toy);
      alice.say("i am alice", "join lobby", "say lobby one", "say lobby two", "leave lobby");
      assertEquals(
          List.of(
              "in lobby[]",
              "lobby+ alice",
              "lobby! one #1",
              "ok",
              "lobby! two #2",
              "ok",
              "left lobby"),
          alice.heard());
      assertEquals(
          List.of(
              "alice joined lobby", "alice said one", "alice said two", "alice left lobby 1000"),
          told);
    }
  }

  @Test
  void whatWasSaidBeforeHangingUpIsHeardThoughItHadToWaitForItsTurn() {
    try (TestChat chat = chat()) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toy(chat, "alice").in("lobby");
      during =
          () -> {
            alice.say("say lobby last words");
            alice.vanish();
          };
      tab.send("busy");
      assertEquals(List.of("busy", "last words"), tab.received());
    }
  }

  @Test
  void nothingIsHeardOfWhomTheChatHasClosed() {
    try (TestChat chat = chat()) {
      TestClient tab = chat.connect("lobby", "alice");
      ToyClient alice = toy(chat, "alice").in("lobby");
      during =
          () -> {
            alice.say("say lobby last words");
            alice.guest().close(CloseStatus.NORMAL);
          };
      tab.send("busy");
      assertEquals(List.of("busy"), tab.received());
    }
  }

  @Test
  void aMessageBeyondTheLimitEndsTheGuestAndItHasLeft() {
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).limits(Limits.defaults().withMessageBytes(20)))) {
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.say("say lobby " + "x".repeat(20));
      assertEquals(Optional.of(1009), alice.closeStatus().map(CloseStatus::code));
      assertEquals(List.of("alice joined lobby", "alice left lobby 1009"), told);
    }
  }

  @Test
  void theWelcomeHasWhatWasMissedAndComesBeforeWhatIsSaidMeanwhile() {
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withWelcome(
                arrival -> {
                  arrival.room().announce("somebody comes");
                  return Payload.text("welcome");
                });
    try (TestChat chat = chat(options)) {
      TestClient plain = chat.connect("lobby", "plain");
      plain.send("one");
      String since = chat.chat().room("lobby").orElseThrow().position().toString();
      plain.send("two");
      ToyClient alice = toy(chat, "alice");
      alice.say("join lobby " + since);

      assertEquals(
          List.of("in lobby again[two] welcome", "lobby+ alice", "lobby! somebody comes #4"),
          alice.heard());
    }
  }

  @Test
  void exclusionHoldsForWhatWasMissed() {
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withPolicy(BroadcastPolicy.excludingSender());
    try (TestChat chat = chat(options)) {
      TestClient stays = chat.connect("lobby", "stays");
      ToyClient alice = toy(chat, "alice").in("lobby");
      String since = chat.chat().room("lobby").orElseThrow().position().toString();
      alice.say("say lobby mine");
      stays.send("theirs");
      alice.say("leave lobby");
      alice.heard();
      alice.say("join lobby " + since);
      assertEquals("in lobby again[theirs]", alice.heard().get(0));
    }
  }

  @Test
  void whoIsThrownOutOfARoomIsToldSoAndKeepsItsConnection() {
    try (TestChat chat = chat()) {
      ToyClient alice = toy(chat, "alice").in("lobby").in("side");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      lobby.kick("alice", "rude");
      lobby.announce("gone");
      assertEquals(List.of("out of lobby: rude"), alice.heard());
      alice.say("say lobby hello", "say side hello");
      assertEquals(List.of(Rejection.NOT_A_MEMBER, "side! hello #1", "ok"), alice.heard());
      chat.chat().room("side").orElseThrow().close("over");
      assertEquals(List.of("out of side: over"), alice.heard());
      assertEquals(Optional.empty(), alice.closeStatus());
      assertTrue(told.contains("alice left lobby " + CloseStatus.KICKED.code()));
    }
  }

  @Test
  void aHandlerThatCannotEncodeARemovalClosesItsConnectionAndTheRestIsRemoved() {
    try (LogCapture log = new LogCapture();
        TestChat chat = chat()) {
      ToyClient broken = toy(chat, "alice").in("lobby").in("side");
      ToyClient other = toy(chat, "alice").in("lobby");
      ToyClient bob = toy(chat, "bob").in("side");
      broken.brokenRemoval = true;
      Room lobby = chat.chat().room("lobby").orElseThrow();

      lobby.kick("alice", "out");
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), broken.closeStatus());
      assertTrue(other.heard().contains("out of lobby: out"));
      assertEquals(List.of("side- alice"), bob.heard());
      assertEquals(0, lobby.size());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void theApplicationCanBringAGuestIntoARoomAndTakeItOut() {
    try (TestChat chat = chat()) {
      ToyClient alice = toy(chat, "alice");
      Participant who = alice.guest().participant();
      assertEquals(Outcome.done(), who.join("lobby"));
      who.send("hi");
      assertTrue(who.leave("lobby").isDone());
      assertEquals(List.of("in lobby[]", "psst hi", "out of lobby: "), alice.heard());
    }
  }

  @Test
  void connectionsAreHeardToComeAndGoButPlainOnesHearTheApplicationsWords() {
    RoomNotices notices =
        new RoomNotices() {
          @Override
          public Payload participantJoined(Room room, Participant who) {
            return Payload.text("hail " + who.name());
          }

          @Override
          public Payload participantLeft(Room room, Participant who) {
            return Payload.text("farewell " + who.name());
          }

          @Override
          public Payload topicChanged(Room room, String topic) {
            return Payload.text("about " + topic);
          }
        };
    try (TestChat chat = chat(RoomOptions.defaults().withNotices(notices))) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toy(chat, "alice").in("lobby");
      TestClient bob = chat.connect("lobby", "bob");
      chat.chat().room("lobby").orElseThrow().setTopic("toys");
      bob.close();
      alice.vanish();

      assertEquals(List.of("lobby+ bob", "lobby* about toys", "lobby- bob"), alice.heard());
      assertEquals(
          List.of("hail alice", "hail bob", "about toys", "farewell bob", "farewell alice"),
          plain.received());
    }
  }

  @Test
  void presenceIsByConnectionAndTellsThemApart() {
    try (TestChat chat = chat()) {
      chat.connect("lobby", "alice");
      ToyClient alice = toy(chat, "alice").in("lobby");
      List<PresenceEntry> present = alice.guest().presence("lobby");
      assertEquals(2, present.size());
      assertEquals(alice.guest().id(), present.get(1).connectionId());
      assertEquals(alice.guest().participant(), present.get(1).participant());
      assertFalse(present.get(0).connectionId().equals(present.get(1).connectionId()));
      assertEquals(List.of(), alice.guest().presence("nowhere"));
    }
  }

  @Test
  void presenceCountsFollowEachListedConnectionAlsoWhileItIsSuspended() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(Limits.defaults().withResumeWindow(Duration.ofSeconds(30))))) {
      TestClient plain = chat.connect("lobby", "alice");
      ToyClient alice = toy(chat, "alice").in("lobby");
      ToyClient bob = toy(chat, "bob").in("lobby");
      ToyClient unlisted = toy(chat, "unlisted");
      joinUnlisted(unlisted, "lobby");
      assertCount(3, 2, alice);
      plain.abort();
      assertCount(3, 2, alice);
      bob.say("leave lobby");
      assertCount(2, 1, alice);
      bob.say("join lobby");
      bob.vanish();
      alice.say("leave lobby");
      assertCount(1, 1, alice);
      chat.advance(Duration.ofSeconds(31));
      assertCount(0, 0, alice);
      unlisted.say("leave lobby");
      assertEquals(PresenceCount.NONE, unlisted.guest().presenceCount("lobby"));
    }
  }

  private static void joinUnlisted(ToyClient client, String room) {
    PresenceOptions unlisted = new PresenceOptions(false, false, false, Optional.empty());
    Runnable join =
        () ->
            client
                .guest()
                .join(room, HistoryRange.none(), Role.MEMBER, unlisted, client.serverJoinReply())
                .ifRejected(rejection -> fail(rejection.toString()));
    client.guest().enqueue(List.of(join));
  }

  private static void assertCount(int connections, int participants, ToyClient witness) {
    assertEquals(
        new PresenceCount(connections, participants), witness.guest().presenceCount("lobby"));
    assertEquals(connections, witness.guest().presence("lobby").size());
  }

  @Test
  void aPageOfHistoryHasOnlyWhatTheParticipantMayReceiveAndStopsAtItsLimit() {
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
      ToyClient alice = toy(chat, "alice").in("lobby");
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
          alice.guest().history("nowhere", new HistoryQuery(OptionalLong.empty(), false, 1)));
    }
  }

  private static List<String> page(
      ToyClient client, OptionalLong from, boolean newestFirst, int limit) {
    HistoryPage page =
        client.guest().history("lobby", new HistoryQuery(from, newestFirst, limit)).orElseThrow();
    assertEquals(700, page.position().offset());
    return page.messages().stream().map(Message::text).toList();
  }

  @Test
  void aKeptMessageStillSaysFromWhichConnectionItCame() {
    try (TestChat chat = chat(RoomOptions.defaults().withHistory(History.of(3)))) {
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.say("say lobby hello");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      Message kept =
          lobby.history(HistoryRange.last(1), alice.guest().participant()).orElseThrow().get(0);
      assertEquals(Optional.of(alice.guest().id()), kept.sender().connectionId());
    }
  }

  @Test
  void anAnnouncementToSeveralRoomsIsHeardInEachSinceEachCountsItsPositions() {
    try (TestChat chat = chat()) {
      ToyClient alice = toy(chat, "alice").in("lobby").in("side");
      chat.chat().announce("all");
      assertEquals(List.of("lobby! all #1", "side! all #1"), alice.heard());
    }
  }

  @Test
  void repliesAndSignalsAreInTheDialectToo() {
    try (TestChat chat = chat()) {
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.say("say lobby ?", "say lobby ~typing");
      assertEquals(List.of("psst what?", "ok", "lobby! ~typing ~", "ok"), alice.heard());
    }
  }

  @Test
  void mutesRolesAndRatesHoldForGuests() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(
                    Limits.defaults()
                        .withMessagesPerSecond(1)
                        .withMessageBurst(2)
                        .withRateViolations(2)))) {
      ToyClient alice = toy(chat, "alice").in("lobby");
      chat.chat().room("lobby").orElseThrow().mute("alice", Duration.ofMinutes(1), "hush");
      alice.say("say lobby hello", "say lobby hello", "say lobby hello", "say lobby hello");
      assertEquals(List.of("muted", "muted", "too fast", "too fast"), alice.heard());
      assertFalse(told.contains("alice said hello"));
      alice.say("say lobby hello");
      assertEquals(Optional.of(1008), alice.closeStatus().map(CloseStatus::code));
    }
  }

  @Test
  void aCommandWithoutAPriceIsRejectedOnlyWhileTheConnectionIsInDebt() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(handler)
                .limits(Limits.defaults().withMessagesPerSecond(1).withMessageBurst(2)))) {
      ToyClient alice = toy(chat, "alice");
      alice.say("join lobby", "leave lobby", "join lobby", "leave lobby", "join lobby");
      assertTrue(alice.heard().contains("left lobby"));
      alice.guest().charge(100);
      alice.say("join side");
      assertEquals(List.of("too fast"), alice.heard());
      chat.advance(Duration.ofSeconds(2)); // a debt is at most the burst
      alice.say("join side", "leave side");
      assertEquals(List.of("in side[]", "side+ alice", "too fast"), alice.heard());
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
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.tolerant = true;
      alice.say("say lobby hello", "say lobby hello", "say lobby hello", "say lobby hello");
      assertEquals(
          List.of("lobby! hello #1", "ok", "too fast", "too fast", "too fast"), alice.heard());
      alice.tolerant = false;
      alice.say("say lobby hello", "say lobby hello");
      assertEquals(Optional.of(1008), alice.closeStatus().map(CloseStatus::code));
    }
  }

  @Test
  void whatCannotBeSaidInADialectEndsThoseWhoSpeakItAndNobodyElse() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toy(chat, "alice").in("lobby");
      Room lobby = chat.chat().room("lobby").orElseThrow();
      lobby.announce(Payload.bytes(new byte[] {1}));
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), alice.closeStatus());
      assertEquals(1, plain.receivedBytes().size());

      chat.chat().room("lobby").orElseThrow().announce("still here");
      assertEquals(List.of("still here"), plain.received());
      ToyClient bob = toy(chat, "bob").in("lobby");
      bob.guest().participant().send(Payload.bytes(new byte[] {1}));
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), bob.closeStatus());
    }
  }

  @Test
  void aDialectThatFailsCostsItsSpeakersAndNobodyElse() {
    try (LogCapture log = new LogCapture();
        TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient alice = toy(chat, "alice").in("lobby");
      plain.send("unheard of");
      assertEquals(Optional.of(CloseStatus.NOT_ENCODABLE), alice.closeStatus());
      assertEquals(List.of("unheard of"), plain.received());
      assertTrue(plain.isOpen());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void theChatsCloseCodesAreSaidInTheDialect() {
    toy.goodbye = status -> new CloseStatus(4900, "bye: " + status.code());
    try (TestChat chat = chat()) {
      ToyClient alice = toy(chat, "alice").in("lobby");
      alice.guest().participant().disconnect(CloseStatus.NORMAL);
      assertEquals(Optional.of(new CloseStatus(4900, "bye: 1000")), alice.closeStatus());
      ToyClient bob = toy(chat, "bob").in("lobby");
      chat.chat().close();
      assertEquals(Optional.of(new CloseStatus(4900, "bye: 1012")), bob.closeStatus());
    }
  }

  @Test
  void commandsThatFailCostOneConnection() {
    try (LogCapture log = new LogCapture();
        TestChat chat = chat()) {
      ToyClient alice = toy(chat, "alice").in("lobby");
      ToyClient bob = toy(chat, "bob").in("lobby");
      alice.say("dance", "say lobby hello");
      assertEquals(Optional.of(CloseStatus.FAILED), alice.closeStatus());
      assertEquals(List.of("lobby- alice"), bob.heard());
      bob.brokenWelcome = true;
      bob.say("join side");
      assertEquals(Optional.of(CloseStatus.FAILED), bob.closeStatus());
      assertEquals(0, chat.chat().rooms().size());
      assertEquals(2, log.messages().size());
    }
  }

  @Test
  void aConnectionWithoutANameEndsLikeAnyOther() {
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).limits(Limits.defaults().withConnections(2)))) {
      ToyClient nobody = new ToyClient(chat.chat(), toy);
      assertEquals(1, chat.chat().connections());
      assertEquals(0, chat.chat().participants());
      nobody.vanish();
      assertEquals(0, chat.chat().connections());
      assertFalse(nobody.guest().isOpen());
      nobody.say("i am late");
      assertEquals(0, chat.chat().participants());

      ToyClient one = new ToyClient(chat.chat(), toy);
      ToyClient two = new ToyClient(chat.chat(), toy);
      ToyClient three = new ToyClient(chat.chat(), toy);
      assertEquals(Optional.of(1013), three.closeStatus().map(CloseStatus::code));
      one.vanish();
      chat.chat().close();
      assertEquals(Optional.of(CloseStatus.RESTART), two.closeStatus());
    }
  }

  @Test
  void namesAndRoomsOfGuestsAreHeldAgainstTheSameRules() {
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).limits(Limits.defaults().withRoomsPerParticipant(1)))) {
      ToyClient bad = toy(chat, "x".repeat(129));
      assertEquals(List.of(Rejection.PARTICIPANT_ID), bad.heard());
      ToyClient alice = toy(chat, "alice");
      alice.say("join " + "x".repeat(129), "join lobby", "join lobby", "join side");
      assertEquals(
          List.of(
              Rejection.ROOM_NAME,
              "in lobby[]",
              "lobby+ alice",
              Rejection.ALREADY_JOINED,
              Rejection.TOO_MANY_ROOMS_JOINED),
          alice.heard());
    }
  }

  @Test
  void nothingLeaksWhenGuestsComeAndGo() {
    try (TestChat chat = chat(RoomOptions.defaults().withHistory(History.of(5)))) {
      List<ToyClient> clients = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        ToyClient client = toy(chat, "p" + i % 7).in("room" + i % 3).in("room" + i % 4);
        clients.add(client);
        client.say("say room" + i % 3 + " hello", "leave room" + (i + 1) % 3);
      }
      chat.chat().room("room1").ifPresent(room -> room.close("over"));
      chat.chat().room("room2").ifPresent(room -> room.kick("p3", "out"));
      clients.forEach(ToyClient::vanish);
      assertEquals(0, chat.chat().connections());
      assertEquals(0, chat.chat().participants());
      assertEquals(0, chat.chat().rooms().size());
      assertEquals(
          told.stream().filter(line -> line.contains(" joined ")).count(),
          told.stream().filter(line -> line.contains(" left ")).count());
    }
  }

  @Test
  void whatWaitsAtTheSameTimeIsOneFrameForWhoWantsIt() {
    try (TestChat chat = chat()) {
      TestClient plain = chat.connect("lobby", "plain");
      ToyClient joining = toy(chat, "joining").in("lobby");
      ToyClient single = toy(chat, "single").in("lobby");
      joining.guest().mergeFrames();
      joining.heard();
      joining.stall();
      single.stall();
      List.of("one", "two", "three").forEach(plain::send);
      joining.recover();
      single.recover();
      chat.advance(Duration.ofMillis(1));

      assertEquals(List.of("lobby! one #1", "lobby! two #2\nlobby! three #3"), joining.heard());
      assertEquals(List.of("lobby! one #1", "lobby! two #2", "lobby! three #3"), single.heard());
    }
  }
}
