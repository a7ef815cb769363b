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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What every case has: a chat on the transport under test, clients, threads beside the test's own;
 * and, when it is over, a look whether anything is left of them.
 *
 * <p>The cases are in classes of which each extends the one before, since JUnit runs what a class
 * inherits. Only the last one is for others to extend.
 */
@Timeout(30)
@Isolated("its cases measure time, and look for threads of any chat")
abstract class Stage {
  static final String PATH = ServerFixture.PATH;
  static final Duration PROMPTLY = Duration.ofSeconds(1);
  static final Duration PATIENCE = Duration.ofSeconds(5);

  static final Limits LIMITS = ServerFixture.LIMITS;

  private final List<Peer> peers = Collections.synchronizedList(new ArrayList<>());
  private ExecutorService threads = Executors.newCachedThreadPool(Stage::thread);
  private @Nullable Chat chat;
  private @Nullable Served served;

  abstract Served serve(Chat chat, String path) throws Exception;

  abstract Set<Quirk> quirks();

  boolean has(Quirk quirk) {
    return quirks().contains(quirk);
  }

  @BeforeEach
  final void begin() {
    peers.clear();
    threads = Executors.newCachedThreadPool(Stage::thread);
    chat = null;
    served = null;
  }

  @AfterEach
  final void nothingIsLeft() throws Exception {
    Chat open = chat;
    Served transport = served;
    try {
      peers.forEach(Peer::close);
      if (open != null) {
        Await.until(
            () -> "nothing is left, but there are " + count(open), PATIENCE, () -> isEmpty(open));
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

  /** A pool counts as ended a moment before its last thread has. */
  static void assertNoThreadIsLeft() {
    Await.until(
        () -> "no thread is left of " + chatThreads(), PROMPTLY, () -> chatThreads().isEmpty());
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "contract");
    thread.setDaemon(true);
    return thread;
  }

  /** A chat to be configured that lets everybody in as and where the path says. */
  static Chat.Builder chat(Diary diary) {
    return Chat.builder(diary).authenticator(ServerFixture::authenticateByPath).limits(LIMITS);
  }

  Chat open(Diary diary) throws Exception {
    return open(chat(diary));
  }

  Chat open(Diary diary, Limits limits) throws Exception {
    return open(chat(diary).limits(limits));
  }

  Chat open(Chat.Builder builder) throws Exception {
    Chat open = builder.build();
    chat = open;
    served = serve(open, PATH);
    return open;
  }

  /** The transport on which this case's chat was opened. */
  Served served() {
    Served transport = served;
    if (transport == null) {
      throw new IllegalStateException("no chat is open: open(chat(...)) first");
    }
    return transport;
  }

  /** Connects, and leaves it open whether the chat has noticed yet. */
  Peer connect(String room, String id) throws IOException {
    return connect("/chat/" + room + "/" + id, Map.of());
  }

  Peer connect(String pathAndQuery, Map<String, String> headers) throws IOException {
    return track(served().connect(pathAndQuery, headers));
  }

  /** Sees to it that the client is gone when the case is over. */
  <P extends Peer> P track(P peer) {
    peers.add(peer);
    return peer;
  }

  /** Connects, and returns when the participant is in the room. */
  Peer enter(String room, String id) throws IOException {
    Peer peer = connect(room, id);
    peer.text(Diary.CALL);
    String heard = peer.nextText();
    while (!heard.equals(Diary.ANSWER)) {
      heard = peer.nextText();
    }
    return peer;
  }

  Room room(String name) {
    return chat().room(name).orElseThrow(() -> new AssertionError("there is no room " + name));
  }

  Participant participant(String id) {
    return chat().participant(id).orElseThrow(() -> new AssertionError(id + " is not here"));
  }

  private Chat chat() {
    Chat open = chat;
    if (open == null) {
      throw new IllegalStateException("no chat is open: open(chat(...)) first");
    }
    return open;
  }

  /** A step of several that are taken at the same time. */
  interface Step {
    void take(int number) throws Exception;
  }

  /** Runs a task beside the test; the test must look at the result. */
  <T> Future<T> beside(Callable<T> task) {
    return threads.submit(task);
  }

  /** Takes a step on each of so many threads at once, and returns when all have been taken. */
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

  /** One by one: of thousands that are not as expected, the first says most. */
  static void assertHears(List<String> expected, Peer peer) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), peer.nextText(), "text " + i + " of " + expected.size());
    }
  }

  static Received.Close close(CloseStatus status) {
    return new Received.Close(status.code(), status.reason());
  }
}
