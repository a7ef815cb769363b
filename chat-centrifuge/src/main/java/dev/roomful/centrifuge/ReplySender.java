package dev.roomful.centrifuge;

import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Frame;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Encodes and sends the replies to one client, and charges it for them. */
final class ReplySender {
  private final ProtocolSession session;
  private final CentrifugeProtocol protocol;
  private final long maxBytes;

  /** The reserved place of the reply to connect, until it is filled. */
  private final AtomicReference<@Nullable Consumer<@Nullable Frame>> connectReplySlot =
      new AtomicReference<>();

  /** Null until the client is identified. */
  private volatile @Nullable CommandRateLimiter rateLimiter;

  ReplySender(ProtocolSession session, CentrifugeProtocol protocol, int outboxBytes) {
    this.session = session;
    this.protocol = protocol;
    this.maxBytes = 3L * outboxBytes / 4;
  }

  void chargeTo(CommandRateLimiter newRateLimiter) {
    rateLimiter = newRateLimiter;
  }

  /**
   * Sends a reply. In place of a reply that does not fit into the outbox it sends an error:
   * otherwise the client would be closed as too slow, reconnect and ask again.
   */
  void send(long id, Reply.Outcome outcome) {
    Frame frame = frame(id, outcome);
    session.send(frame.size() <= maxBytes ? frame : frame(id, ClientError.REPLY_TOO_LARGE));
  }

  /** Encodes the reply to a command that has taken effect, so that it cannot become an error. */
  Frame frame(long id, Reply.Outcome outcome) {
    Frame frame = protocol.frame(new Reply(id, outcome));
    CommandRateLimiter currentLimiter = rateLimiter;
    if (currentLimiter != null) {
      currentLimiter.chargeReply(frame.size());
    }
    return frame;
  }

  /** Reserves the place of the reply to connect; what is sent from now on waits behind it. */
  void reserveConnectReply() {
    connectReplySlot.set(session.reserveFrame());
  }

  /** Fills the place of the reply to connect, or gives it up: a close would wait behind it. */
  void fillConnectReply(@Nullable Frame frame) {
    Consumer<@Nullable Frame> slot = connectReplySlot.getAndSet(null);
    if (slot != null) {
      slot.accept(frame);
    }
  }
}
