package dev.roomful.undertow;

/** Controls one connection on behalf of the receiver that takes its input. */
interface InputControl {
  /** Stops reading from the client. Called without locks. */
  void suspendReading();

  /** Continues to read from the client. Called without locks. */
  void resumeReading();

  /** Called when the connection has ended, before the close is delivered to the chat. */
  void closeReceived();

  /** Called when the close has been delivered to the chat. */
  void closeDelivered();
}
