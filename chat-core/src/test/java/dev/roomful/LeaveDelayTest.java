package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A participant whose page is reloaded, or whose network fails for a moment, has not left. */
class LeaveDelayTest {
  private static final Duration DELAY = Duration.ofSeconds(10);

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final ToyProtocol toy = new ToyProtocol();

  private static final RoomNotices NOTICES =
      new RoomNotices() {
        @Override
        public Payload participantJoined(Room room, Participant participant) {
          return Payload.text("+" + participant.name());
        }

        @Override
        public Payload participantLeft(Room room, Participant participant) {
          return Payload.text("-" + participant.name());
        }

        @Override
        public Payload participantRemoved(Room room, Participant participant, CloseStatus status) {
          return Payload.text("!" + participant.name());
        }

        @Override
        public Payload participantUpdated(Room room, Participant participant) {
          return Payload.text("=" + participant.name());
        }
      };

  private static final RoomOptions OPTIONS =
      RoomOptions.defaults()
          .withLeaveDelay(DELAY)
          .withNotices(NOTICES)
          .withDisplayNames(DisplayNames.numbered());

  private TestChat chat = chat(Limits.defaults());

  private TestChat chat(Limits limits) {
    return TestChat.of(
        Chat.builder(recorder)
            .limits(limits)
            .rooms(OPTIONS)
            .room("small", OPTIONS.withCapacity(1))
            .room("at once", RoomOptions.defaults().withNotices(NOTICES)));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  private FakeConnection connect(String id) {
    return new FakeConnection()
        .connect(chat.chat(), AcceptedAdmission.of(id, "lobby").withName("Ann"));
  }

  private static void reload(FakeConnection page) {
    page.receiver().closed(1001, "");
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1001, 1006})
  void whoComesBackInTimeHasNeitherLeftNorJoined(int code) {
    TestClient bob = chat.connect("lobby", "bob");
    FakeConnection page = connect("1");
    connect("2");
    Participant ann = chat.chat().participant("2").orElseThrow();
    lobby().setRole("2", Role.MODERATOR);
    ann.update("mood", "good");
    assertEquals("Ann (2)", ann.name());
    bob.received();
    recorder.takeEntries();

    for (int i = 0; i < 3; i++) {
      FakeConnection other = connect("2");
      other.receiver().closed(1000, ""); // not its last one
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(
          List.of("bob", "1", "2"), lobby().participants().stream().map(Participant::id).toList());
      page.receiver().closed(code, "");
      chat.advance(DELAY.minusSeconds(1));
      assertEquals(3, lobby().size());
      assertTrue(chat.chat().participant("1").isPresent());
      page = connect("1");
      page.send("back");
      assertEquals(List.of("back"), page.received());
      assertEquals(List.of("back"), bob.received());
    }
    assertEquals(
        List.of(
            "1 published back in lobby", "1 published back in lobby", "1 published back in lobby"),
        recorder.takeEntries());
    assertSame(ann, chat.chat().participant("2").orElseThrow());
    assertEquals(Optional.of(Role.MODERATOR), lobby().role("2"));
    assertEquals("Ann (2)", ann.name());
  }

  @Test
  void nameRoleAndAttributesOutliveAReload() {
    connect("1");
    FakeConnection page = connect("2");
    Participant ann = chat.chat().participant("2").orElseThrow();
    lobby().setRole("2", Role.MODERATOR);
    ann.update("mood", "good");
    reload(page);
    assertEquals(0, ann.connections());
    assertEquals(List.of(lobby()), List.copyOf(ann.rooms()));
    connect("2");
    assertSame(ann, chat.chat().participant("2").orElseThrow());
    assertEquals("Ann (2)", ann.name());
    assertEquals("good", ann.attributes().get("mood"));
    assertEquals(Optional.of(Role.MODERATOR), lobby().role("2"));
    assertEquals(1, ann.connections());
  }

  @Test
  void whoDoesNotComeBackLeavesOnceWhenTheDelayIsOver() {
    TestClient bob = chat.connect("lobby", "bob");
    FakeConnection page = connect("1");
    bob.received();
    recorder.takeEntries();
    reload(page);
    assertTrue(chat.chat().participant("1").orElseThrow().send("nobody").isRejected());
    chat.advance(DELAY.minusMillis(1));
    assertEquals(List.of(), bob.received());
    chat.advance(Duration.ofSeconds(1));
    assertEquals(List.of("-Ann"), bob.received());
    assertEquals(List.of("1 left lobby 1001"), recorder.takeEntries());
    assertEquals(Optional.empty(), chat.chat().participant("1"));
    assertEquals(1, chat.chat().participants());
    connect("1");
    assertEquals(List.of("+Ann"), bob.received());
    assertEquals(List.of("1 joined lobby"), recorder.takeEntries());
  }

  @Test
  void whoLeavesOnPurposeLeavesAtOnce() {
    TestClient bob = chat.connect("lobby", "bob");
    connect("1").receiver().closed(1000, "");
    assertEquals(List.of("+Ann", "-Ann"), bob.received());
    connect("2").receiver().closed(1005, "");
    assertEquals(List.of("+Ann", "-Ann"), bob.received());
    connect("3");
    chat.chat().participant("3").orElseThrow().leave("lobby");
    assertEquals(List.of("+Ann", "-Ann"), bob.received());
    connect("4");
    chat.chat().participant("4").orElseThrow().disconnect(CloseStatus.NORMAL);
    assertEquals(List.of("+Ann", "-Ann"), bob.received());
    assertEquals(1, chat.chat().participants());
  }

  @Test
  void aRoomWithoutADelayIsLeftAtOnce() {
    TestClient bob = chat.connect("at once", "bob");
    FakeConnection page = connect("1");
    chat.chat().participant("1").orElseThrow().join("at once");
    bob.received();
    reload(page);
    assertEquals(List.of("-Ann"), bob.received());
    assertEquals(1, lobby().size());
    assertEquals(
        List.of("lobby"),
        chat.chat().participant("1").orElseThrow().rooms().stream().map(Room::name).toList());
  }

  @Test
  void moderationReachesWhoIsAboutToComeBack() {
    TestClient bob = chat.connect("lobby", "bob");
    reload(connect("1"));
    bob.received();
    recorder.takeEntries();
    assertEquals(Outcome.done(), lobby().kick("1", "enough"));
    assertEquals(List.of("!Ann"), bob.received());
    assertEquals(List.of("1 left lobby 4003"), recorder.takeEntries());
    assertEquals(1, chat.chat().participants());
    reload(connect("2"));
    assertEquals(Outcome.done(), lobby().ban("2", Duration.ofHours(1), "enough"));
    assertFalse(connect("2").isOpen());
    reload(connect("3"));
    assertEquals(
        Outcome.done(), chat.chat().participant("3").orElseThrow().disconnect(CloseStatus.NORMAL));
    assertEquals(1, chat.chat().participants());
    assertEquals(1, lobby().size());
  }

  @Test
  void aRenameWhileItIsAwayIsSeen() {
    TestClient bob = chat.connect("lobby", "bob");
    reload(connect("1"));
    bob.received();
    Participant ann = chat.chat().participant("1").orElseThrow();
    assertEquals(Outcome.done(), ann.rename("Anna"));
    assertEquals(List.of("=Anna"), bob.received());
    assertEquals(
        "name-taken",
        chat.chat()
            .participant("bob")
            .orElseThrow()
            .rename("anna")
            .rejection()
            .orElseThrow()
            .code());
    chat.advance(DELAY.plusSeconds(1));
    assertEquals(List.of("-Anna"), bob.received());
  }

  @Test
  void closingTheRoomOrTheChatEndsTheDelay() {
    reload(connect("1"));
    recorder.takeEntries();
    lobby().close("over");
    assertEquals(List.of("1 left lobby 4004"), recorder.takeEntries());
    assertEquals(0, chat.chat().participants());
    reload(connect("1"));
    recorder.takeEntries();
    chat.close();
    assertEquals(List.of("1 left lobby 1012"), recorder.takeEntries());
    assertEquals(0, chat.chat().participants());
    assertEquals(0, chat.chat().rooms().size());
  }

  @Test
  void itsPlaceIsTakenUntilTheDelayIsOver() {
    FakeConnection page =
        new FakeConnection().connect(chat.chat(), AcceptedAdmission.of("1", "small"));
    reload(page);
    assertEquals(
        Optional.of(CloseStatus.FULL.withReason("room-full")),
        chat.connect("small", "2").closeStatus());
    assertTrue(chat.connect("small", "1").isOpen());
  }

  @Test
  void aConnectionThatComesBackAfterTheResumeWindowIsOverStillHasItsPlace() {
    chat.close();
    chat = chat(Limits.defaults().withResumeWindow(Duration.ofSeconds(5)));
    TestClient bob = chat.connect("lobby", "bob");
    FakeConnection page = connect("1");
    bob.received();
    recorder.takeEntries();
    page.loseConnection();
    chat.advance(Duration.ofSeconds(12));
    connect("1");
    assertEquals(List.of(), bob.received());
    assertEquals(List.of(), recorder.takeEntries());
    FakeConnection other = connect("1");
    other.loseConnection();
    connect("1");
    assertEquals(List.of(), bob.received());
  }

  @Test
  void aClientWithoutItsSecretKeepsItsPlaceToo() {
    chat.close();
    chat = chat(Limits.defaults().withResumeWindow(Duration.ofSeconds(5)));
    TestClient bob = chat.connect("lobby", "bob");
    FakeConnection page = connect("1");
    bob.received();
    page.loseConnection();
    connect("1");
    chat.advance(Duration.ofMinutes(1));
    assertEquals(List.of(), bob.received());
    assertEquals(2, lobby().size());
  }

  @Test
  void aProtocolSeesNeitherALeaveNorAJoin() {
    ToyClient bob = ToyClient.identified(chat.chat(), toy, "bob").join("lobby");
    TestClient plain = chat.connect("lobby", "plain");
    ToyClient ann = ToyClient.identified(chat.chat(), toy, "ann").join("lobby");
    String id = ann.session().id();
    assertEquals(List.of("lobby+ plain", "lobby+ ann"), bob.received());
    plain.received();
    recorder.takeEntries();

    ann.loseConnection();
    assertEquals(2 + 1, bob.session().presence("lobby").size());
    ToyClient back = ToyClient.identified(chat.chat(), toy, "ann").join("lobby");
    assertEquals(List.of(), bob.received());
    assertEquals(List.of(), plain.received());
    assertEquals(List.of(), recorder.takeEntries());
    assertEquals(
        List.of(id),
        bob.session().presence("lobby").stream()
            .filter(one -> one.participant().id().equals("ann"))
            .map(one -> one.connectionId())
            .toList(),
        "others know the connection under the id that they were notified of");
    assertEquals(3, bob.session().presenceCount("lobby").connections());

    back.loseConnection();
    chat.advance(DELAY.plusSeconds(1));
    assertEquals(List.of("lobby- ann"), bob.received());
    assertEquals(List.of("-ann"), plain.received());
    assertEquals(List.of("ann left lobby 1006"), recorder.takeEntries());
    assertEquals(2, bob.session().presenceCount("lobby").connections());
  }

  @Test
  void whoUnsubscribesLeavesAtOnce() {
    ToyClient bob = ToyClient.identified(chat.chat(), toy, "bob").join("lobby");
    ToyClient ann = ToyClient.identified(chat.chat(), toy, "ann").join("lobby");
    bob.received();
    ann.send("leave lobby");
    assertEquals(List.of("lobby- ann"), bob.received());
    ann.send("join lobby");
    bob.received();
    ann.loseConnection();
    lobby().kick("ann", "enough");
    assertEquals(List.of("lobby- ann"), bob.received());
    assertEquals(1, bob.session().presenceCount("lobby").connections());
  }

  @Tag("slow")
  @Test
  void nobodyFillsARoomWithParticipantsThatAreGone() {
    TestClient bob = chat.connect("lobby", "bob");
    for (int i = 0; i < 1010; i++) {
      reload(
          new FakeConnection()
              .connect(chat.chat(), AcceptedAdmission.of("id" + i, "lobby").withName("n" + i)));
    }
    assertEquals(1001, lobby().size());
    List<String> left = bob.received().stream().filter(notice -> notice.startsWith("-")).toList();
    assertEquals(IntStream.range(0, 10).mapToObj(i -> "-n" + i).toList(), left);
    chat.advance(DELAY.plusSeconds(1));
    assertEquals(1, lobby().size());
    assertEquals(1, chat.chat().participants());
  }

  /** Guarantees 6 and 10: reloads on several threads, while delays end on another one. */
  @Tag("slow")
  @Test
  @Timeout(60)
  void reloadsThatRaceWithTheEndOfTheDelayAreReportedOnceAndLeaveNothingBehind()
      throws InterruptedException {
    // The clock may pass a minute while a thread has an open connection and is not running.
    chat = chat(Limits.defaults().withIdleTimeout(Duration.ofDays(300)));
    AtomicInteger running = new AtomicInteger(3);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          new Thread(
              () -> {
                for (int round = 0; round < 300; round++) {
                  reload(connect("1"));
                }
                running.decrementAndGet();
              }));
    }
    threads.forEach(Thread::start);
    while (running.get() > 0) {
      chat.advance(Duration.ofSeconds(3));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    chat.advance(DELAY.plusSeconds(1));
    assertEquals(0, chat.chat().participants());
    assertEquals(0, chat.chat().rooms().size());
    assertEquals(0, chat.chat().connections());
    List<String> events = recorder.takeEntries();
    assertTrue(events.size() >= 2);
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i % 2 == 0 ? "1 joined lobby" : "1 left lobby 1001", events.get(i));
    }
    assertEquals(0, events.size() % 2);
  }

  @Test
  void theDelayIsBounded() {
    List<String> messages = new ArrayList<>();
    for (Duration wrong : List.of(Duration.ofSeconds(-1), Duration.ofMinutes(11))) {
      messages.add(
          assertThrows(
                  IllegalArgumentException.class,
                  () -> RoomOptions.defaults().withLeaveDelay(wrong))
              .getMessage());
    }
    assertEquals(
        List.of(
            "leaveDelay is PT-1S: it must not be negative",
            "leaveDelay is PT11M: it must be at most 10 minutes"),
        messages);
    assertEquals(Duration.ZERO, RoomOptions.defaults().leaveDelay());
  }
}
