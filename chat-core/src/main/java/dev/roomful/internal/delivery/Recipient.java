package dev.roomful.internal.delivery;

/** Who receives the frames of an {@link Outbox}. Called with no lock of the chat held. */
public interface Recipient {
  /** An operation of the recipient's connection failed. */
  void connectionFailed(Throwable cause);

  /** The recipient's outbox overflowed and is closed. */
  void closeTooSlow();

  /** The event cannot be represented in the recipient's protocol. */
  void closeNotEncodable();
}
