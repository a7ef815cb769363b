package dev.roomful.testkit;

import dev.roomful.admission.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A participant of a {@link WireFaultStory}: publishes, leaves, is lost, and comes back, on a link
 * with faults. One thread runs it; others may read what it recorded.
 */
final class WireFaultClient implements AutoCloseable {
  /** Longer than any fault. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  final String id;
  final WireFaultLink link;

  /** All its connections, the oldest first. */
  final List<WireFaultConnection> connections = new CopyOnWriteArrayList<>();

  private final WireFaultStory story;
  private final Random random;
  private final int steps;
  private @Nullable WireClient socket;
  private @Nullable WireFaultConnection connection;
  private @Nullable Position position;
  private String secret = "";
  private int numbered;

  /** Connections that it has given up without an end, and their sockets. */
  private final Map<WireFaultConnection, WireClient> abandoned = new HashMap<>();

  private volatile boolean stepsDone;

  /** Whether it has received a message of its own after all faults had ended. */
  private volatile boolean heard;

  /**
   * Creates a client that is not connected.
   *
   * @param steps how many steps it takes; one without steps only reads, and has no faults
   */
  WireFaultClient(WireFaultStory story, String id, URI server, long seed, int steps)
      throws IOException {
    this.story = story;
    this.id = id;
    this.steps = steps;
    random = new Random(seed);
    link = new WireFaultLink(server);
  }

  /** Runs until the story is over. */
  boolean run() throws IOException {
    for (int i = 0; i < steps; i++) {
      step();
      read(Duration.ofMillis(random.nextInt(30)));
    }
    stepsDone = true;
    while (story.phase() == WireFaultStory.Phase.FAULTS) {
      stayConnected();
    }
    String last = "";
    while (story.phase() == WireFaultStory.Phase.HEALED) {
      stayConnected();
      WireFaultConnection open = openConnection();
      if (open != null && !open.sent().contains(last)) {
        last = publish(0);
      }
      heard |= open != null && hasEcho(open, last);
    }
    if (steps > 0) {
      end(random.nextInt(5));
    }
    while (story.phase() == WireFaultStory.Phase.LEAVING) {
      if (steps > 0) {
        WireFaultStory.pass(15);
      } else {
        stayConnected();
      }
    }
    return true;
  }

  private void stayConnected() {
    if (socket == null) {
      connect();
    }
    read(Duration.ofMillis(15));
    if (socket == null) {
      WireFaultStory.pass(15);
    }
  }

  private void step() throws IOException {
    int kind = random.nextInt(30);
    int size = story.heavy ? 48 << 10 : random.nextInt(8) == 0 ? random.nextInt(9000) : 5;
    boolean comeBackWithSecret = random.nextInt(6) != 0;
    boolean waitForWelcome = random.nextInt(6) != 0;
    if (socket == null) {
      if (!comeBackWithSecret) {
        secret = "";
      }
      connect();
      for (int i = 0; waitForWelcome && socket != null && openConnection() == null && i < 10; i++) {
        read(Duration.ofMillis(20));
      }
    } else if (kind < 19) {
      publish(size);
    } else if (kind < 22) {
      String fault = link.begin(random);
      if (fault != null) {
        story.note("the link of " + id + " " + fault);
      }
    } else if (kind < 25) {
      end(kind - 22);
    } else if (kind == 25) {
      abandon();
    } else if (kind < 28) {
      sendOnAbandoned();
    } else if (kind == 28) {
      sendHalfAMessage(1 + random.nextInt(4));
    } // Else it only reads.
  }

  private void connect() {
    boolean resumes = !secret.isEmpty();
    WireFaultConnection opened = new WireFaultConnection(id, connections.size(), resumes, position);
    connections.add(opened);
    String query =
        (position == null ? "?" : "?since=" + position + "&") + (resumes ? "resume=" + secret : "");
    URI address = link.address().resolve("/chat/" + story.room.name + "/" + id + query);
    story.note(opened + " begins" + (resumes ? " with the secret" : "") + ", since " + position);
    try {
      socket = WireClient.request(address).timeout(CONNECT_TIMEOUT).connect();
      connection = opened;
    } catch (WireClient.Rejected rejected) {
      opened.end(1006);
      if (rejected.status() != 400) { // A handshake that was cut.
        opened.contradict(rejected.toString());
      }
    } catch (IOException failed) {
      opened.end(1006);
      story.note(opened + " is not opened: " + failed.getMessage());
    }
  }

  /** {@return the connection, if its welcome message has come} */
  private @Nullable WireFaultConnection openConnection() {
    WireFaultConnection current = connection;
    return current != null && current.isOpen() ? current : null;
  }

  private interface Sending {
    void on(WireClient socket, WireFaultConnection connection);
  }

  private void send(Sending sending) {
    WireClient current = socket;
    WireFaultConnection on = connection;
    if (current != null && on != null) {
      try {
        sending.on(current, on);
      } catch (UncheckedIOException lost) {
        ended(1006);
      }
    }
  }

  private String nextText(int size) {
    return WireFaultRoom.MESSAGE + id + "." + ++numbered + " " + "~".repeat(size);
  }

  /** {@return the text as it is recorded} */
  private String publish(int size) {
    String text = nextText(size);
    send(
        (to, on) -> {
          on.sending(text);
          to.text(text);
        });
    return WireFaultRoom.digest(text);
  }

  private void sendHalfAMessage(int bytes) {
    String text = nextText(200);
    send(
        (to, on) -> {
          story.note(on + " sends " + bytes + " bytes of a message");
          on.sendingLate(text);
          to.partialText(text.getBytes(StandardCharsets.UTF_8), bytes);
        });
    end(1 + random.nextInt(2));
  }

  /** Leaves the connection as it is, and forgets it, as a client does whose network changes. */
  private void abandon() {
    WireClient current = socket;
    WireFaultConnection on = connection;
    if (current != null && on != null) {
      story.note(on + " is abandoned");
      abandoned.put(on, current);
      on.end(1006);
      socket = null;
      connection = null;
    }
  }

  /** Sends on connections whose place the present one has taken. */
  private void sendOnAbandoned() {
    WireFaultConnection current = openConnection();
    if (current == null || !current.isResumed() || !hasEcho(current)) {
      return; // Otherwise the server may not have closed them yet.
    }
    abandoned.forEach(
        (old, its) -> {
          if (old.secret().equals(current.secret())) {
            String text = nextText(0);
            story.note(old + " sends late: " + text);
            old.sendingLate(text);
            try {
              its.text(text);
            } catch (UncheckedIOException closed) {
              story.note(old + " is closed");
            }
          }
        });
  }

  private static boolean hasEcho(WireFaultConnection of) {
    return of.sent().stream().anyMatch(text -> hasEcho(of, text));
  }

  private static boolean hasEcho(WireFaultConnection of, String text) {
    return of.messages().stream().anyMatch(message -> message.text().equals(text));
  }

  /** Ends the connection in one of several ways. */
  private void end(int way) {
    send(
        (to, on) -> {
          story.note(on + " is ended in way " + way);
          switch (way) {
            case 0 -> leave(to, on);
            case 1 -> to.vanish();
            case 2 -> to.hangUpWithoutClose();
            case 3 -> {
              link.blackHole();
              to.vanish();
            }
            default -> abandon();
          }
        });
    ended(1006);
  }

  private void leave(WireClient to, WireFaultConnection on) {
    to.close(1000, on.closeReason());
    read(Duration.ofMillis(300)); // Until the answer, unless a fault is in the way.
    secret = "";
  }

  private void ended(int code) {
    WireClient current = socket;
    WireFaultConnection on = connection;
    if (current != null && on != null) {
      on.end(code);
      story.note(on.toString());
      current.close();
      socket = null;
      connection = null;
    }
  }

  /** Reads what arrives within a time. */
  private void read(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    do {
      WireClient current = socket;
      WireFaultConnection on = connection;
      if (current == null || on == null) {
        return;
      }
      Received received = poll(current, on, deadline);
      if (received instanceof Received.Text message) {
        on.receive(message.text());
        position = on.position();
        secret = on.secret();
      } else if (received instanceof Received.Close close) {
        ended(close.code());
      } else if (received instanceof Received.End) {
        ended(1006);
      }
    } while (System.nanoTime() - deadline < 0);
  }

  private @Nullable Received poll(WireClient from, WireFaultConnection on, long deadline) {
    try {
      return from.poll(Duration.ofNanos(deadline - System.nanoTime()));
    } catch (AssertionError violation) {
      if (!story.toleratesViolations || !WireFrames.isViolation(violation)) {
        on.contradict(violation.toString());
      }
      return new Received.End(true);
    }
  }

  boolean stepsDone() {
    return stepsDone;
  }

  boolean hasHeard() {
    return heard;
  }

  /** {@return the newest connection, or null before the first one} */
  @Nullable WireFaultConnection newest() {
    List<WireFaultConnection> all = new ArrayList<>(connections);
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  @Override
  public void close() throws IOException {
    abandoned.values().forEach(WireClient::close);
    WireClient current = socket;
    if (current != null) {
      current.close();
    }
    link.close();
  }
}
