package dev.roomful.testkit;

/**
 * What a server does otherwise than it should, and an adapter cannot mend from outside. The cases
 * that meet it then ask for what is left of the promise.
 */
public enum Quirk {
  /** A close frame without a code is told as 1000 in place of 1005. */
  TELLS_NO_CODE_AS_NORMAL,
  /**
   * After an error of the client the connection may be reset with no close frame seen, which RFC
   * 6455 section 7.1.7 allows.
   */
  RESETS_ON_ERRORS,
  /** Frames that are not masked are taken, against RFC 6455 section 5.1. */
  TAKES_BARE_FRAMES,
  /**
   * When both sides end a connection while a message is written, what the client reads last may be
   * no whole frame. Seen now and then where hundreds come and go; the cause is not known.
   */
  TEARS_FRAMES_ON_CLOSING,
  /** A refusal has its reason in the status line, and no body. */
  REFUSES_WITHOUT_BODY,
  /** A frame that is too large for the server itself ends with another code than 1009. */
  FAILS_ON_HUGE_FRAMES,
  /** While a handler runs, nothing more of its client is read, and pings are not answered. */
  READS_NOTHING_WHILE_A_HANDLER_RUNS,
  /** After a failed write, messages that the client sent before are not read any more. */
  LOSES_INPUT_AFTER_A_FAILED_WRITE,
  /** Pongs for a client that does not read wait in memory, without a bound. */
  QUEUES_PONGS_WITHOUT_A_BOUND
}
