package dev.roomful.undertow;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;

/** Hands on what comes where it comes, to handlers that never wait. */
final class DirectReceiver implements Receiver {
  private final Receiver receiver;
  private final Runnable afterClose;

  DirectReceiver(Receiver receiver, Runnable afterClose) {
    this.receiver = receiver;
    this.afterClose = afterClose;
  }

  @Override
  public void text(String text) {
    receiver.text(text);
  }

  @Override
  public void binary(ByteBuffer message) {
    receiver.binary(message);
  }

  @Override
  public void pong() {
    receiver.pong();
  }

  @Override
  public void closed(int code, String reason) {
    afterClose.run();
    receiver.closed(code, reason);
  }
}
