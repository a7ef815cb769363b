// @ts-check
/** @typedef {import("./typedefs.js").Sanction} Sanction */
/** @typedef {import("./typedefs.js").SanctionData} SanctionData */

const MAX_TIMER_MS = 2 ** 31 - 1;

/** The ban and the mute of this user in a room, as long as they are in force. */
export class OwnSanctions {
  /** @type {Sanction | undefined} */
  ban;
  /** @type {Sanction | undefined} */
  mute;
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  #timers = {};
  #onChange;

  /** @param {() => void} onChange called when one of them was imposed or is over */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * Sets what the server says of a sanction.
   *
   * @param {"ban" | "mute"} kind
   * @param {SanctionData} [data]
   */
  set(kind, { seconds, reason = "" } = { seconds: 0 }) {
    clearTimeout(this.#timers[kind]);
    const ms = Number(seconds) * 1_000;
    this[kind] = ms > 0 ? { reason: String(reason), until: Date.now() + ms } : undefined;
    // A timer cannot be longer; by then the page has been loaded again.
    if (ms > 0 && ms <= MAX_TIMER_MS) this.#timers[kind] = setTimeout(() => this.set(kind), ms);
    this.#onChange();
  }
}
