package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.JavaClient.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.TcpProxy;
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
import java.util.Map;
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

/** The scenarios of {@link JavaScriptClientTest} with the Java SDK, which uses Protobuf. */
@ParameterizedClass
@EnumSource(ContainerServer.Kind.class)
class JavaClientTest {
  private static SdkChatServer chatServer;

  @Parameter ContainerServer.Kind kind;

  private final List<JavaClient> clients = new ArrayList<>();

  @BeforeParameterizedClassInvocation
  static void open(ContainerServer.Kind kind) throws Exception {
    chatServer = new SdkChatServer(kind);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    chatServer.close();
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

  private JavaClient connect(String user, URI base) throws InterruptedException {
    return client(base, "/open?user=" + user, new Options()).awaitConnected();
  }

  private JavaClient connect(String user) throws InterruptedException {
    return connect(user, chatServer.uri());
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

  private static void publish(JavaSubscription room, int from, int to) throws Exception {
    for (String number : numbers(from, to)) {
      room.publish(number);
    }
  }

  private static List<String> texts(HistoryResult history) {
    return history.getPublications().stream()
        .map(publication -> JavaClient.text(publication.getData()))
        .toList();
  }

  @Test
  void aPublicationReachesAllSubscribers() throws Exception {
    JavaSubscription ann = connect("ann").subscribe("all");
    JavaSubscription bob = connect("bob").subscribe("all");

    publish(ann, 1, 50);

    assertEquals(numbers(1, 50), ann.awaitReceived(50));
    assertEquals(numbers(1, 50), bob.awaitReceived(50));
  }

  @Test
  void headersOfAMessageAreTheTagsOfItsPublication() throws Exception {
    JavaSubscription ann = connect("ann").subscribe("tags");

    connect("bob").subscribe("tags").publish("1");

    assertEquals(Map.of("from", "bob"), ann.awaitTags());
  }

  @Test
  void presenceJoinsAndLeavesAreReported() throws Exception {
    SubscriptionOptions joinLeave = new SubscriptionOptions();
    joinLeave.setJoinLeave(true);
    JavaSubscription ann = connect("ann").subscribe("presence", joinLeave);
    JavaSubscription bob = connect("bob").subscribe("presence");

    assertEquals(List.of("ann", "bob"), List.of(ann.awaitJoined(), ann.awaitJoined()));
    assertEquals(List.of("ann", "bob"), ann.users());
    PresenceStatsResult stats = await(ann.sdk()::presenceStats);
    assertEquals(List.of(2, 2), List.of(stats.getNumClients(), stats.getNumUsers()));

    bob.sdk().unsubscribe();

    assertEquals("bob", ann.awaitLeft());
    assertEquals(1, await(ann.sdk()::presenceStats).getNumClients());
  }

  @Test
  void historyIsReadForwardsAndBackwards() throws Exception {
    JavaSubscription ann = connect("ann").subscribe("history");
    publish(ann, 1, 10);

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
  void aLostConnectionRecoversWithoutGapsOrDuplicates() throws Exception {
    try (TcpProxy proxy = new TcpProxy(chatServer.uri())) {
      JavaClient killed = connect("ann", proxy.address());
      JavaSubscription ann = killed.subscribe("recovery", recoverable());
      JavaSubscription bob = connect("bob").subscribe("recovery");
      for (int published = 0; published < 60; published += 20) {
        proxy.cut();
        assertEquals(1, killed.awaitLost());
        publish(bob, published + 1, published + 20);
        proxy.restore();

        SubscribedEvent resubscribed = ann.awaitSubscribed();
        assertTrue(resubscribed.wasRecovering());
        assertTrue(resubscribed.getRecovered());
        assertEquals(numbers(published + 1, published + 20), ann.awaitReceived(20));
      }

      publish(bob, 61, 61);

      assertEquals(numbers(61, 61), ann.awaitReceived(1));
    }
  }

  @Test
  void aPositionBeforeTheHistoryIsReportedAsNotRecovered() throws Exception {
    try (TcpProxy proxy = new TcpProxy(chatServer.uri())) {
      JavaClient killed = connect("ann", proxy.address());
      JavaSubscription ann = killed.subscribe("forgotten", recoverable());
      JavaSubscription bob = connect("bob").subscribe("forgotten");
      proxy.cut();
      killed.awaitLost();
      publish(bob, 1, 150);
      proxy.restore();

      SubscribedEvent resubscribed = ann.awaitSubscribed();
      assertTrue(resubscribed.wasRecovering());
      assertEquals(false, resubscribed.getRecovered());
      publish(bob, 151, 151);

      assertEquals(numbers(151, 151), ann.awaitReceived(1));
    }
  }

  @Test
  void aTokenIdentifiesTheUserAndIsRefreshed() throws Exception {
    Semaphore tokenRequests = new Semaphore(0);
    Options options = new Options();
    options.setTokenGetter(
        new ConnectionTokenGetter() {
          @Override
          public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
            tokenRequests.release();
            long end = Instant.now().getEpochSecond() + 2;
            callback.Done(null, TokensTest.hs256("{\"sub\":\"ann\",\"exp\":" + end + "}"));
          }
        });
    JavaClient ann = client(chatServer.uri(), "/token", options).awaitConnected();

    assertEquals(List.of("ann"), ann.subscribe("tokens").users());
    assertTrue(tokenRequests.tryAcquire(3, 20, TimeUnit.SECONDS), "the token was refreshed twice");
    assertEquals("1", ann.rpc("echo", "1"));
    assertEquals(ClientState.CONNECTED, ann.sdk().getState());
  }

  @Test
  void anInvalidTokenDisconnectsTheClientPermanently() throws Exception {
    Options options = new Options();
    options.setToken("x" + TokensTest.hs256("{\"sub\":\"ann\"}"));

    assertEquals(3500, client(chatServer.uri(), "/token", options).awaitDisconnected());
  }

  @Test
  void aClientReconnectsAfterSomeCodesAndNotAfterOthers() throws Exception {
    JavaClient ann = connect("ann");

    closeWith(4100, ann);
    assertEquals(4100, ann.awaitLost());
    ann.awaitConnected();

    closeWith(4500, ann);
    assertEquals(4500, ann.awaitDisconnected());
  }

  private static void closeWith(int code, JavaClient client) {
    byte[] data = Integer.toString(code).getBytes(UTF_8);
    client.sdk().rpc("close", data, (error, result) -> {});
  }

  @Test
  void anRpcIsAnsweredOrFails() throws Exception {
    JavaClient ann = connect("ann");

    assertEquals("{\"a\":1}", ann.rpc("echo", "{\"a\":1}"));
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> ann.rpc("nothing", "{}"));
    assertEquals(104, assertInstanceOf(ReplyError.class, failure.getCause()).getCode());
  }

  @Test
  void aHundredRoomsCanBeSubscribedAtOnceAndLeftBeforeTheReply() throws Exception {
    JavaClient ann = connect("ann");
    List<JavaSubscription> rooms = new ArrayList<>();
    for (String number : numbers(1, 100)) {
      rooms.add(new JavaSubscription(ann, "room-" + number, new SubscriptionOptions()));
    }
    for (int round = 0; round < 4; round++) {
      rooms.forEach(room -> room.sdk().subscribe());
      for (JavaSubscription room : rooms) {
        room.awaitSubscribed();
      }
      unsubscribeAll(rooms);
      for (JavaSubscription room : rooms) {
        room.sdk().subscribe();
        room.sdk().unsubscribe();
      }
      // The SDK takes the late reply for a new subscription and has to leave once more.
      for (JavaSubscription room : rooms) {
        room.awaitSubscribed();
        room.awaitUnsubscribed();
      }
      unsubscribeAll(rooms);
    }
    JavaSubscription last = rooms.get(99);

    last.sdk().subscribe();
    last.awaitSubscribed();
    last.publish("still there");

    assertEquals(List.of("still there"), last.awaitReceived(1));
    assertEquals(List.of("ann"), last.users());
    assertEquals(List.of("bob"), connect("bob").subscribe("room-1").users());
  }

  private static void unsubscribeAll(List<JavaSubscription> rooms) throws InterruptedException {
    List<JavaSubscription> subscribed =
        rooms.stream()
            .filter(room -> room.sdk().getState() == SubscriptionState.SUBSCRIBED)
            .toList();
    subscribed.forEach(room -> room.sdk().unsubscribe());
    for (JavaSubscription room : subscribed) {
      room.awaitUnsubscribed();
    }
  }
}
