package dev.roomful.testkit;

/**
 * A rule that a known server breaks and an adapter cannot repair. The cases of the rule are then
 * skipped, or require what is left of it.
 */
public enum Quirk {
  /** A close frame without a code is reported as 1000 instead of 1005 (rule 1.4). */
  REPORTS_MISSING_CODE_AS_NORMAL,
  /**
   * After a client's error the connection may be reset without a close frame, which RFC 6455
   * section 7.1.7 allows (rule 3.2).
   */
  RESETS_ON_ERRORS,
  /** Unmasked frames are accepted, against RFC 6455 section 5.1 (rule 3.2). */
  ACCEPTS_UNMASKED_FRAMES,
  /**
   * When both sides end a connection during a write, the last bytes that the client reads may not
   * be a whole frame (rule 2.1). Seen rarely, under hundreds of connections; the cause is not
   * known.
   */
  TRUNCATES_FRAMES_ON_CLOSE,
  /** A frame may follow the close frame, against RFC 6455 section 5.5.1 (rule 2.4). */
  SENDS_FRAMES_AFTER_CLOSE,
  /** A rejection has its reason in the status line, and no body (rule 4.2). */
  REJECTS_WITHOUT_BODY,
  /** A frame above the server's own limit is closed with another code than 1009 (rule 3.2). */
  CLOSES_HUGE_FRAMES_WITH_OTHER_CODE,
  /** While a handler runs, nothing is read from its client, and pings wait (rule 3.4). */
  READS_NOTHING_WHILE_A_HANDLER_RUNS,
  /** After a failed write, messages that the client sent before are not delivered (rule 1.2). */
  LOSES_INPUT_AFTER_A_FAILED_WRITE,
  /** Pongs for a client that does not read wait in memory, without a bound (rule 3.3). */
  QUEUES_PONGS_WITHOUT_A_BOUND
}
