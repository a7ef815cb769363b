package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Limits;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random frames. {@code -Droomful.frames=1000000} sends more of them, and {@code -Droomful.seed=N}
 * those of one client alone.
 */
abstract class WireFuzzCases extends WireAttackCases {
  private static final int FRAMES = Integer.getInteger("roomful.frames", 20_000);
  private static final long ONLY_SEED = Long.getLong("roomful.seed", -1);
  private static final int MOST_FRAMES_OF_A_CLIENT = 100;
  private static final int[] SIZES = {0, 1, 2, 5, 20, 124, 125, 126, 127, 300, 1025};

  @Test
  @Rule("3.2")
  @Timeout(1800)
  void randomFramesAffectAtMostTheirSender() throws Exception {
    Limits limits = LIMITS.withMessageBytes(1024).withOutboxBytes(64 << 10);
    Chat chat = open(new CaseHandler(), limits);
    WireClient bob = enterWire("safe", "bob");
    int sent = 0;
    for (long seed = Math.max(ONLY_SEED, 0); sent < FRAMES; seed++) {
      sent += attack(seed);
      bob.text("after " + seed);
      assertEquals("after " + seed, bob.nextText(), "see -Droomful.seed=" + seed);
      if (ONLY_SEED >= 0) {
        break;
      }
    }
    Await.until(
        "all but bob are gone",
        PATIENCE,
        () -> chat.connections() == 1 && chat.participants() == 1);
  }

  /** {@return the number of frames that were sent} */
  private int attack(long seed) throws Exception {
    Random random = new Random(seed);
    Frames frames = new Frames(random);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int count = 1 + random.nextInt(MOST_FRAMES_OF_A_CLIENT);
    for (int i = 0; i < count; i++) {
      bytes.writeBytes(frames.next());
    }
    try (WireClient client = request("/chat/hall/eve").connect()) {
      try {
        client.raw(bytes.toByteArray());
        client.hangUpWithoutClose();
      } catch (UncheckedIOException closed) {
        return count; // The server did not wait for the rest.
      }
      assertTrue(client.awaitEnd(PATIENCE), () -> "no end, see -Droomful.seed=" + seed);
    } catch (AssertionError failure) {
      boolean tolerated =
          has(Quirk.TRUNCATES_FRAMES_ON_CLOSE) || has(Quirk.SENDS_FRAMES_AFTER_CLOSE);
      if (!tolerated || !WireFrames.isViolation(failure)) {
        throw new AssertionError("see -Droomful.seed=" + seed, failure);
      }
    }
    return count;
  }

  /** Mostly valid frames, so that those behind an invalid one are read, too. */
  private static final class Frames {
    private final Random random;
    private boolean inMessage;

    Frames(Random random) {
      this.random = random;
    }

    byte[] next() {
      boolean control = oneIn(4);
      int opcode = control ? WireFrames.PING + random.nextInt(2) : dataOpcode();
      boolean fin = control ? !oneIn(50) : oneIn(2);
      inMessage = control ? inMessage : !fin;
      int size = SIZES[random.nextInt(SIZES.length)];
      byte[] payload = new byte[control && !oneIn(50) ? Math.min(size, 125) : size];
      if (oneIn(20)) {
        random.nextBytes(payload);
      }
      int rsv = oneIn(100) ? random.nextInt(8) : 0;
      byte[] frame = WireFrames.encode(fin, rsv, opcode, payload, !oneIn(100));
      if (oneIn(50)) {
        frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return frame;
    }

    private int dataOpcode() {
      if (oneIn(50)) {
        return random.nextInt(16);
      }
      return inMessage ? WireFrames.CONTINUATION : WireFrames.TEXT + random.nextInt(2);
    }

    private boolean oneIn(int count) {
      return random.nextInt(count) == 0;
    }
  }
}
