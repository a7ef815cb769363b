package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.internal.delivery.MessageRates;
import dev.roomful.internal.delivery.MessageRates.ConnectionRate;
import dev.roomful.internal.delivery.TokenBucket;
import dev.roomful.internal.room.LiveParticipant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What one connection may send: size, rate, and how much may wait for callbacks. */
final class InboundLimits {
  /** The result of {@link #take} if it closed the connection. */
  static final long RATE_VIOLATION = Long.MAX_VALUE;

  /** This many messages of one connection may wait for their callbacks to return. */
  private static final int MAX_PENDING = 64;

  /** The messages of one participant that wait have at most as many bytes as 64 largest ones. */
  private static final int MAX_PENDING_LARGEST = 64;

  /** Frames that complete no message, such as pongs and fragments. */
  private static final int FRAMES_PER_SECOND = 100;

  private static final int FRAME_BURST = 1000;

  private final Limits limits;
  private final Consumer<CloseStatus> close;
  private final TokenBucket frameRate;
  private final AtomicInteger pending = new AtomicInteger(1); // the opening itself
  private volatile MessageRates participantRates;
  private volatile ConnectionRate rate;

  /**
   * Creates the limits of a connection.
   *
   * @param close closes the connection after what is queued for it
   */
  InboundLimits(
      Limits limits, MessageRates participantRates, Consumer<CloseStatus> close, long now) {
    this.limits = limits;
    this.close = close;
    this.frameRate = new TokenBucket(FRAMES_PER_SECOND, FRAME_BURST, now);
    this.participantRates = participantRates;
    this.rate = participantRates.acquire(now);
  }

  /** Continues with the rates of the participant that the connection has turned out to be of. */
  void identified(MessageRates rates, long now) {
    participantRates = rates;
    rate = rates.acquire(now);
  }

  /** Leaves the rate to the participant's next connection. */
  void releaseRate(long now) {
    participantRates.release(rate, now);
  }

  boolean isTooBig(String text) {
    int limit = limits.messageBytes();
    return text.length() > limit
        || (text.length() > limit / 3 && text.getBytes(StandardCharsets.UTF_8).length > limit);
  }

  boolean isTooBig(ByteBuffer bytes) {
    return bytes.remaining() > limits.messageBytes();
  }

  void closeTooBig() {
    close.accept(
        CloseStatus.TOO_BIG.withReason("a message is at most " + limits.messageBytes() + " bytes"));
  }

  /** Counts a frame that completes no message; returns false if there were too many of them. */
  boolean countFrame(long now) {
    return frameRate.take(now) == 0;
  }

  /**
   * Takes tokens and returns 0, or returns for how many nanoseconds the client should have waited.
   * Closes the connection and returns {@link #RATE_VIOLATION} if that happened too often.
   *
   * @param tolerated asked if the tokens are not there: whether this does not count as a violation
   */
  long take(int tokens, BooleanSupplier tolerated, long now) {
    long wait = rate.messages().take(tokens, now);
    boolean underConnectionRate = wait == 0;
    if (underConnectionRate) {
      wait = participantRates.all().take(tokens, now);
    }
    if (wait > 0 && !tolerated.getAsBoolean() && rate.violations().take(now) > 0) {
      int limit =
          underConnectionRate ? limits.participantMessagesPerSecond() : limits.messagesPerSecond();
      close.accept(CloseStatus.TOO_FAST.withReason("more than " + limit + " messages a second"));
      return RATE_VIOLATION;
    }
    return wait;
  }

  /** Takes tokens for what was done already. */
  void charge(long tokens, long now) {
    rate.messages().charge(tokens, now);
    participantRates.all().charge(tokens, now);
  }

  /** The opening is over: the client's messages can be handled. */
  void opened() {
    pending.decrementAndGet();
  }

  /**
   * Counts a message that waits for its callback; {@link #release} must follow. Closes the
   * connection and returns false if too much waits.
   */
  boolean acquire(LiveParticipant participant, int bytes) {
    long waitingBytes = participant.pendingBytes.addAndGet(bytes);
    boolean tooMany = pending.incrementAndGet() > MAX_PENDING;
    boolean tooMuch = waitingBytes > (long) MAX_PENDING_LARGEST * limits.messageBytes();
    if (tooMany || tooMuch) {
      release(participant, bytes);
      String what = tooMany ? "messages" : "bytes";
      close.accept(
          CloseStatus.TOO_FAST.withReason(
              "too many " + what + " before the first message was handled"));
      return false;
    }
    return true;
  }

  /** Counts a message whose callback has returned. */
  void release(LiveParticipant participant, int bytes) {
    participant.pendingBytes.addAndGet(-bytes);
    pending.decrementAndGet();
  }

  /** {@return whether callbacks of this connection wait or run} */
  boolean hasPending() {
    return pending.get() > 0;
  }
}
