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
 * A channel of the server's side that accepts masked frames only (RFC 6455 section 5.1). Undertow
 * checks data frames but accepts unmasked pings, pongs and close frames.
 */
final class MaskCheckingChannel extends WebSocket13Channel {
  private static final int MASK = 0x80;

  private int headerBytes; // read of the current frame's header; guarded by this

  MaskCheckingChannel(
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

  @Override
  protected synchronized @Nullable FrameHeaderData parseFrame(ByteBuffer data) throws IOException {
    int start = data.position();
    int second = start + 1 - headerBytes; // the position of the byte that has the mask's bit
    if (headerBytes < 2 && second < data.limit() && (data.get(second) & MASK) == 0) {
      IOException failure = new IOException("The client sent an unmasked frame");
      WebSockets.sendClose(CloseMessage.PROTOCOL_ERROR, "frame is not masked", this, null);
      markReadsBroken(failure);
      throw failure;
    }
    FrameHeaderData header = super.parseFrame(data);
    headerBytes = header == null ? headerBytes + data.position() - start : 0;
    return header;
  }
}
