package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An adapter whose handlers run on virtual threads: handlers that block hold no platform thread,
 * and code of this library pins none. Needs JDK 21: annotate the class with
 * {@code @EnabledForJreRange(min = JRE.JAVA_21)}, which is not inherited.
 */
public abstract class VirtualThreadsContract {
  /** The text of a message that is answered at once. */
  private static final String FIRST = "first";

  private static final Duration BLOCKED_WITHIN = Duration.ofSeconds(5);

  private final int blocked;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();
  private final Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor = VirtualThreads.newExecutor();

  /**
   * Creates the contract of a server.
   *
   * @param blocked how many handlers block at once: more than the server has threads
   */
  protected VirtualThreadsContract(int blocked) {
    this.blocked = blocked;
  }

  /**
   * Returns the server of the case, which is stopped after it.
   *
   * @return the same server each time; at first it has not been started
   */
  protected abstract ServerFixture server();

  /**
   * Has callbacks run on virtual threads; by default as the chat's callback executor.
   *
   * @param builder the chat's settings
   * @param virtualThreads starts a virtual thread for each task
   * @return the settings
   */
  protected Chat.Builder configure(Chat.Builder builder, ExecutorService virtualThreads) {
    return builder.callbackExecutor(virtualThreads);
  }

  /**
   * Admits a client as its path says. An adapter that authenticates on virtual threads calls {@link
   * #recordThread} too.
   *
   * @param handshake the handshake
   * @return the admission
   */
  protected Admission authenticate(Handshake handshake) {
    return ServerFixture.authenticateByPath(handshake);
  }

  /** Records whether the calling thread is virtual: all that are recorded have to be. */
  protected final void recordThread() {
    virtual.add(VirtualThreads.isCurrent());
  }

  @AfterEach
  final void stop() throws Exception {
    gate.countDown();
    server().stop();
    executor.shutdownNow();
  }

  private final class BlockingHandler implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      if (message.text().equals(FIRST)) {
        room.publish(message);
        return;
      }
      recordThread();
      waiting.incrementAndGet();
      Await.open(gate);
      room.publish(message);
    }
  }

  @Test
  void handlersBlockOnVirtualThreadsAndPinNone() throws Exception {
    ServerFixture server = server();
    Chat.Builder builder =
        Chat.builder(new BlockingHandler())
            .authenticator(this::authenticate)
            .limits(ServerFixture.LIMITS);
    Chat chat = server.chat(configure(builder, executor));
    server.serve(chat);
    // A thread that waits for a class to be loaded is pinned, which the first message has them do.
    WireClient first = server.join(chat, FIRST, FIRST);
    first.text(FIRST);
    assertEquals(FIRST, first.nextText());
    List<String> pinned =
        VirtualThreads.pinnedDuring(
            () -> {
              List<WireClient> clients = new ArrayList<>();
              for (int i = 0; i < blocked; i++) {
                WireClient client = server.join(chat, "room" + i, "p" + i);
                client.text("hello");
                clients.add(client);
              }
              Await.until("all handlers block", BLOCKED_WITHIN, () -> waiting.get() == blocked);
              gate.countDown();
              for (WireClient client : clients) {
                assertEquals("hello", client.nextText());
              }
            });
    assertEquals(Set.of(true), virtual);
    assertEquals(List.of(), pinned);
  }
}
