package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.roomful.Chat;
import dev.roomful.ChatStats;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that come and go for a long time. {@code -Droomful.connections}, {@code -Droomful.cycles}
 * and {@code -Droomful.seconds} make it longer.
 */
abstract class WireSoakCases extends WireFaultCases {
  private static final int MIB = 1 << 20;
  private static final int MEMBERS = 10; // of each room
  private static final int ROOMS = Integer.getInteger("roomful.connections", 100) / MEMBERS;

  /** How many clients come, and go, at least. */
  private static final int CYCLES = Integer.getInteger("roomful.cycles", 400);

  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("roomful.seconds", 0));

  /** Time for all clients to go at once. */
  private static final Duration PATIENCE_WITH_ALL = Duration.ofMinutes(1);

  /** A client of this test answers pings only when it is its turn to read. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(10);

  /** What the whole process holds: the server, the chat and the clients. */
  private record Usage(long heap, long direct, long threads, long descriptors) {
    static Usage now() {
      return new Usage(
          heapInUse(),
          directMemory(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
              ? system.getOpenFileDescriptorCount()
              : 0);
    }

    /** Servers keep some buffers; what is left is less than a small object for each client. */
    boolean isHardlyMoreThan(Usage before, long clients) {
      return heap - before.heap < 8 * MIB + 24 * clients
          && direct - before.direct < MIB
          && threads - before.threads < 20
          && descriptors - before.descriptors < 20;
    }
  }

  /** The clients of all rooms, the oldest of each room first. */
  private final class Clients {
    private final List<Deque<Peer>> rooms = new ArrayList<>();
    private long come;
    private long spoken;

    Clients() throws IOException {
      for (int room = 0; room < ROOMS; room++) {
        rooms.add(new ArrayDeque<>());
        for (int i = 0; i < MEMBERS; i++) {
          come(room);
        }
      }
    }

    private Deque<Peer> come(int room) throws IOException {
      Deque<Peer> members = rooms.get(room);
      members.add(served().connect("/chat/room-" + room + "/p" + come, Map.of()));
      come++;
      return members;
    }

    /** One more client comes, speaks and is heard by all; the one that came first goes. */
    void replaceOne() throws IOException {
      String text = "from " + come;
      Deque<Peer> members = come((int) (come % ROOMS));
      members.getLast().text(text);
      spoken++;
      for (Peer member : members) {
        assertEquals(text, member.nextText());
      }
      leave(members.remove());
    }

    /** With a close frame, at the end of its output, or reset. */
    private void leave(Peer client) {
      switch ((int) (come % 3)) {
        case 0 -> {
          client.close(1000, "");
          assertEquals(1000, client.awaitClose().code());
        }
        case 1 -> client.hangUpWithoutClose();
        default -> {
          client.vanish();
          return;
        }
      }
      client.close();
    }

    void closeAll() {
      rooms.forEach(members -> members.forEach(Peer::close));
    }
  }

  /** Rooms, sessions, buffers, threads and sockets end with the clients that needed them. */
  @Test
  @Timeout(7200)
  @Rule("1.2")
  void connectionsThatEndLeaveNothingBehind() throws Exception {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message);
          }
        };
    Chat chat =
        open(
            Chat.builder(handler)
                .authenticator(ServerFixture::authenticateByPath)
                .limits(LIMITS.withIdleTimeout(IDLE_TIMEOUT)));
    Clients clients = new Clients();
    try {
      for (int i = 0; i < CYCLES / 4 + ROOMS; i++) {
        clients.replaceOne();
      }
      awaitOnly(chat, ROOMS, clients);
      Usage before = Usage.now();
      long first = clients.come;
      long start = System.nanoTime();
      while (clients.come - first < CYCLES || System.nanoTime() - start < TIME.toNanos()) {
        clients.replaceOne();
      }
      awaitOnly(chat, ROOMS, clients);
      long replaced = clients.come - first;
      List<Usage> after = new ArrayList<>();
      Await.until(
          () -> "after " + replaced + " clients, " + before + " is left, not " + after,
          PATIENCE,
          () -> {
            Usage now = Usage.now();
            after.add(now);
            return now.isHardlyMoreThan(before, replaced);
          });
      if (!TIME.isZero()) {
        System.out.println(
            replaced + " clients: " + before + ", then " + after.get(after.size() - 1));
      }
    } finally {
      clients.closeAll();
    }
    awaitOnly(chat, 0, clients);
  }

  /** Also compares the counters of the library with what the clients have done. */
  private static void awaitOnly(Chat chat, int rooms, Clients clients) {
    int here = rooms * MEMBERS;
    Await.until(
        () -> chat.stats() + " has " + here + " of " + clients.come + " clients",
        PATIENCE_WITH_ALL,
        () -> {
          ChatStats stats = chat.stats();
          return chat.connections() == here
              && stats.participants() == here
              && stats.sessions() == here
              && stats.suspendedSessions() == 0
              && stats.rooms() == rooms
              && stats.queuedBytes() == 0
              && stats.sessionsOpened() == clients.come
              && stats.sessionsClosed() == clients.come - here
              && stats.messagesReceived() == clients.spoken
              && stats.messagesPublished() == clients.spoken
              && stats.drops() + stats.rejections() == 0
              && stats.failedCallbacks() + stats.failedObservers() == 0;
        });
  }
}
