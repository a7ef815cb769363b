package dev.roomful.internal.delivery;

import dev.roomful.ChatObserver.Drop;
import dev.roomful.Overflow;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Queues one event in the outboxes of its recipients: its plain text frame, or the frame of the
 * recipient's format, which is encoded once. Remembers the recipients that have to be closed.
 *
 * <p>Everything but {@link #finish} and {@link #isDone} is guarded by the lock of the room.
 *
 * @param <F> the type of formats, such as protocols
 */
public final class Fanout<F> {
  private final Frame frame;

  /** What a full outbox does; null for a signal. */
  private final @Nullable Overflow overflow;

  private final ReadyList ready;
  private int recipients;

  /** Encodes the event for recipients with a format. */
  private @Nullable EventEncoder<F> encoder;

  /** The frames that were encoded so far; null where that is impossible. */
  private Map<F, @Nullable Frame> encodedFrames = Map.of();

  // Nearly always the format of the recipient before.
  private @Nullable F lastFormat;
  private @Nullable Frame lastFrame;

  private List<Outbox> tooSlow = List.of();
  private List<Outbox> notEncodable = List.of();

  private Fanout(WriteLoops writeLoops, Frame frame, @Nullable Overflow overflow) {
    this.frame = frame;
    this.overflow = overflow;
    this.ready = new ReadyList(writeLoops);
  }

  /** Creates the fan-out of an event. */
  public static <F> Fanout<F> of(WriteLoops writeLoops, Frame frame, Overflow overflow) {
    return new Fanout<>(writeLoops, frame, overflow);
  }

  /** Creates the fan-out of a signal, which slow connections do not receive. */
  public static <F> Fanout<F> ofSignal(WriteLoops writeLoops, Frame frame) {
    return new Fanout<>(writeLoops, frame, null);
  }

  /** Sets how the event is encoded for the recipients with a format that are added next. */
  public void setEncoder(EventEncoder<F> newEncoder) {
    encoder = newEncoder;
    encodedFrames = Map.of();
    lastFormat = null;
    lastFrame = null;
  }

  /**
   * Queues the event for one recipient.
   *
   * @param format the recipient's format, or null for plain text
   */
  public void add(Outbox outbox, @Nullable F format) {
    try {
      Frame eventFrame =
          format == null ? frame : format == lastFormat ? lastFrame : frameFor(format);
      if (eventFrame != null) {
        offer(outbox, eventFrame);
      } else {
        notEncodable = notEncodable.isEmpty() ? new ArrayList<>() : notEncodable;
        notEncodable.add(outbox);
      }
    } catch (OutOfMemoryError exhausted) {
      outbox.frameLost(); // The others are to receive the event all the same.
    }
  }

  private void offer(Outbox outbox, Frame eventFrame) {
    if (overflow == null) {
      outbox.offerSignal(eventFrame, ready);
    } else if (!outbox.offer(eventFrame, overflow, ready)) {
      tooSlow = tooSlow.isEmpty() ? new ArrayList<>() : tooSlow;
      tooSlow.add(outbox);
    }
  }

  private @Nullable Frame frameFor(F format) {
    if (encodedFrames.isEmpty()) {
      encodedFrames = new HashMap<>(2);
    }
    if (!encodedFrames.containsKey(format)) {
      encodedFrames.put(format, encode(format));
    }
    lastFormat = format;
    lastFrame = encodedFrames.get(format);
    return lastFrame;
  }

  private @Nullable Frame encode(F format) {
    try {
      return encoder == null ? null : encoder.encode(format);
    } catch (Throwable failure) {
      // The caller holds the room's lock, and has other recipients.
      LogEvent.EVENT_NOT_ENCODABLE.logFailure(
          () -> "Protocol could not encode an event; closing its connections in this room",
          failure);
      return null;
    }
  }

  /** Hands the outboxes that became ready to their write loops. */
  public void handOver() {
    ready.handOver();
  }

  /**
   * Counts recipients that were added. Not done by {@link #add}: a loop over many recipients counts
   * them in a register.
   */
  public void countRecipients(int added) {
    recipients += added;
  }

  /** {@return for how many recipients the event was queued, or dropped} */
  public int recipients() {
    return recipients;
  }

  /** Reports what was dropped; called under no lock, once. */
  public void reportDrops(ChatEvents events) {
    events.dropped(Drop.OLDEST, ready.droppedOldest);
    events.dropped(Drop.NEWEST, ready.droppedNewest);
    events.dropped(Drop.SIGNAL, ready.droppedSignals);
  }

  /** {@return whether no recipient has to be closed} */
  public boolean isDone() {
    return tooSlow.isEmpty() && notEncodable.isEmpty();
  }

  /** Closes the recipients that have to be closed; called under no lock. */
  public void finish() {
    tooSlow.forEach(outbox -> outbox.recipient.closeTooSlow());
    notEncodable.forEach(outbox -> outbox.recipient.closeNotEncodable());
  }
}
