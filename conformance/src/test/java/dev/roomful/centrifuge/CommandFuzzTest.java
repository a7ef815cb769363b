package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Any frame of a client of the Centrifuge protocol is commands, or is malformed. */
class CommandFuzzTest {
  @FuzzTest
  void anyTextIsCommandsOrMalformed(byte[] utf8) {
    try {
      assertFalse(new JsonCodec().decode(new String(utf8, StandardCharsets.UTF_8)).isEmpty());
    } catch (MalformedFrameException malformed) {
      assertFalse(malformed.getMessage().isEmpty());
    }
  }

  @FuzzTest
  void anyBytesAreCommandsOrMalformed(byte[] frame) {
    try {
      assertFalse(new ProtobufCodec().decode(ByteBuffer.wrap(frame)).isEmpty());
    } catch (MalformedFrameException malformed) {
      assertFalse(malformed.getMessage().isEmpty());
    }
  }
}
