package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Room;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What each case uses: a chat on the transport under test, clients, and further threads. After each
 * case it checks that nothing is left (rule 5.1).
 *
 * <p>Each class of cases extends the one before, because JUnit runs inherited cases. Only the last
 * class is public.
 */
@DisplayNameGeneration(RuleDisplayNames.class)
@Timeout(30)
@Isolated("its cases measure time, and look for threads of any chat")
abstract class CaseFixture {
  static final String PATH = ServerFixture.PATH;
  static final Duration PROMPTLY = Duration.ofSeconds(1);
  static final Duration PATIENCE = Duration.ofSeconds(5);

  static final Limits LIMITS = ServerFixture.LIMITS;

  private final List<Peer> peers = Collections.synchronizedList(new ArrayList<>());
  private ExecutorService threads = Executors.newCachedThreadPool(CaseFixture::thread);
  private @Nullable Chat chat;
  private @Nullable RunningTransport served;

  abstract RunningTransport serve(Chat chat, String path) throws Exception;

  abstract Set<Quirk> quirks();

  boolean has(Quirk quirk) {
    return quirks().contains(quirk);
  }

  @BeforeEach
  final void begin() {
    peers.clear();
    threads = Executors.newCachedThreadPool(CaseFixture::thread);
    chat = null;
    served = null;
  }

  @AfterEach
  final void nothingIsLeft() throws Exception {
    Chat open = chat;
    RunningTransport transport = served;
    try {
      peers.forEach(Peer::close);
      if (open != null) {
        Await.until(() -> "still there: " + count(open), PATIENCE, () -> isEmpty(open));
      }
    } finally {
      threads.shutdownNow();
      if (open != null) {
        open.close();
      }
      if (transport != null) {
        transport.close();
      }
    }
    assertNoThreadIsLeft();
  }

  static boolean isEmpty(Chat chat) {
    return chat.connections() == 0 && chat.participants() == 0 && chat.rooms().isEmpty();
  }

  private static String count(Chat chat) {
    return chat.connections()
        + " connections, "
        + chat.participants()
        + " participants, "
        + chat.rooms();
  }

  static List<Thread> chatThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("roomful-"))
        .toList();
  }

  /** Waits, because a pool counts as ended before its last thread has ended. */
  static void assertNoThreadIsLeft() {
    Await.until(
        () -> "no thread is left of " + chatThreads(), PROMPTLY, () -> chatThreads().isEmpty());
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "contract");
    thread.setDaemon(true);
    return thread;
  }

  /** {@return a builder of a chat that admits clients as their path says} */
  static Chat.Builder chat(CaseHandler handler) {
    return Chat.builder(handler).authenticator(ServerFixture::authenticateByPath).limits(LIMITS);
  }

  Chat open(CaseHandler handler) throws Exception {
    return open(chat(handler));
  }

  Chat open(CaseHandler handler, Limits limits) throws Exception {
    return open(chat(handler).limits(limits));
  }

  Chat open(Chat.Builder builder) throws Exception {
    Chat open = builder.build();
    chat = open;
    served = serve(open, PATH);
    return open;
  }

  /** {@return the transport that serves this case's chat} */
  RunningTransport served() {
    RunningTransport transport = served;
    if (transport == null) {
      throw new IllegalStateException("no chat is open: open(chat(...)) first");
    }
    return transport;
  }

  /** Connects, without waiting for the chat to open the connection. */
  Peer connect(String room, String id) throws IOException {
    return connect("/chat/" + room + "/" + id, Map.of());
  }

  Peer connect(String pathAndQuery, Map<String, String> headers) throws IOException {
    return track(served().connect(pathAndQuery, headers));
  }

  /** Closes the client when the case is over. */
  <P extends Peer> P track(P peer) {
    peers.add(peer);
    return peer;
  }

  /** Connects, and waits until the participant is in the room. */
  Peer enter(String room, String id) throws IOException {
    Peer peer = connect(room, id);
    peer.text(CaseHandler.PROBE);
    String received = peer.nextText();
    while (!received.equals(CaseHandler.PROBE_ANSWER)) {
      received = peer.nextText();
    }
    return peer;
  }

  Room room(String name) {
    return chat().room(name).orElseThrow(() -> new AssertionError("no room " + name));
  }

  Participant participant(String id) {
    return chat().participant(id).orElseThrow(() -> new AssertionError(id + " is not in the chat"));
  }

  private Chat chat() {
    Chat open = chat;
    if (open == null) {
      throw new IllegalStateException("no chat is open: open(chat(...)) first");
    }
    return open;
  }

  /** One of several steps that run at the same time. */
  interface Step {
    void take(int number) throws Exception;
  }

  /** Runs a task on another thread; the case must check the result. */
  <T> Future<T> beside(Callable<T> task) {
    return threads.submit(task);
  }

  /** Runs a step on each of several threads at once, and waits for all. */
  void together(int count, Step step) throws Exception {
    for (Future<Boolean> one : allAtOnce(count, step)) {
      one.get(25, TimeUnit.SECONDS);
    }
  }

  List<Future<Boolean>> allAtOnce(int count, Step step) {
    CountDownLatch ready = new CountDownLatch(count);
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      all.add(
          beside(
              () -> {
                ready.countDown();
                Await.open(ready);
                step.take(number);
                return true;
              }));
    }
    return all;
  }

  /** Compares one by one, so that the first difference is reported. */
  static void assertReceives(List<String> expected, Peer peer) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), peer.nextText(), "text " + i + " of " + expected.size());
    }
  }

  static Received.Close close(CloseStatus status) {
    return new Received.Close(status.code(), status.reason());
  }
}
