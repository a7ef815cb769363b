package dev.roomful;

import dev.roomful.protocol.Protocol;
import dev.roomful.transport.Frame;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way into the outboxes, those that it has made ready, and the connections that
 * turned out to be too slow for it.
 */
final class Fanout {
  private final WriteLoops writeLoops;
  private final Frame frame; // in plain text
  private final @Nullable Overflow overflow;

  /** For each lane what has become ready, linked from the latest to the first. */
  private final @Nullable Outbox[] latest;

  private final @Nullable Outbox[] first;
  private List<Session> tooSlow = List.of();

  /** In other dialects, as far as somebody has asked; null where it cannot be said. */
  private @Nullable EventEncoder encoder;

  private Map<Protocol, @Nullable Frame> encodedFrames = Map.of();
  private @Nullable Protocol lastProtocol;
  private @Nullable Frame lastFrame;
  private List<Session> notEncodable = List.of();

  private Fanout(WriteLoops writeLoops, Frame frame, @Nullable Overflow overflow) {
    this.writeLoops = writeLoops;
    this.frame = frame;
    this.overflow = overflow;
    this.latest = new Outbox[writeLoops.count()];
    this.first = new Outbox[writeLoops.count()];
  }

  static Fanout of(WriteLoops writeLoops, Frame frame, Overflow overflow) {
    return new Fanout(writeLoops, frame, overflow);
  }

  /** Of a frame that slow connections do without. */
  static Fanout ofSignal(WriteLoops writeLoops, Frame frame) {
    return new Fanout(writeLoops, frame.asExpendable(), null);
  }

  /** What those in the seats that come next hear, if they do not hear plain text. */
  void setEncoder(EventEncoder newEncoder) {
    encoder = newEncoder;
    encodedFrames = Map.of();
    lastProtocol = null;
    lastFrame = null;
  }

  /** Memory work only: called under the lock of a room. */
  void add(Subscription subscription) {
    Protocol protocol = subscription.protocol;
    Frame eventFrame =
        protocol == null ? frame : protocol == lastProtocol ? lastFrame : frameFor(protocol);
    if (eventFrame != null) {
      offer(subscription, eventFrame);
    } else {
      notEncodable = notEncodable.isEmpty() ? new ArrayList<>() : notEncodable;
      notEncodable.add(subscription.session);
    }
  }

  private void offer(Subscription subscription, Frame eventFrame) {
    if (overflow == null) {
      subscription.outbox.offerSignal(eventFrame, this);
    } else if (!subscription.outbox.offer(eventFrame, overflow, this)) {
      if (tooSlow.isEmpty()) {
        tooSlow = new ArrayList<>();
      }
      tooSlow.add(subscription.session);
    }
  }

  private @Nullable Frame frameFor(Protocol protocol) {
    if (encodedFrames.isEmpty()) {
      encodedFrames = new HashMap<>(2);
    }
    if (!encodedFrames.containsKey(protocol)) {
      Frame encoded = encode(protocol);
      encodedFrames.put(
          protocol,
          encoded != null && overflow != Overflow.DISCONNECT ? encoded.asExpendable() : encoded);
    }
    lastProtocol = protocol;
    lastFrame = encodedFrames.get(protocol);
    return lastFrame;
  }

  private @Nullable Frame encode(Protocol protocol) {
    try {
      return encoder == null ? null : encoder.encode(protocol);
    } catch (RuntimeException failure) {
      // Not to the caller: it has a lock, and others are waiting for the event.
      ChatRuntime.LOG.log(Level.ERROR, "a dialect has no words for an event", failure);
      return null;
    }
  }

  /** Called with the outbox's monitor held. */
  void ready(Outbox outbox, int loop) {
    outbox.next = latest[loop];
    latest[loop] = outbox;
    if (first[loop] == null) {
      first[loop] = outbox;
    }
  }

  /**
   * Gives the lanes what has become ready: all at once, because lanes that are at work compete for
   * each compare-and-set.
   */
  void handOver() {
    for (int loop = 0; loop < latest.length; loop++) {
      Outbox top = latest[loop];
      Outbox bottom = first[loop];
      if (top != null && bottom != null) {
        writeLoops.loop(loop).add(top, bottom);
        latest[loop] = null;
        first[loop] = null;
      }
    }
  }

  boolean isDone() {
    return tooSlow.isEmpty() && notEncodable.isEmpty();
  }

  /** What is left to do when the locks are released. */
  void finish() {
    tooSlow.forEach(Session::closeTooSlow);
    notEncodable.forEach(Session::closeNotEncodable);
  }
}
