package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Rejection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of a server in a process of its own that is asked to end (SIGTERM) while its clients
 * send: it drains its connections and ends in time; no message that it has accepted is lost for a
 * client that reads, and each client is asked to connect again.
 *
 * <pre>{@code
 * class OurProcessTest extends ProcessContract {
 *   @Override
 *   protected Class<?> program() {
 *     return OurProgram.class;
 *   }
 * }
 *
 * final class OurProgram {
 *   public static void main(String[] arguments) throws Exception {
 *     OurServer server = new OurServer(0);
 *     OurTransport.mount(ProcessContract.chat(), server, ProcessContract.PATH);
 *     Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
 *     server.start();
 *     ProcessContract.ready(server.port());
 *   }
 * }
 * }</pre>
 */
public abstract class ProcessContract {
  /** The path at which the program mounts its chat. */
  public static final String PATH = "/chat/{room}/{id}";

  private static final Duration DRAIN_TIME = Duration.ofSeconds(3);
  private static final Duration RECONNECT_DELAY = Duration.ofSeconds(2);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The exit code of a JVM that SIGTERM has ended: 128 and the number of the signal. */
  private static final int EXIT_CODE = 143;

  private static final int CLIENTS_PER_ROOM = 40;
  private static final List<String> ROOMS = List.of("red", "green", "blue");
  private static final int BUSY_CLIENTS_PER_ROOM = 3;
  private static final String JOINED = "joined";
  private static final String READY = "ready on port ";

  private final List<ProcessClient> clients = new ArrayList<>();
  private final List<String> output = new ArrayList<>(); // guarded by itself
  private @Nullable Process process;

  /** For subclasses. */
  protected ProcessContract() {}

  /**
   * Returns the program of the server.
   *
   * @return a class with a {@code main} method that mounts {@link #chat} at {@link #PATH} on a free
   *     port, has its server stopped at SIGTERM as an application would, and calls {@link #ready}
   */
  protected abstract Class<?> program();

  /**
   * Called after SIGTERM, when the server rejects handshakes and its clients are still connected,
   * to check what else it shows then. Does nothing by default.
   *
   * @param server the address of the server, with the scheme {@code ws}
   * @throws Exception if a check fails
   */
  protected void whileDraining(URI server) throws Exception {}

  /**
   * Creates the chat of the program, with {@link #handler}, {@link #authenticator} and {@link
   * #limits}.
   *
   * @return a running chat
   */
  public static Chat chat() {
    return Chat.builder(handler()).authenticator(authenticator()).limits(limits()).build();
  }

  /** {@return a handler that publishes each message but the first, and answers the sender} */
  public static RoomHandler handler() {
    return new RoomHandler() {
      @Override
      public void onMessage(Room room, Message message) {
        if (!message.text().equals(JOINED)) {
          room.publish(message);
        }
        message.reply(ProcessClient.ACCEPTED + message.text());
      }
    };
  }

  /** {@return an authenticator that takes participant and room from {@link #PATH}} */
  public static Authenticator authenticator() {
    return handshake ->
        AcceptedAdmission.of(
            handshake.path("id").orElseThrow(), handshake.path("room").orElseThrow());
  }

  /** {@return limits with a drain, and without a rate} */
  public static Limits limits() {
    return Limits.defaults()
        .withMessagesPerSecond(0)
        .withDrainTime(DRAIN_TIME)
        .withReconnectDelay(RECONNECT_DELAY)
        .withShutdownTimeout(SHUTDOWN_TIMEOUT);
  }

  /**
   * Reports that the server accepts connections; called by the program.
   *
   * @param port its port
   */
  public static void ready(int port) {
    System.out.println(READY + port);
  }

  /** Ends the process, if a case has failed. */
  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
    clients.forEach(ProcessClient::close);
  }

  @Test
  @Timeout(180)
  void nothingAcceptedIsLostAndEachClientIsAskedToConnectAgain() throws Exception {
    Process server = launch();
    process = server;
    URI base = awaitStart(server);
    for (String room : ROOMS) {
      for (int i = 0; i < CLIENTS_PER_ROOM; i++) {
        URI uri = base.resolve("/chat/" + room + "/" + room + i);
        WireClient connection = WireClient.connect(uri);
        connection.text(JOINED); // a handshake may end before the client is in the room
        assertEquals(ProcessClient.ACCEPTED + JOINED, connection.nextText());
        clients.add(new ProcessClient(connection, room, room + i));
      }
    }
    clients.forEach(ProcessClient::start);
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).publish(i % CLIENTS_PER_ROOM < BUSY_CLIENTS_PER_ROOM);
    }
    Await.until("messages are accepted", PATIENCE, () -> accepted() > 1000);
    List<List<String>> before = clients.stream().map(ProcessClient::accepted).toList();
    server.destroy(); // SIGTERM
    WireClient.Rejected rejected = awaitRejection(base.resolve("/chat/red/late"));
    whileDraining(base);
    assertTrue(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::printed);
    assertEquals(EXIT_CODE, server.exitValue(), this::printed);
    for (ProcessClient client : clients) {
      client.awaitEnd(PATIENCE);
    }
    check(before);
    assertEquals(503, rejected.status());
    assertEquals(List.of(Rejection.CLOSING), rejected.headers().get("Roomful-Rejection"));
    int seconds =
        Integer.parseInt(rejected.headers().getOrDefault("Retry-After", List.of("")).get(0));
    assertTrue(seconds >= 1 && seconds <= RECONNECT_DELAY.toSeconds(), () -> seconds + " s");
  }

  private int accepted() {
    return clients.stream().mapToInt(client -> client.accepted().size()).sum();
  }

  /** Connects until the server is drained: the signal takes its time. */
  private WireClient.Rejected awaitRejection(URI uri) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try (WireClient early = WireClient.connect(uri)) {
        early.close(1000, "");
      } catch (WireClient.Rejected rejected) {
        return rejected;
      }
    }
    throw new AssertionError("no handshake is rejected: " + printed());
  }

  private void check(List<List<String>> acceptedBefore) {
    List<String> problems = new ArrayList<>();
    for (String room : ROOMS) {
      List<ProcessClient> here = clients.stream().filter(one -> one.room.equals(room)).toList();
      List<String> all =
          here.stream()
              .map(ProcessClient::messages)
              .max(Comparator.comparingInt(List::size))
              .orElseThrow();
      for (ProcessClient client : here) {
        List<String> received = client.messages();
        Set<String> distinct = new HashSet<>(received);
        // All were there before the first message, and each has its own end.
        if (!all.subList(0, received.size()).equals(received)) {
          problems.add(client + " has not received the messages in their order, without a gap");
        }
        if (!distinct.containsAll(client.accepted())) {
          problems.add(client + " has not received what was accepted from it");
        }
        for (int i = 0; i < clients.size(); i++) {
          if (clients.get(i).room.equals(room) && !distinct.containsAll(acceptedBefore.get(i))) {
            problems.add(client + " misses what was accepted from " + clients.get(i));
          }
        }
        if (!client.end().matches("1012 restarting, reconnect after \\d+ ms, ended")) {
          problems.add(client + " was closed with " + client.end());
        }
      }
    }
    assertEquals(List.of(), problems, this::printed);
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program().getName())
            .redirectErrorStream(true)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    return started;
  }

  private URI awaitStart(Process started) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    String line = reader.readLine();
    while (line != null && !line.startsWith(READY)) {
      print(line);
      line = reader.readLine();
    }
    if (line == null) {
      throw new IOException(program() + " did not start: " + printed());
    }
    Thread printing = new Thread(() -> reader.lines().forEach(this::print), "process output");
    printing.setDaemon(true);
    printing.setUncaughtExceptionHandler((thread, closed) -> print(closed.toString()));
    printing.start();
    return URI.create("ws://localhost:" + line.substring(READY.length()));
  }

  private void print(String line) {
    synchronized (output) {
      output.add(line);
    }
  }

  private String printed() {
    synchronized (output) {
      return program() + " has printed:\n" + String.join("\n", output);
    }
  }

  /** A client with a thread that reads. If busy, it sends the next message when one is accepted. */
  private static final class ProcessClient {
    static final String ACCEPTED = "accepted ";

    final String room;
    private final WireClient connection;
    private final String id;
    private final Thread reading;
    private volatile boolean busy;

    // Guarded by this.
    private final List<String> messages = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private String end = "";

    ProcessClient(WireClient connection, String room, String id) {
      this.connection = connection;
      this.room = room;
      this.id = id;
      this.reading = new Thread(this::read, "client " + id);
      reading.setDaemon(true);
    }

    void start() {
      reading.start();
    }

    void publish(boolean busy) {
      this.busy = busy;
      send(0);
    }

    private void send(int number) {
      try {
        connection.text(id + " " + number);
      } catch (UncheckedIOException closed) {
        // the reader finds the reason
      }
    }

    private void read() {
      StringBuilder ending = new StringBuilder();
      while (true) {
        Received received = connection.next(PATIENCE);
        if (received instanceof Received.Text text) {
          received(text.text());
        } else if (received instanceof Received.Close close) {
          ending.append(close.code()).append(' ').append(close.reason()).append(", ");
        } else if (received instanceof Received.End last) {
          ending.append(last.reset() ? "reset" : "ended");
          synchronized (this) {
            end = ending.toString();
          }
          return;
        }
      }
    }

    private void received(String text) {
      if (!text.startsWith(ACCEPTED)) {
        synchronized (this) {
          messages.add(text);
        }
        return;
      }
      String message = text.substring(ACCEPTED.length());
      synchronized (this) {
        accepted.add(message);
      }
      if (busy) {
        send(Integer.parseInt(message.substring(message.indexOf(' ') + 1)) + 1);
      }
    }

    synchronized List<String> messages() {
      return List.copyOf(messages);
    }

    synchronized List<String> accepted() {
      return List.copyOf(accepted);
    }

    synchronized String end() {
      return end;
    }

    void awaitEnd(Duration within) throws InterruptedException {
      reading.join(within.toMillis());
    }

    void close() {
      connection.close();
    }

    @Override
    public String toString() {
      return id;
    }
  }
}
