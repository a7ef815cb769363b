// @ts-check

/** The text that the server sends when it has sent nothing else for a while. It is not shown. */
export const HEARTBEAT = "heartbeat";

const MISSED_HEARTBEATS = 2.5;

/**
 * Notices that a server that sends heartbeats is silent. A browser does not report a connection
 * that is dead without a close, and does not let a page see the server's pings.
 */
export class SilenceTimeout {
  #timeoutMs;
  #onSilence;
  #clock;
  #lastReceived = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {number} heartbeatMs the longest time for which a healthy server sends nothing
   * @param {() => void} onSilence called once after two and a half times as long without data
   * @param {Pick<Performance, "now">} [clock]
   */
  constructor(heartbeatMs, onSilence, clock = performance) {
    this.#timeoutMs = heartbeatMs * MISSED_HEARTBEATS;
    this.#onSilence = onSilence;
    this.#clock = clock;
  }

  /** The connection was opened, or has received data. */
  received() {
    this.#lastReceived = this.#clock.now();
    this.#timer ??= setTimeout(() => this.#check(), this.#timeoutMs);
  }

  /** The connection has ended. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** One timer for many messages: it is set again for what is left since the last one. */
  #check() {
    this.#timer = undefined;
    const leftMs = this.#lastReceived + this.#timeoutMs - this.#clock.now();
    if (leftMs > 0) this.#timer = setTimeout(() => this.#check(), leftMs);
    else this.#onSilence();
  }
}
