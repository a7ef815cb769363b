package dev.roomful.testkit;

import static dev.roomful.testkit.WireFrames.BINARY;
import static dev.roomful.testkit.WireFrames.CLOSE;
import static dev.roomful.testkit.WireFrames.CONTINUATION;
import static dev.roomful.testkit.WireFrames.PING;
import static dev.roomful.testkit.WireFrames.PONG;
import static dev.roomful.testkit.WireFrames.TEXT;
import static dev.roomful.testkit.WireFrames.violation;

import dev.roomful.testkit.WireFrames.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Assembles messages from the server's frames, and fails at a frame that is not allowed there. */
final class FrameAssembler {

  private final boolean extended;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
  private @Nullable Frame opening;
  private boolean closed;

  FrameAssembler(boolean extended) {
    this.extended = extended;
  }

  /** {@return what the frame completes, or null for a fragment before the last} */
  @Nullable Received add(Frame frame) {
    if (closed && frame.opcode != PING && frame.opcode != PONG) {
      throw violation("5.5.1", "a frame followed its close frame: " + frame);
    }
    if (frame.rsv != 0 && !extended) {
      throw violation("5.2", "a reserved bit is set without an extension: " + frame);
    }
    return frame.opcode >= CLOSE ? control(frame) : data(frame);
  }

  private Received control(Frame frame) {
    if (!frame.fin) {
      throw violation("5.4", "it fragmented a control frame: " + frame);
    }
    if (frame.payload.length > 125) {
      throw violation("5.5", "a control frame is above 125 bytes: " + frame);
    }
    return switch (frame.opcode) {
      case CLOSE -> close(frame.payload);
      case PING -> new Received.Ping(hex(frame.payload));
      case PONG -> new Received.Pong(hex(frame.payload));
      default -> throw violation("5.2", "an unknown opcode: " + frame);
    };
  }

  private @Nullable Received data(Frame frame) {
    Frame first = opening;
    if (frame.opcode > BINARY) {
      throw violation("5.2", "an unknown opcode: " + frame);
    }
    if (first == null && frame.opcode == CONTINUATION) {
      throw violation("5.4", "a continuation without a message: " + frame);
    }
    if (first != null && frame.opcode != CONTINUATION) {
      throw violation("5.4", "a message began within another: " + frame);
    }
    if (first == null && frame.fin) {
      return message(frame, frame.payload);
    }
    if (fragments.size() + frame.payload.length > WireFrames.LONGEST) {
      throw new AssertionError(
          "the server's message is longer than " + WireFrames.LONGEST + " bytes");
    }
    fragments.writeBytes(frame.payload);
    opening = first == null ? frame : first;
    if (first == null || !frame.fin) {
      return null;
    }
    byte[] whole = fragments.toByteArray();
    fragments.reset();
    opening = null;
    return message(first, whole);
  }

  private Received message(Frame first, byte[] whole) {
    return first.opcode == TEXT && first.rsv == 0
        ? new Received.Text(text(whole, 0))
        : new Received.Binary(hex(whole));
  }

  private Received close(byte[] payload) {
    closed = true;
    if (payload.length == 0) {
      return new Received.Close(1005, "");
    }
    if (payload.length == 1) {
      throw violation("5.5.1", "a Close frame has one byte");
    }
    int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    boolean protocol = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
    if (!protocol && (code < 3000 || code > 4999)) {
      throw violation("7.4", "the close code " + code + " must not be sent");
    }
    return new Received.Close(code, text(payload, 2));
  }

  private String text(byte[] bytes, int from) {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes, from, bytes.length - from)).toString();
    } catch (CharacterCodingException e) {
      AssertionError wrong = violation("8.1", "text is not UTF-8: " + hex(bytes));
      wrong.initCause(e);
      throw wrong;
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
