package dev.roomful.jetty;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * Resets the stream of HTTP/2 below an end point. Closing the end point is not enough: Jetty then
 * queues the end of the stream behind a write that waits for the client's flow control, and keeps
 * both until the whole HTTP/2 connection ends.
 *
 * <p>Only this class refers to Jetty's HTTP/2, which is an optional dependency.
 */
final class StreamReset implements Runnable {
  private final EndPoint endPoint;

  StreamReset(EndPoint endPoint) {
    this.endPoint = endPoint;
  }

  @Override
  public void run() {
    if (endPoint.getTransport() instanceof Stream stream && !stream.isClosed()) {
      stream.reset(
          new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
    }
  }
}
