package dev.roomful.internal.delivery;

import java.util.function.Consumer;

/** A recipient that gives the failures of its connection to a test, and is never closed. */
record FailureRecipient(Consumer<Throwable> failures) implements Recipient {
  /** {@return a recipient whose connection must not fail} */
  static FailureRecipient none() {
    return new FailureRecipient(
        failure -> {
          throw new AssertionError("the connection failed", failure);
        });
  }

  @Override
  public void connectionFailed(Throwable cause) {
    failures.accept(cause);
  }

  @Override
  public void closeTooSlow() {
    throw new AssertionError("closed as too slow");
  }

  @Override
  public void closeNotEncodable() {
    throw new AssertionError("closed, because an event cannot be encoded");
  }
}
