package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.transport.Gateway;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** {@link WireFaultCheck} finds what a broken server does to messages. */
class WireFaultCheckTest {
  private static final String PATH = ServerFixture.PATH;
  private static final long SEED = 1;

  /** After that time, clients of a broken server are not expected to agree with it any more. */
  private static final Duration BROKEN = Duration.ofSeconds(2);

  /** The batch of each connection that is changed: one with messages, after the welcome. */
  private static final int CHANGED = 4;

  @Test
  void aServerThatWorksPasses() throws Exception {
    assertEquals("", report(Function::identity, WireFaultStory.SETTLED));
  }

  @Test
  void aLostBatchIsFound() throws Exception {
    assertFinds(changing(bytes -> new byte[0]));
  }

  @Test
  void aBatchThatIsSentTwiceIsFound() throws Exception {
    assertFinds(changing(bytes -> joined(bytes, bytes)));
  }

  @Test
  void aBatchThatIsOvertakenByTheNextOneIsFound() throws Exception {
    assertFinds(
        () -> {
          AtomicInteger count = new AtomicInteger();
          byte[][] held = {new byte[0]};
          return bytes -> {
            if (count.incrementAndGet() == CHANGED) {
              held[0] = bytes;
              return new byte[0];
            }
            byte[] both = joined(bytes, held[0]);
            held[0] = new byte[0];
            return both;
          };
        });
  }

  /** Otherwise they would connect for ever, also to the server of a later case at the same port. */
  @Test
  void noClientOfAStoryThatDoesNotBeginGoesOn() throws Exception {
    List<Thread> clients = new ArrayList<>();
    Executor onlyTwo =
        task -> {
          if (clients.size() == 2) {
            throw new AssertionError("intended: no third client starts");
          }
          Thread client = new Thread(task, "client");
          client.setDaemon(true);
          clients.add(client);
          client.start();
        };
    String report = report(Function::identity, WireFaultStory.SETTLED, onlyTwo);
    assertTrue(report.contains("intended"), report);
    for (Thread client : clients) {
      client.join(5_000);
      assertFalse(client.isAlive(), "a client goes on");
    }
  }

  private static Supplier<Function<byte[], byte[]>> changing(Function<byte[], byte[]> change) {
    return () -> {
      AtomicInteger count = new AtomicInteger();
      return bytes -> count.incrementAndGet() == CHANGED ? change.apply(bytes) : bytes;
    };
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  private static void assertFinds(Supplier<Function<byte[], byte[]>> wires) throws Exception {
    String report = report(wires, BROKEN);
    boolean wrongMessage = report.contains("where the room has");
    assertTrue(wrongMessage || report.contains("has a notice of what it knew already"), report);
  }

  private static String report(Supplier<Function<byte[], byte[]>> wires, Duration settled)
      throws Exception {
    return report(wires, settled, SocketServer::start);
  }

  private static String report(
      Supplier<Function<byte[], byte[]>> wires, Duration settled, Executor threads)
      throws Exception {
    try (WireFaultStory story = new WireFaultStory(SEED, false, settled)) {
      WireFaultHandler handler = new WireFaultHandler(Map.of(story.room.name, story.room));
      Chat chat =
          Chat.builder(handler)
              .observer(handler)
              .limits(WireFaultCases.SHORT)
              .authenticator(ResumeCases::authenticateWithResume)
              .room(story.room.name, story.room.options)
              .build();
      try (SocketServer server = new SocketServer(Gateway.of(chat), PATH, wires)) {
        URI address = URI.create("ws://127.0.0.1:" + server.port());
        return story.run(chat, address, threads, false);
      } finally {
        chat.close();
      }
    }
  }
}
