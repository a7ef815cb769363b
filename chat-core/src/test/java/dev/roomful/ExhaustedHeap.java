package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program whose heap is full again and again while members of a room receive messages and other
 * clients come and go. Prints what is wrong afterwards, and "fine" if nothing is. Its argument is
 * how often the heap is full.
 */
final class ExhaustedHeap {
  private static final int MEMBERS = 8;
  private static final int MOST_MESSAGES = 400_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  // Allocated before the heap is full.
  private static final boolean[] accepted = new boolean[MOST_MESSAGES];
  private static final List<String> wrong = new ArrayList<>();
  private static volatile boolean over;
  private static final AtomicInteger briefGone = new AtomicInteger();

  /** A client that takes all at once. */
  private static final class Client implements Connection {
    final String id;
    final boolean[] received;
    volatile boolean ended;
    boolean fails;
    private int last = -1; // used by its write loop only
    private final AtomicInteger backwards = new AtomicInteger();
    private volatile @Nullable Receiver receiver;

    Client(String id, int messages) {
      this.id = id;
      this.received = new boolean[messages];
    }

    Receiver enter(Gateway gateway) {
      Receiver opened = gateway.open(AcceptedAdmission.of(id, "hall"), this);
      boolean late;
      synchronized (this) {
        receiver = opened;
        late = ended;
      }
      if (late) {
        opened.closed(1006, "");
      }
      return opened;
    }

    @Override
    public void write(Batch batch, Completion completion) {
      if (fails) {
        throw new IllegalStateException("intended");
      }
      for (int i = 0; i < batch.size(); i++) {
        Frame frame = batch.frame(i);
        String text = frame.text();
        if (received.length > 0 && Character.isDigit(text.charAt(0))) {
          take(Integer.parseInt(text));
        }
      }
      completion.succeeded();
    }

    private void take(int number) {
      if (number <= last) {
        backwards.incrementAndGet();
      }
      last = number;
      received[number] = true;
    }

    @Override
    public void ping(Completion completion) {
      completion.succeeded();
      Receiver opened = receiver;
      if (!ended && opened != null) {
        opened.pong();
      }
    }

    @Override
    public void close(int code, String reason) {
      end(code);
    }

    @Override
    public void abort() {
      end(1006);
    }

    void end(int code) {
      Receiver opened;
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        opened = receiver;
      }
      if (opened != null) {
        opened.closed(code, "");
      }
    }
  }

  private ExhaustedHeap() {}

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().equals("fail")) {
              throw new IllegalStateException("intended");
            }
            room.publish(message);
          }
        };
    Chat chat =
        Chat.builder(handler)
            .limits(
                Limits.defaults()
                    .withMessagesPerSecond(0)
                    .withPingInterval(Duration.ofSeconds(1))
                    .withIdleTimeout(Duration.ofSeconds(5)))
            .rooms(RoomOptions.defaults().withHistory(History.of(20)))
            .build();
    Gateway gateway = Gateway.of(chat);
    List<Client> members = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      Client member = new Client("member-" + i, MOST_MESSAGES);
      member.enter(gateway);
      members.add(member);
    }
    Thread publisher = new Thread(() -> publish(chat));
    Thread others = new Thread(() -> comeAndGo(gateway));
    publisher.start();
    others.start();
    // The JVM cannot load a class any more whose first use ran out of memory.
    await("nobody has come and gone", () -> briefGone.get() > 100);
    for (int round = 0; round < rounds; round++) {
      fill();
      LockSupport.parkNanos(10_000_000);
    }
    over = true;
    publisher.join();
    others.join();
    check(chat, gateway, members);
    chat.close();
    await("threads are left", () -> threads().isEmpty());
    wrong.forEach(System.out::println);
    System.out.println(wrong.isEmpty() ? "fine" : "not fine");
    System.exit(0);
  }

  /** Fills the heap up to the last object, and holds it for a while. */
  private static void fill() {
    Object[] newest = null;
    for (int length = 1 << 16; length > 1; length /= 16) {
      try {
        while (true) {
          Object[] next = new Object[length];
          next[0] = newest;
          newest = next;
        }
      } catch (OutOfMemoryError full) {
        // Smaller ones may fit.
      }
    }
    LockSupport.parkNanos(50_000_000);
    if (newest != null) {
      newest[0] = null; // used until here, so that it is not collected before
    }
  }

  private static void publish(Chat chat) {
    int next = 0;
    while (!over && next < MOST_MESSAGES) {
      try {
        String text = Integer.toString(next);
        Room hall = chat.room("hall").orElse(null);
        if (hall != null) {
          var position = hall.announce(text);
          accepted[next] = position.toCompletableFuture().isDone();
        }
      } catch (OutOfMemoryError full) {
        // This message may have been accepted or not.
      }
      next++;
      LockSupport.parkNanos(20_000);
    }
  }

  private static void comeAndGo(Gateway gateway) {
    int number = 0;
    while (!over) {
      Client brief = null;
      try {
        brief = new Client("brief-" + number++, 0);
        brief.fails = number % 7 == 0;
        brief.enter(gateway).text(number % 10 == 0 ? "fail" : "hello");
      } catch (OutOfMemoryError full) {
        // As a server, which closes the connection then.
      }
      if (brief != null) {
        end(brief);
      }
      briefGone.incrementAndGet();
      LockSupport.parkNanos(100_000);
    }
  }

  private static void end(Client client) {
    try {
      client.end(1001);
    } catch (OutOfMemoryError full) {
      // The chat finds out by itself.
    }
  }

  private static void check(Chat chat, Gateway gateway, List<Client> members) {
    Client late = new Client("late", MOST_MESSAGES);
    late.enter(gateway).text("" + (MOST_MESSAGES - 1));
    await("a new client is not served", () -> late.received[MOST_MESSAGES - 1]);
    late.end(1000);
    for (Client member : members) {
      if (!member.ended) {
        await(member.id + " is not served", () -> member.received[MOST_MESSAGES - 1]);
        if (member.backwards.get() > 0) {
          wrong.add(member.id + " received " + member.backwards + " out of order");
        }
      }
    }
    for (int number = 0; number < MOST_MESSAGES; number++) {
      int seen = 0;
      int open = 0;
      for (Client member : members) {
        open += member.ended ? 0 : 1;
        seen += !member.ended && member.received[number] ? 1 : 0;
      }
      if (seen < open && (seen > 0 || accepted[number])) {
        wrong.add("message " + number + " reached " + seen + " of " + open);
      }
    }
    await(
        "members: " + present(chat) + ", " + chat.connections() + " connections",
        () -> present(chat).equals(expected(members)) && chat.connections() == open(members));
  }

  private static long open(List<Client> members) {
    return members.stream().filter(member -> !member.ended).count();
  }

  private static Set<String> expected(List<Client> members) {
    Set<String> ids = new TreeSet<>();
    members.stream().filter(member -> !member.ended).forEach(member -> ids.add(member.id));
    return ids;
  }

  private static Set<String> present(Chat chat) {
    Set<String> ids = new TreeSet<>();
    chat.room("hall").ifPresent(hall -> hall.participants().forEach(one -> ids.add(one.id())));
    return ids;
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("roomful-"))
        .toList();
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(String otherwise, Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        wrong.add(otherwise);
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
