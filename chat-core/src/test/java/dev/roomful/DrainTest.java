package dev.roomful;

import static dev.roomful.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestCluster;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 11: a chat that closes drains its connections in batches, tells clients when to
 * reconnect, and loses nothing that it has accepted.
 */
@Timeout(20)
class DrainTest {
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final Pattern REASON = Pattern.compile("restarting, reconnect after (\\d+) ms");

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final Limits limits = Limits.defaults().withDrainTime(DRAIN);

  private TestChat chat(Limits chatLimits) {
    return TestChat.of(
        Chat.builder(recorder)
            .limits(chatLimits)
            .rooms(RoomOptions.defaults().withNotices(new JoinLeaveNotices())));
  }

  private static List<TestClient> connect(TestChat chat, int count) {
    return IntStream.range(0, count).mapToObj(i -> chat.connect("lobby", "p" + i)).toList();
  }

  private static long open(List<TestClient> clients) {
    return clients.stream().filter(TestClient::isOpen).count();
  }

  @Test
  void connectionsCloseInBatchesOverTheDrainTimeTheOldestFirst() {
    TestChat chat = chat(limits);
    List<TestClient> clients = connect(chat, 40);
    var drained = chat.chat().drain().toCompletableFuture();
    assertEquals(40, open(clients));
    for (int seconds = 5; seconds < 20; seconds += 5) {
      chat.advance(Duration.ofSeconds(5));
      assertEquals(40 - seconds * 2, open(clients));
      assertFalse(clients.get(seconds * 2 - 1).isOpen());
      assertFalse(drained.isDone());
    }
    chat.advance(Duration.ofSeconds(5));
    assertTrue(drained.isDone());
    assertEquals(0, chat.chat().connections());
    for (TestClient client : clients) {
      assertEquals(Optional.of(CloseStatus.RESTART), client.closeStatus());
    }
  }

  @Test
  void whoIsNotDrainedYetGoesOnAndNobodyIsSeenLeaving() {
    TestChat chat = chat(limits);
    List<TestClient> clients = connect(chat, 4);
    TestClient last = clients.get(3);
    last.received();
    recorder.takeEntries();
    chat.chat().drain();
    chat.advance(DRAIN.dividedBy(2));
    last.send("still here");
    assertEquals(List.of("still here"), last.received());
    assertEquals(List.of("p3 published still here in lobby"), recorder.takeEntries());
    assertEquals(4, chat.chat().room("lobby").orElseThrow().size());
    chat.close();
    assertEquals(List.of(), last.received());
    assertEquals(
        Set.of(
            "p0 left lobby 1012", "p1 left lobby 1012", "p2 left lobby 1012", "p3 left lobby 1012"),
        new HashSet<>(recorder.takeEntries()));
    assertEquals(0, chat.chat().participants());
    assertEquals(List.of(), List.copyOf(chat.chat().rooms()));
  }

  @Test
  void handshakesAreRejectedWithATimeToWait() {
    TestChat chat = chat(limits.withReconnectDelay(Duration.ofSeconds(30)));
    AcceptedAdmission earlier =
        assertInstanceOf(AcceptedAdmission.class, chat.admit(TestHandshake.create()));
    chat.connect("lobby", "ann");
    chat.chat().drain();
    Set<Duration> waits = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Rejection rejection = assertInstanceOf(Rejection.class, chat.admit(TestHandshake.create()));
      assertEquals(503, rejection.status());
      assertEquals(Rejection.CLOSING, rejection.code());
      assertTrue(rejection.retryAfter().compareTo(Duration.ofSeconds(1)) >= 0);
      assertTrue(rejection.retryAfter().compareTo(Duration.ofSeconds(30)) <= 0);
      waits.add(rejection.retryAfter());
    }
    assertTrue(waits.size() > 50, waits.toString());
    TestClient late = chat.connect(earlier);
    assertEquals(1012, late.closeStatus().orElseThrow().code());
  }

  @Test
  void aConnectionThatComesTooLateDoesNotTakeAwayThePlaceOfItsParticipant() {
    TestChat chat = chat(limits);
    TestClient ann = chat.connect("lobby", "ann");
    TestClient bob = chat.connect("lobby", "bob");
    bob.received();
    chat.chat().drain();
    chat.advance(DRAIN.dividedBy(2));
    assertFalse(ann.isOpen());
    assertEquals(1012, chat.connect("lobby", "ann").closeStatus().orElseThrow().code());
    chat.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), bob.received());
    assertEquals(2, chat.chat().room("lobby").orElseThrow().size());
  }

  @Tag("slow")
  @Test
  void eachClientIsToldADelayOfItsOwn() {
    TestChat chat = chat(limits.withReconnectDelay(Duration.ofSeconds(5)));
    List<TestClient> clients = connect(chat, 100);
    chat.close();
    Set<Integer> delays = new HashSet<>();
    for (TestClient client : clients) {
      CloseStatus status = client.closeStatus().orElseThrow();
      Matcher matcher = REASON.matcher(status.reason());
      assertEquals(1012, status.code());
      assertTrue(matcher.matches(), status.reason());
      int millis = Integer.parseInt(matcher.group(1));
      assertTrue(millis <= 5000, status.reason());
      delays.add(millis);
    }
    assertTrue(delays.size() > 50, delays.toString());
    assertTrue(recorder.entries().contains("p0 left lobby 1012"));
  }

  @Test
  void aChatWithoutConnectionsIsDrainedAtOnce() {
    TestChat chat = chat(limits);
    var drained = chat.chat().drain().toCompletableFuture();
    chat.advance(Duration.ofMillis(500));
    assertTrue(drained.isDone());
    chat.close();
    assertTrue(chat.chat().drain().toCompletableFuture().isDone());
  }

  @Test
  void withoutADrainTimeADrainEndsAllConnectionsAtOnce() {
    TestChat chat = chat(Limits.defaults());
    List<TestClient> clients = connect(chat, 10);
    chat.chat().drain();
    chat.advance(Duration.ofMillis(500));
    assertEquals(0, open(clients));
  }

  @Test
  void aSlowClientThatReadsReceivesAllThatWasAcceptedBeforeItsClose() {
    Limits short5 = limits.withCloseTimeout(Duration.ofSeconds(1));
    TestChat chat = chat(short5.withWriteTimeout(Duration.ofSeconds(60)));
    TestClient slow = chat.connect("lobby", "slow");
    TestClient ann = chat.connect("lobby", "ann");
    slow.received();
    slow.stopReading();
    List<String> sent = new ArrayList<>();
    chat.chat().drain();
    for (int i = 0; i < 30; i++) {
      ann.send("message " + i);
      sent.add("message " + i);
    }
    chat.advance(Duration.ofSeconds(15)); // it was asked to leave long ago
    assertTrue(slow.isOpen());
    slow.resumeReading();
    assertEquals(sent, slow.received());
    assertEquals(Optional.of(CloseStatus.RESTART), slow.closeStatus());
  }

  @Test
  void aClientThatDoesNotReadIsAbortedWhenTheTimeIsOver() {
    Limits strict =
        limits.withShutdownTimeout(Duration.ofSeconds(8)).withWriteTimeout(Duration.ofMinutes(5));
    TestChat chat = chat(strict);
    TestClient stalled = chat.connect("lobby", "stalled");
    stalled.stopReading();
    chat.chat().room("lobby").orElseThrow().announce("hello");
    var drained = chat.chat().drain().toCompletableFuture();
    chat.advance(Duration.ofSeconds(27));
    assertEquals(1, chat.chat().connections());
    assertFalse(drained.isDone());
    chat.advance(Duration.ofSeconds(2));
    assertEquals(0, chat.chat().connections());
    assertTrue(drained.isDone());
    chat.close();
    assertTrue(recorder.entries().contains("stalled left lobby 1012"));
  }

  @Test
  void aMessageToADrainedParticipantIsRejected() {
    TestChat chat = chat(limits.withResumeWindow(Duration.ofSeconds(30)));
    chat.connect("lobby", "ann");
    chat.connect("lobby", "bob");
    Participant ann = chat.chat().participant("ann").orElseThrow();
    chat.chat().drain();
    assertTrue(ann.send("before").isDone());
    chat.advance(DRAIN.dividedBy(2));
    assertEquals(Rejection.GONE, ann.send("after").rejection().map(Rejection::code).orElseThrow());
  }

  /** Its handler has begun when its turn comes; what it sends after that is not handled. */
  @Test
  void aMessageThatIsBeingHandledIsPublishedAndAnsweredBeforeTheClose() throws Exception {
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            handling.countDown();
            try {
              proceed.await();
            } catch (InterruptedException interrupted) {
              throw new IllegalStateException(interrupted);
            }
            room.publish(message);
            message.reply("accepted");
          }
        };
    Chat chat = Chat.builder(handler).limits(limits.withDrainTime(Duration.ofMillis(40))).build();
    FakeConnection ann = FakeConnection.open(chat, "lobby", "ann");
    FakeConnection bob = FakeConnection.open(chat, "lobby", "bob");
    Thread reading = new Thread(() -> ann.send("hello"));
    reading.start();
    handling.await();
    var drained = chat.drain().toCompletableFuture();
    eventually("the others are closed", () -> bob.closeStatus() != null);
    bob.send("too late");
    proceed.countDown();
    reading.join();
    drained.join();
    assertEquals(List.of("hello", "accepted"), ann.received());
    assertEquals(CloseStatus.RESTART, ann.closeStatus());
    assertEquals(0, ann.aborts());
    chat.close();
  }

  @Tag("slow")
  @Test
  void closeDrainsAndLeavesNoThread() {
    Chat chat = Chat.builder(recorder).limits(limits.withDrainTime(Duration.ofMillis(300))).build();
    List<FakeConnection> all =
        IntStream.range(0, 30).mapToObj(i -> FakeConnection.open(chat, "lobby", "p" + i)).toList();
    chat.close();
    all.forEach(each -> assertEquals(CloseStatus.RESTART, each.closeStatus()));
    assertEquals(0, chat.connections());
    assertEquals(0, chat.participants());
    eventually(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("roomful-")));
  }

  @Test
  void aSecondCloseWaitsForTheFirst() throws Exception {
    Chat chat = Chat.builder(recorder).limits(limits.withDrainTime(Duration.ofMillis(500))).build();
    FakeConnection ann = FakeConnection.open(chat, "lobby", "ann");
    Thread first = new Thread(chat::close);
    first.start();
    eventually(
        "it has begun", () -> Gateway.of(chat).admit(TestHandshake.create()) instanceof Rejection);
    chat.close();
    assertEquals(CloseStatus.RESTART, ann.closeStatus());
    assertEquals(0, chat.participants());
    first.join();
  }

  @Test
  void aCloseFromACallbackDuringACloseReturnsAtOnce() throws Exception {
    CompletableFuture<Chat> itself = new CompletableFuture<>();
    CompletableFuture<Boolean> returned = new CompletableFuture<>();
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            itself.join().close();
            returned.complete(true);
          }
        };
    Chat chat = Chat.builder(handler).build();
    itself.complete(chat);
    FakeConnection.open(chat, "lobby", "ann");
    chat.close();
    assertTrue(returned.get());
  }

  @Test
  void aClientOfADrainedNodeContinuesOnAnotherNodeAndNobodySeesItLeave() {
    try (TestCluster cluster = cluster()) {
      TestClient bob = cluster.node(1).connect("lobby", "bob");
      TestClient ann = cluster.node(0).connect("lobby", "ann");
      cluster.node(0).connect("lobby", "gone");
      cluster.deliver();
      String[] welcome = ann.received().get(0).split(" ", -1);
      bob.received();
      cluster.node(0).chat().drain();
      cluster.advance(Duration.ofSeconds(11));
      assertEquals(CloseStatus.RESTART, ann.closeStatus().orElseThrow());
      bob.send("while it is away");
      cluster.node(1).chat().participant("ann").orElseThrow().send("for you");
      cluster.deliver();
      TestClient back =
          cluster
              .node(1)
              .connect(
                  AcceptedAdmission.of("ann", "lobby")
                      .withResumeSecret(welcome[0])
                      .withReplay(
                          dev.roomful.admission.HistoryRange.since(
                              Position.parse(welcome[1]).orElseThrow())));
      cluster.deliver();
      assertEquals(
          List.of("while it is away", "for you"),
          back.received().stream().filter(text -> !text.startsWith(welcome[0])).toList());
      assertEquals(List.of("while it is away"), bob.received());
      cluster.node(0).restart();
      cluster.advance(Duration.ofSeconds(4));
      assertEquals(List.of(), bob.received());
      cluster.advance(Duration.ofSeconds(40)); // its lease and the resume windows are over
      assertEquals(List.of("-gone"), bob.received());
      assertTrue(back.isOpen());
    }
  }

  private TestCluster cluster() {
    return TestChat.cluster(
        2,
        node ->
            Chat.builder(new RoomHandler() {})
                .limits(limits.withResumeWindow(Duration.ofSeconds(30)))
                .rooms(
                    RoomOptions.defaults()
                        .withHistory(History.of(100))
                        .withNotices(new JoinLeaveNotices())
                        .withWelcome(
                            info ->
                                Payload.text(
                                    info.resumeSecret().orElseThrow() + " " + info.position()))));
  }
}
