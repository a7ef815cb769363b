package dev.roomful.undertow;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.protocol.framed.FrameHeaderData;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.WebSocket13Channel;
import io.undertow.websockets.extensions.NoopExtensionFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;

/**
 * A channel of the server's side that checks what Undertow does not: it accepts masked frames only
 * (RFC 6455 section 5.1), where Undertow accepts unmasked pings, pongs and close frames; and it
 * reports fragments that Undertow does not pass on. Undertow passes on a message's first fragment,
 * and of a text those after it unless they are empty.
 */
final class CheckingChannel extends WebSocket13Channel {
  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int CONTINUATION = 0;
  private static final int BINARY = 2;
  private static final int CONTROL = 8; // the opcodes from here on
  private static final int MASK = 0x80;

  /** The fragments of a message that are not reported unless they are empty. */
  static final int FREE_FRAGMENTS = 16;

  /** The message length for which one further fragment is not reported. */
  static final int LENGTH_OF_A_FREE_FRAGMENT = 256;

  private int headerBytes; // read of the current frame's header; guarded by this, as is the rest
  private int firstByte; // of the current frame's header
  private boolean binary; // the current message
  private int fragments; // of the current message
  private long messageLength; // of the current message, so far
  private Runnable fragmentListener = () -> {};

  CheckingChannel(
      StreamConnection connection,
      ByteBufferPool buffers,
      String location,
      @Nullable String subprotocol,
      OptionMap options) {
    super(
        connection,
        buffers,
        location,
        subprotocol,
        false,
        false,
        NoopExtensionFunction.INSTANCE,
        Collections.emptySet(),
        options);
  }

  /**
   * Sets the listener for fragments that Undertow does not pass on. It is called on the IO thread
   * for each that is empty, and for those of a binary message that has too many for its length.
   */
  synchronized void onUnreportedFragment(Runnable listener) {
    fragmentListener = listener;
  }

  @Override
  protected synchronized @Nullable FrameHeaderData parseFrame(ByteBuffer data) throws IOException {
    int start = data.position();
    if (headerBytes == 0 && data.hasRemaining()) {
      firstByte = data.get(start);
    }
    int second = start + 1 - headerBytes; // the position of the byte that has the mask's bit
    if (headerBytes < 2 && second < data.limit() && (data.get(second) & MASK) == 0) {
      IOException failure = new IOException("The client sent an unmasked frame");
      WebSockets.sendClose(CloseMessage.PROTOCOL_ERROR, "frame is not masked", this, null);
      markReadsBroken(failure);
      throw failure;
    }
    FrameHeaderData header = super.parseFrame(data);
    if (header == null) {
      headerBytes += data.position() - start;
    } else {
      headerBytes = 0;
      countFragment(header.getFrameLength());
    }
    return header;
  }

  private void countFragment(long length) {
    int opcode = firstByte & OPCODE;
    if (opcode >= CONTROL || (firstByte & FINAL) != 0) {
      return; // A control frame, or the end of a message.
    }
    if (opcode != CONTINUATION) {
      binary = opcode == BINARY;
      fragments = 0;
      messageLength = 0;
    }
    fragments++;
    messageLength += length;
    boolean many = fragments > FREE_FRAGMENTS + messageLength / LENGTH_OF_A_FREE_FRAGMENT;
    if (opcode == CONTINUATION && (length == 0 || (binary && many))) {
      // Not here: the caller holds the channel's monitor, and the listener calls the chat.
      getIoThread().execute(fragmentListener);
    }
  }
}
