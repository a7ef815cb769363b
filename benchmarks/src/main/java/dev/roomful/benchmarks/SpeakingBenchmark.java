package dev.roomful.benchmarks;

import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a client says, from its frame's text on: read, handled, answered, and put into the others'
 * outboxes and batches.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SpeakingBenchmark {
  private static final String ROOM = "r0";
  private static final int PAYLOAD = 50;

  /** What all speak. */
  @Param public Dialect dialect = Dialect.TEXT;

  /** How many are in the room, the one that speaks among them. */
  @Param({"2", "10", "1000"})
  public int members;

  private Chat chat;
  private Receiver speaker;
  private String said;

  /** Fills the room. */
  @Setup
  public void fill() {
    chat = dialect.chat(Drive.atOnce());
    Gateway gateway = dialect.gateway(chat);
    for (int i = 1; i < members; i++) {
      var unused = enter(gateway, i);
    }
    speaker = enter(gateway, 0);
    Speech speech = dialect.speech();
    said = new String(speech.said(0, 1, System.nanoTime(), PAYLOAD), StandardCharsets.UTF_8);
  }

  private Receiver enter(Gateway gateway, int id) {
    Handshake handshake =
        TestHandshake.create().withPath("id", Integer.toString(id)).withQuery("room", ROOM);
    Receiver receiver = Crowd.enter(gateway, (Entry) gateway.admit(handshake));
    byte[] wish = dialect.speech().entering(0);
    if (wish != null) {
      receiver.text(new String(wish, StandardCharsets.UTF_8));
    }
    return receiver;
  }

  /** Closes the chat, in which everybody still is: none was closed for what it said. */
  @TearDown
  public void close() {
    int present = chat.room(ROOM).orElseThrow().size();
    chat.close();
    if (present != members) {
      throw new IllegalStateException(present + " of " + members + " are left");
    }
  }

  /** One message of a member. */
  @Benchmark
  public void say() {
    speaker.text(said);
  }
}
