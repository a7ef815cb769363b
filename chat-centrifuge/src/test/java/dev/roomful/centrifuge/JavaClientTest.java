package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.JavaClient.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.Cable;
import io.github.centrifugal.centrifuge.ClientState;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.SubscriptionState;
import io.github.centrifugal.centrifuge.TokenCallback;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java SDK, which speaks Protobuf, tells the stories that the SDK for browsers tells. */
@ParameterizedClass
@EnumSource(Site.Kind.class)
class JavaClientTest {
  private static Club club;

  @Parameter Site.Kind kind;

  private final List<JavaClient> clients = new ArrayList<>();

  @BeforeParameterizedClassInvocation
  static void open(Site.Kind kind) throws Exception {
    club = new Club(kind);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    club.close();
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    for (JavaClient client : clients) {
      client.close();
    }
  }

  private JavaClient client(URI base, String path, Options options) {
    JavaClient client = new JavaClient(base.resolve(path), options);
    clients.add(client);
    return client;
  }

  private JavaClient connected(String user, URI base) throws InterruptedException {
    return client(base, "/open?user=" + user, new Options()).connected();
  }

  private JavaClient connected(String user) throws InterruptedException {
    return connected(user, club.uri());
  }

  private static SubscriptionOptions recoverable() {
    SubscriptionOptions options = new SubscriptionOptions();
    options.setPositioned(true);
    options.setRecoverable(true);
    return options;
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  private static void say(JavaSubscription room, int from, int to) throws Exception {
    for (String number : numbers(from, to)) {
      room.say(number);
    }
  }

  private static List<String> texts(HistoryResult history) {
    return history.getPublications().stream().map(one -> JavaClient.text(one.getData())).toList();
  }

  @Test
  void whatOnePublishesAllHear() throws Exception {
    JavaSubscription ann = connected("ann").in("all");
    JavaSubscription bob = connected("bob").in("all");

    say(ann, 1, 50);

    assertEquals(numbers(1, 50), ann.heard(50));
    assertEquals(numbers(1, 50), bob.heard(50));
  }

  @Test
  void whoIsHereWhoComesAndGoes() throws Exception {
    SubscriptionOptions joinLeave = new SubscriptionOptions();
    joinLeave.setJoinLeave(true);
    JavaSubscription ann = connected("ann").in("presence", joinLeave);
    JavaSubscription bob = connected("bob").in("presence");

    assertEquals(List.of("ann", "bob"), List.of(ann.came(), ann.came()));
    assertEquals(List.of("ann", "bob"), ann.users());
    PresenceStatsResult stats = answer(ann.sdk()::presenceStats);
    assertEquals(List.of(2, 2), List.of(stats.getNumClients(), stats.getNumUsers()));

    bob.sdk().unsubscribe();

    assertEquals("bob", ann.went());
    assertEquals(1, answer(ann.sdk()::presenceStats).getNumClients());
  }

  @Test
  void whatWasSaidBeforeForwardsAndBackwards() throws Exception {
    JavaSubscription ann = connected("ann").in("history");
    say(ann, 1, 10);

    HistoryResult first = ann.history(new HistoryOptions.Builder().withLimit(4));
    StreamPosition since =
        new StreamPosition(first.getPublications().get(3).getOffset(), first.getEpoch());

    assertEquals(numbers(1, 4), texts(first));
    assertEquals(
        numbers(5, 10),
        texts(ann.history(new HistoryOptions.Builder().withLimit(100).withSince(since))));
    assertEquals(
        List.of("10", "9", "8"),
        texts(ann.history(new HistoryOptions.Builder().withLimit(3).withReverse(true))));
    assertEquals(10, ann.history(new HistoryOptions.Builder().withLimit(0)).getOffset());
  }

  @Test
  void aKilledConnectionRecoversWithoutGapOrDouble() throws Exception {
    try (Cable cable = new Cable(club.uri())) {
      JavaClient killed = connected("ann", cable.near());
      JavaSubscription ann = killed.in("recovery", recoverable());
      JavaSubscription bob = connected("bob").in("recovery");
      for (int said = 0; said < 60; said += 20) {
        cable.cut();
        assertEquals(1, killed.lost());
        say(bob, said + 1, said + 20);
        cable.mend();

        SubscribedEvent back = ann.subscribed();
        assertTrue(back.wasRecovering());
        assertTrue(back.getRecovered());
        assertEquals(numbers(said + 1, said + 20), ann.heard(20));
      }

      say(bob, 61, 61);

      assertEquals(numbers(61, 61), ann.heard(1));
    }
  }

  @Test
  void whatIsNotKeptAnyMoreIsNotRecoveredAndThatIsSaid() throws Exception {
    try (Cable cable = new Cable(club.uri())) {
      JavaClient killed = connected("ann", cable.near());
      JavaSubscription ann = killed.in("forgotten", recoverable());
      JavaSubscription bob = connected("bob").in("forgotten");
      cable.cut();
      killed.lost();
      say(bob, 1, 150);
      cable.mend();

      SubscribedEvent back = ann.subscribed();
      assertTrue(back.wasRecovering());
      assertEquals(false, back.getRecovered());
      say(bob, 151, 151);

      assertEquals(numbers(151, 151), ann.heard(1));
    }
  }

  @Test
  void aTokenSaysWhoSomebodyIsAndIsRefreshed() throws Exception {
    Semaphore asked = new Semaphore(0);
    Options options = new Options();
    options.setTokenGetter(
        new ConnectionTokenGetter() {
          @Override
          public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
            asked.release();
            long end = Instant.now().getEpochSecond() + 2;
            callback.Done(null, TokensTest.hs256("{\"sub\":\"ann\",\"exp\":" + end + "}"));
          }
        });
    JavaClient ann = client(club.uri(), "/token", options).connected();

    assertEquals(List.of("ann"), ann.in("tokens").users());
    assertTrue(asked.tryAcquire(3, 20, TimeUnit.SECONDS), "the token was refreshed twice");
    assertEquals("1", ann.call("echo", "1"));
    assertEquals(ClientState.CONNECTED, ann.sdk().getState());
  }

  @Test
  void aTokenThatIsNotGoodEndsItForGood() throws Exception {
    Options options = new Options();
    options.setToken("x" + TokensTest.hs256("{\"sub\":\"ann\"}"));

    assertEquals(3500, client(club.uri(), "/token", options).disconnected());
  }

  @Test
  void someCodesBringAClientBackOthersDoNot() throws Exception {
    JavaClient ann = connected("ann");

    closeWith(4100, ann);
    assertEquals(4100, ann.lost());
    ann.connected();

    closeWith(4500, ann);
    assertEquals(4500, ann.disconnected());
  }

  private static void closeWith(int code, JavaClient client) {
    byte[] data = Integer.toString(code).getBytes(UTF_8);
    client.sdk().rpc("close", data, (error, result) -> {});
  }

  @Test
  void aCallIsAnsweredOrRefused() throws Exception {
    JavaClient ann = connected("ann");

    assertEquals("{\"a\":1}", ann.call("echo", "{\"a\":1}"));
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> ann.call("nothing", "{}"));
    assertEquals(104, assertInstanceOf(ReplyError.class, refused.getCause()).getCode());
  }

  @Test
  void aHundredRoomsAtOnceAndOutOfThemBeforeTheAnswer() throws Exception {
    JavaClient ann = connected("ann");
    List<JavaSubscription> rooms = new ArrayList<>();
    for (String number : numbers(1, 100)) {
      rooms.add(new JavaSubscription(ann, "room-" + number, new SubscriptionOptions()));
    }
    for (int round = 0; round < 4; round++) {
      rooms.forEach(room -> room.sdk().subscribe());
      for (JavaSubscription room : rooms) {
        room.subscribed();
      }
      leave(rooms);
      for (JavaSubscription room : rooms) {
        room.sdk().subscribe();
        room.sdk().unsubscribe();
      }
      // The SDK takes the late answer for a new beginning, so that it has to leave once more.
      for (JavaSubscription room : rooms) {
        room.subscribed();
        room.unsubscribed();
      }
      leave(rooms);
    }
    JavaSubscription last = rooms.get(99);

    last.sdk().subscribe();
    last.subscribed();
    last.say("still there");

    assertEquals(List.of("still there"), last.heard(1));
    assertEquals(List.of("ann"), last.users());
    assertEquals(List.of("bob"), connected("bob").in("room-1").users());
  }

  private static void leave(List<JavaSubscription> rooms) throws InterruptedException {
    List<JavaSubscription> in =
        rooms.stream()
            .filter(room -> room.sdk().getState() == SubscriptionState.SUBSCRIBED)
            .toList();
    in.forEach(room -> room.sdk().unsubscribe());
    for (JavaSubscription room : in) {
      room.unsubscribed();
    }
  }
}
