package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.Limits;
import dev.roomful.internal.delivery.MessageRates;
import dev.roomful.internal.delivery.MessageRates.ConnectionRate;
import dev.roomful.internal.delivery.TokenBucket;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.SessionCloseMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BooleanSupplier;

/** What one connection may send: size, rate, and how much may wait for callbacks. */
final class InboundLimits {
  /** The result of {@link #take} if it closed the connection. */
  static final long RATE_VIOLATION = Long.MAX_VALUE;

  /** This many messages of one connection may wait for their callbacks to return. */
  private static final int MAX_PENDING = 64;

  /** The messages of one participant that wait have at most as many bytes as 64 largest ones. */
  private static final int MAX_PENDING_LARGEST = 64;

  /** Frames that complete no message, such as pongs and fragments. */
  private static final TokenBucket.Rate FRAME_RATE = new TokenBucket.Rate(100, 1000);

  private static final AtomicIntegerFieldUpdater<InboundLimits> PENDING =
      AtomicIntegerFieldUpdater.newUpdater(InboundLimits.class, "pending");

  private final Session session;
  private final Limits limits;
  private final TokenBucket frameRate;
  private volatile int pending = 1; // the opening itself
  private volatile MessageRates participantRates;
  private volatile ConnectionRate rate;

  /** Creates the limits of a connection. */
  InboundLimits(Session session, Limits limits, MessageRates participantRates, long now) {
    this.session = session;
    this.limits = limits;
    this.frameRate = new TokenBucket(FRAME_RATE, now);
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
    close(
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
    if (wait > 0 && !tolerated.getAsBoolean() && rate.violate(now)) {
      int limit =
          underConnectionRate ? limits.participantMessagesPerSecond() : limits.messagesPerSecond();
      close(CloseStatus.TOO_FAST.withReason("more than " + limit + " messages a second"));
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
    PENDING.decrementAndGet(this);
  }

  /**
   * Counts a message that waits for its callback; {@link #release} must follow. Closes the
   * connection and returns false if too much waits.
   */
  boolean acquire(LiveParticipant participant, int bytes) {
    long waitingBytes = participant.addPendingBytes(bytes);
    boolean tooMany = PENDING.incrementAndGet(this) > MAX_PENDING;
    boolean tooMuch = waitingBytes > (long) MAX_PENDING_LARGEST * limits.messageBytes();
    if (tooMany || tooMuch) {
      release(participant, bytes);
      String what = tooMany ? "messages" : "bytes";
      close(
          CloseStatus.TOO_FAST.withReason(
              "too many " + what + " before the first message was handled"));
      return false;
    }
    return true;
  }

  /** Counts a message whose callback has returned. */
  void release(LiveParticipant participant, int bytes) {
    participant.addPendingBytes(-bytes);
    PENDING.decrementAndGet(this);
  }

  /** {@return whether callbacks of this connection wait or run} */
  boolean hasPending() {
    return pending > 0;
  }

  /** Closes the connection after what is queued for it. */
  private void close(CloseStatus status) {
    session.close(status, SessionCloseMode.AFTER_FLUSH);
  }
}
