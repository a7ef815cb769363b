package dev.roomful;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a chat can reach its cluster, for health checks. Without a cluster it always can.
 * Immutable: the state at one moment.
 */
public final class ChatHealth {
  private final @Nullable Instant staleSince;
  private final long waiting;

  /**
   * Creates a state.
   *
   * @param staleSince since when the cluster engine cannot be reached, or null if it can
   * @param waiting how many events wait to be accepted
   */
  public ChatHealth(@Nullable Instant staleSince, long waiting) {
    this.staleSince = staleSince;
    this.waiting = waiting;
  }

  /**
   * Returns whether the cluster engine can be reached. While it cannot, connections remain open,
   * presence is stale, and what is published is rejected with {@link
   * dev.roomful.admission.Rejection#UNAVAILABLE} after 2 seconds.
   *
   * @return true if it can, and without a cluster
   */
  public boolean isConnected() {
    return staleSince == null;
  }

  /** {@return since when the cluster engine cannot be reached; empty if it can} */
  public Optional<Instant> staleSince() {
    return Optional.ofNullable(staleSince);
  }

  /** {@return how many events of this node wait to be accepted by the cluster} */
  public long waiting() {
    return waiting;
  }

  @Override
  public String toString() {
    return "ChatHealth{"
        + (staleSince == null ? "connected" : "stale since " + staleSince)
        + ", waiting="
        + waiting
        + "}";
  }
}
