package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * Tomcat, and a chat with an executor of virtual threads: handlers that block hold no platform
 * thread.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
  /** More than the threads of Tomcat. */
  private static final int BLOCKED = 300;

  /** The text of a message that is answered at once. */
  private static final String FIRST = "first";

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();
  private final Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
  private final TestServer server = new TestServer();
  private final ExecutorService executor = VirtualThreads.newExecutor();

  @AfterEach
  void stop() throws Exception {
    gate.countDown();
    server.stop();
    executor.shutdownNow();
  }

  private final class BlockingHandler implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      if (message.text().equals(FIRST)) {
        room.publish(message);
        return;
      }
      virtual.add(VirtualThreads.isCurrent());
      waiting.incrementAndGet();
      Await.latch(gate);
      room.publish(message);
    }
  }

  @Test
  void handlersBlockOnVirtualThreadsAndPinNone() throws Exception {
    Chat chat =
        server.chat(
            Chat.builder(new BlockingHandler())
                .authenticator(ServerFixture::authenticateByPath)
                .limits(ServerFixture.LIMITS)
                .callbackExecutor(executor));
    server.serve(chat);
    // A thread that waits for a class to be loaded is pinned, which the first message has them do.
    WireClient first = server.join(chat, FIRST, FIRST);
    first.text(FIRST);
    assertEquals(FIRST, first.nextText());
    List<String> pinned =
        VirtualThreads.pinnedDuring(
            () -> {
              List<WireClient> clients = new ArrayList<>();
              for (int i = 0; i < BLOCKED; i++) {
                WireClient client = server.join(chat, "room" + i, "p" + i);
                client.text("hello");
                clients.add(client);
              }
              Await.until("all handlers block", () -> waiting.get() == BLOCKED);
              gate.countDown();
              for (WireClient client : clients) {
                assertEquals("hello", client.nextText());
              }
            });
    assertEquals(Set.of(true), virtual);
    assertEquals(List.of(), pinned);
  }
}
