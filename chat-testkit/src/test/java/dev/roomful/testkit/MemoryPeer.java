package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A client over memory. */
final class MemoryPeer implements Peer {
  private final MemoryLink link;
  private volatile boolean answerPings = true;
  private volatile boolean closeSent;

  MemoryPeer(MemoryLink link) {
    this.link = link;
  }

  @Override
  public void text(String text) {
    byte[] payload = text.getBytes(UTF_8);
    link.bring(payload.length, receiver -> receiver.text(new String(payload, UTF_8)));
  }

  @Override
  public void binary(byte[] payload) {
    byte[] copy = payload.clone();
    link.bring(copy.length, receiver -> receiver.binary(ByteBuffer.wrap(copy)));
  }

  @Override
  public void fragments(String text, int... sizes) {
    text(text); // this transport has no frames
  }

  @Override
  public void ping(byte[] payload) {
    Received.Pong pong = new Received.Pong(HexFormat.of().formatHex(payload));
    link.bring(payload.length, receiver -> link.pong(pong));
  }

  @Override
  public void close(int code, String reason) {
    closeSent = true;
    link.bringClose(code, reason);
  }

  @Override
  public void vanish() {
    link.leave(true);
  }

  @Override
  public void hangUpWithoutClose() {
    link.leave(false);
  }

  @Override
  public void answerPings(boolean answer) {
    answerPings = answer;
  }

  @Override
  public @Nullable Received poll(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      Received next = link.receive(deadline);
      if (!(next instanceof Received.Ping) || !answerPings) {
        if (next instanceof Received.Close close && !closeSent) {
          answer(() -> close(close.code(), ""));
        }
        return next;
      }
      answer(() -> link.bring(0, receiver -> receiver.pong()));
    }
  }

  private static void answer(Runnable send) {
    try {
      send.run();
    } catch (UncheckedIOException ended) {
      // The connection has ended; the end is received next.
    }
  }

  @Override
  public void close() {
    link.leave(true);
  }
}
