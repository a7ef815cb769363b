package dev.roomful.undertow;

/** Controls one connection on behalf of the receiver that takes its input. */
interface ConnectionControl {
  /** Stops reading from the client. Called without locks. */
  void suspendReading();

  /** Continues to read from the client. Called without locks. */
  void resumeReading();

  /** Called when the connection has ended, before the chat is told. */
  void closeReceived();

  /** Called when the chat has been told that the connection has ended. */
  void closeDelivered();
}
