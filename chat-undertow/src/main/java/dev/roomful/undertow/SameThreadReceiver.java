package dev.roomful.undertow;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;

/** Delivers input on the thread that reads it, to handlers that never block. */
final class SameThreadReceiver implements Receiver {
  private final Receiver receiver;
  private final InputControl control;

  SameThreadReceiver(Receiver receiver, InputControl control) {
    this.receiver = receiver;
    this.control = control;
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
  public void fragment() {
    receiver.fragment();
  }

  @Override
  public void pong() {
    receiver.pong();
  }

  @Override
  public void closing(int code, String reason) {
    receiver.closing(code, reason);
  }

  @Override
  public void closed(int code, String reason) {
    control.closeReceived();
    try {
      receiver.closed(code, reason);
    } finally {
      control.closeDelivered();
    }
  }
}
