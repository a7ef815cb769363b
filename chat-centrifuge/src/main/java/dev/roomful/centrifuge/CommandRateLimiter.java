package dev.roomful.centrifuge;

import dev.roomful.admission.Rejection;
import dev.roomful.protocol.ProtocolSession;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Charges the commands of one client against the chat's rates. A command counts as one message, and
 * its reply as one more for each full {@link #BYTES_PER_MESSAGE}.
 *
 * <p>A returning client subscribes to all its channels at once. These commands are free as long as
 * an allowance lasts, which belongs to the user, or to the address of a client without a user id: a
 * reconnect does not renew it. Presence and history of its channels are not free. Too many such
 * requests at once are rejected, but are no violation as long as the allowance lasts: a client that
 * is closed for them would reconnect and send them again.
 */
final class CommandRateLimiter {
  static final int BYTES_PER_MESSAGE = 8 * 1024;

  /** The allowance in commands for each room that a participant may be in. */
  private static final int ALLOWANCE_PER_ROOM = 4;

  private static final Duration ALLOWANCE_REFILL = Duration.ofMinutes(1);

  private final ProtocolSession session;
  private final KeyedRateLimiter allowances;
  private final @Nullable String allowanceKey;

  /**
   * Creates the limiter of a client.
   *
   * @param user the user, empty for a client without a user id
   * @param address the address of the client, null if it is not known
   */
  CommandRateLimiter(
      ProtocolSession session, KeyedRateLimiter allowances, String user, @Nullable String address) {
    this.session = session;
    this.allowances = allowances;
    this.allowanceKey =
        !user.isEmpty() ? "user " + user : address == null ? null : "address " + address;
  }

  static KeyedRateLimiter newAllowances(int roomsPerParticipant) {
    long commands = (long) ALLOWANCE_PER_ROOM * roomsPerParticipant;
    return new KeyedRateLimiter((int) Math.min(commands, Integer.MAX_VALUE), ALLOWANCE_REFILL);
  }

  /** Takes the price of a command; returns the rejection of one that comes too fast. */
  Optional<Rejection> check(ClientRequest request, Duration now) {
    if (request instanceof ClientRequest.Unsubscribe unsubscribe
        && session.isIn(unsubscribe.channel())) {
      return Optional.empty(); // paid for by its subscribe
    }
    boolean free = request instanceof ClientRequest.Subscribe && takeAllowance(now);
    return session
        .checkRate(free ? 0 : 1, () -> free || (!request.countsAsPublish() && takeAllowance(now)))
        .rejection();
  }

  private boolean takeAllowance(Duration now) {
    return allowanceKey != null && allowances.take(allowanceKey, now);
  }

  /** Takes the price of a reply. */
  void chargeReply(int bytes) {
    session.charge(bytes / BYTES_PER_MESSAGE);
  }
}
