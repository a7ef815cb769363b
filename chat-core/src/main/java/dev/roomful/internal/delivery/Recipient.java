package dev.roomful.internal.delivery;

/** What happens to a recipient that a frame could not be queued for. Called under no lock. */
public interface Recipient {
  /** The recipient's outbox overflowed and is closed. */
  void closeTooSlow();

  /** The event cannot be represented in the recipient's protocol. */
  void closeNotEncodable();
}
