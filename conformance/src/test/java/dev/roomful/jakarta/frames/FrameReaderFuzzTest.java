package dev.roomful.jakarta.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Any bytes of a client: read at once, or one by one, they mean the same. */
class FrameReaderFuzzTest {
  private static final int LIMIT = 100;

  @FuzzTest
  void anyBytesAreFramesOrAViolation(byte[] input) {
    List<String> atOnce = read(input, input.length);
    assertEquals(atOnce, read(input, 1));
  }

  private static List<String> read(byte[] input, int step) {
    List<String> events = new ArrayList<>();
    FrameReader reader = new FrameReader(new Recorder(events), LIMIT);
    try {
      for (int from = 0; from < input.length; from += step) {
        ByteBuffer some = ByteBuffer.wrap(input, from, Math.min(step, input.length - from));
        while (reader.read(some)) {
          // Until nothing is left of these bytes.
        }
      }
    } catch (ProtocolViolation violation) {
      events.add(violation.getMessage());
    }
    return events;
  }

  private record Recorder(List<String> events) implements FrameReader.FrameHandler {
    @Override
    public void onText(String text) {
      assertTrue(text.length() <= LIMIT + 1, () -> text.length() + " characters");
      events.add(text);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      assertTrue(bytes.remaining() <= LIMIT + 1, bytes::toString);
      events.add(bytes.toString());
    }

    @Override
    public void onFragment() {
      events.add("fragment");
    }

    @Override
    public void onPing(byte[] payload) {
      assertTrue(payload.length <= 125, () -> payload.length + " bytes");
      events.add("ping " + payload.length);
    }

    @Override
    public void onPong() {
      events.add("pong");
    }

    @Override
    public void onClose(int code, String reason) {
      events.add("close " + code + reason);
    }
  }
}
