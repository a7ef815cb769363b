package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers and authenticators that do not return for a long time. */
class BlockingCallbacksTest {
  /** More than the server has worker threads. */
  private static final int BLOCKED = 40;

  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger blocked = new AtomicInteger();
  private final TestServer testServer = new TestServer();

  /** Blocks on the text {@code block}, publishes all others. */
  private final RoomHandler handler =
      new RecordingHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().equals("block")) {
            block();
          } else {
            super.onMessage(room, message);
          }
        }
      };

  private void block() {
    blocked.incrementAndGet();
    Await.latch(never);
  }

  /** Blocks for participants whose id begins with {@code slow}. */
  private Admission authenticate(Handshake handshake) {
    if (handshake.path("id").orElse("").startsWith("slow")) {
      block();
    }
    return TestServer.authenticateByPath(handshake);
  }

  @AfterEach
  void stop() throws Exception {
    never.countDown();
    testServer.stop();
  }

  private void assertOthersCanJoinAndPublish(Chat chat) throws Exception {
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }

  @Test
  void handlersThatBlockPreventNobodyElseFromJoiningAndPublishing() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    for (int i = 0; i < BLOCKED; i++) {
      testServer.join(chat, "hall", "p" + i).text("block");
    }
    Await.until("all are blocked", () -> blocked.get() == BLOCKED);
    assertOthersCanJoinAndPublish(chat);
  }

  @Test
  void authenticatorsThatBlockPreventNobodyElseFromJoiningAndPublishing() throws Exception {
    Chat chat =
        testServer.chat(
            Chat.builder(handler).limits(TestServer.LIMITS).authenticator(this::authenticate));
    testServer.serve(chat);
    List<CompletableFuture<WireClient>> handshakes = new ArrayList<>();
    for (int i = 0; i < BLOCKED; i++) {
      handshakes.add(connectInBackground("slow" + i));
    }
    Await.until("all are blocked", () -> blocked.get() == BLOCKED);
    assertOthersCanJoinAndPublish(chat);
    never.countDown();
    for (CompletableFuture<WireClient> handshake : handshakes) {
      handshake.join();
    }
  }

  private CompletableFuture<WireClient> connectInBackground(String id) {
    CompletableFuture<WireClient> connected = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                connected.complete(testServer.request("/chat/hall/" + id).connect());
              } catch (Exception failure) {
                connected.completeExceptionally(failure);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return connected.whenComplete(
        (client, failure) -> {
          if (client != null) {
            client.close();
          }
        });
  }

  @Test
  void anEmbeddedServerStopsAlthoughHandlersAndAuthenticatorsBlock() throws Exception {
    Chat chat =
        testServer.chat(
            Chat.builder(handler)
                .limits(TestServer.LIMITS.withShutdownTimeout(Duration.ofMillis(500)))
                .authenticator(this::authenticate));
    UndertowChat embedded = UndertowChat.start(chat, TestServer.PATH, "127.0.0.1", 0);
    URI uri = URI.create("ws://127.0.0.1:" + embedded.uri().getPort() + "/chat/hall/");
    WireClient ann = testServer.connect(WireClient.request(uri.resolve("ann")));
    ann.text("block");
    Thread slow =
        new Thread(
            () -> {
              try {
                WireClient.request(uri.resolve("slow")).connect().close();
              } catch (Exception stopped) {
                blocked.incrementAndGet();
              }
            });
    slow.start();
    Await.until("both are blocked", () -> blocked.get() == 2);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(embedded::close);
    Await.until("the server has stopped", Duration.ofSeconds(8), closing::isDone);
    never.countDown();
    slow.join(Await.TIMEOUT.toMillis());
    assertTrue(!slow.isAlive(), "the client of the blocked handshake has ended");
  }

  @Test
  void aHandshakeAfterTheChatHasClosedIsRejected() throws Exception {
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    chat.close();
    WireClient.Rejected rejected =
        assertThrows(WireClient.Rejected.class, () -> testServer.connect("hall", "ann"));
    assertEquals(503, rejected.status());
  }
}
