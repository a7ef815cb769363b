package dev.roomful.internal.delivery;

/** Closes a recipient for which a frame could not be queued. Called under no lock. */
public interface Recipient {
  /** The recipient's outbox overflowed and is closed. */
  void closeTooSlow();

  /** The event cannot be represented in the recipient's protocol. */
  void closeNotEncodable();
}
