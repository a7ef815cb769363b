package dev.roomful.internal.delivery;

import dev.roomful.Overflow;
import dev.roomful.internal.validation.LogText;
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
public final class Fanout<F> {
  private static final System.Logger LOG = System.getLogger("dev.roomful");

  private final WriteLoops writeLoops;
  private final Frame frame; // in plain text
  private final @Nullable Overflow overflow;

  /** For each lane what has become ready, linked from the latest to the first. */
  private final @Nullable Outbox[] latest;

  private final @Nullable Outbox[] first;
  private List<Recipient> tooSlow = List.of();

  /** The frames that were encoded for other formats so far; null where that is impossible. */
  private @Nullable FrameEncoder<F> encoder;

  private Map<F, @Nullable Frame> encodedFrames = Map.of();
  private @Nullable F lastFormat;
  private @Nullable Frame lastFrame;
  private List<Recipient> notEncodable = List.of();

  private Fanout(WriteLoops writeLoops, Frame frame, @Nullable Overflow overflow) {
    this.writeLoops = writeLoops;
    this.frame = frame;
    this.overflow = overflow;
    this.latest = new Outbox[writeLoops.count()];
    this.first = new Outbox[writeLoops.count()];
  }

  public static <F> Fanout<F> of(WriteLoops writeLoops, Frame frame, Overflow overflow) {
    return new Fanout<>(writeLoops, frame, overflow);
  }

  /** Of a frame that slow connections do without. */
  public static <F> Fanout<F> ofSignal(WriteLoops writeLoops, Frame frame) {
    return new Fanout<>(writeLoops, frame.asExpendable(), null);
  }

  /** What those in the seats that come next hear, if they do not hear plain text. */
  public void setEncoder(FrameEncoder<F> newEncoder) {
    encoder = newEncoder;
    encodedFrames = Map.of();
    lastFormat = null;
    lastFrame = null;
  }

  /**
   * Queues the event for one recipient; called with a room's lock held.
   *
   * @param format the recipient's format, or null for plain text
   */
  public void add(Recipient recipient, Outbox outbox, @Nullable F format) {
    Frame eventFrame = format == null ? frame : format == lastFormat ? lastFrame : frameFor(format);
    if (eventFrame != null) {
      offer(recipient, outbox, eventFrame);
    } else {
      notEncodable = notEncodable.isEmpty() ? new ArrayList<>() : notEncodable;
      notEncodable.add(recipient);
    }
  }

  private void offer(Recipient recipient, Outbox outbox, Frame eventFrame) {
    if (overflow == null) {
      outbox.offerSignal(eventFrame, this);
    } else if (!outbox.offer(eventFrame, overflow, this)) {
      if (tooSlow.isEmpty()) {
        tooSlow = new ArrayList<>();
      }
      tooSlow.add(recipient);
    }
  }

  private @Nullable Frame frameFor(F format) {
    if (encodedFrames.isEmpty()) {
      encodedFrames = new HashMap<>(2);
    }
    if (!encodedFrames.containsKey(format)) {
      Frame encoded = encode(format);
      encodedFrames.put(
          format,
          encoded != null && overflow != Overflow.DISCONNECT ? encoded.asExpendable() : encoded);
    }
    lastFormat = format;
    lastFrame = encodedFrames.get(format);
    return lastFrame;
  }

  private @Nullable Frame encode(F format) {
    try {
      return encoder == null ? null : encoder.encode(format);
    } catch (Throwable failure) {
      // Not to the caller: it has a lock, and others are waiting for the event.
      LOG.log(
          Level.ERROR,
          "Protocol could not encode an event; closing its connections in this room",
          LogText.escape(failure));
      return null;
    }
  }

  /** Called with the outbox's monitor held. */
  public void ready(Outbox outbox, int loop) {
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
  public void handOver() {
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

  public boolean isDone() {
    return tooSlow.isEmpty() && notEncodable.isEmpty();
  }

  /** What is left to do when the locks are released. */
  public void finish() {
    tooSlow.forEach(Recipient::closeTooSlow);
    notEncodable.forEach(Recipient::closeNotEncodable);
  }
}
