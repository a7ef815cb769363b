package dev.roomful.benchmarks;

import dev.roomful.Chat;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
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
 * Measures the path of a message from the text of the sender's frame to all outboxes and batches,
 * including the handler and the reply.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class PublishBenchmark {
  private static final String ROOM = "r0";
  private static final int PAYLOAD_BYTES = 50;

  /** The protocol of all clients. */
  @Param public BenchmarkProtocol protocol = BenchmarkProtocol.TEXT;

  /** The number of members, the sender included. */
  @Param({"2", "10", "1000"})
  public int members;

  private Chat chat;
  private Receiver publisher;
  private String message;

  /** Fills the room. */
  @Setup
  public void fill() {
    chat = protocol.chat(InlineScheduler.immediate());
    Gateway gateway = protocol.gateway(chat);
    for (int i = 1; i < members; i++) {
      var unused = join(gateway, i);
    }
    publisher = join(gateway, 0);
    WireFormat wireFormat = protocol.wireFormat();
    message =
        new String(
            wireFormat.encode(0, 1, System.nanoTime(), PAYLOAD_BYTES), StandardCharsets.UTF_8);
  }

  private Receiver join(Gateway gateway, int id) {
    Handshake handshake =
        TestHandshake.create().withPath("id", Integer.toString(id)).withQuery("room", ROOM);
    Receiver receiver = BenchmarkRoom.join(gateway, (AcceptedAdmission) gateway.admit(handshake));
    byte[] joinCommand = protocol.wireFormat().joinCommand(0);
    if (joinCommand != null) {
      receiver.text(new String(joinCommand, StandardCharsets.UTF_8));
    }
    return receiver;
  }

  /** Closes the chat. Fails if a connection has been closed during the benchmark. */
  @TearDown
  public void close() {
    int present = chat.room(ROOM).orElseThrow().size();
    chat.close();
    if (present != members) {
      throw new IllegalStateException(
          "only " + present + " of " + members + " members are still connected");
    }
  }

  /** One message of a member. */
  @Benchmark
  public void publish() {
    publisher.text(message);
  }
}
