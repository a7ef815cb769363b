// @ts-check
import { isTemporary } from "../../lib/errors.js";
import { sleep } from "../../lib/retry.js";

/** @typedef {import("./typedefs.js").Position} Position */

const INTERVAL_MS = 1_000;

/** Tells the server how far this user has read a room, for other devices. At most once a second. */
export class ReadMarkSender {
  #send;
  #delay;
  /** What the server does not know yet. @type {Position | undefined} */
  #next;
  #isSending = false;

  /**
   * @param {(position: Position) => Promise<unknown>} send
   * @param {(ms: number) => Promise<unknown>} [delay]
   */
  constructor(send, delay = sleep) {
    this.#send = send;
    this.#delay = delay;
  }

  /**
   * This user has read up to a position.
   *
   * @param {Position} position
   */
  async moved(position) {
    this.#next = position;
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#next) {
      const sent = this.#next;
      this.#next = undefined;
      await this.#send(sent).catch((error) => {
        if (isTemporary(error)) this.#next ??= sent;
      });
      await this.#delay(INTERVAL_MS);
    }
    this.#isSending = false;
  }
}
