// @ts-check
import { tabStorage } from "../../lib/storage.js";

const MAX_STORED_PER_ROOM = 150;

/**
 * When this tab received messages: the SDK does not pass on the time of a publication. Saved times
 * survive a reload.
 */
export class ReceiveTimes {
  /** @type {Map<string, { epoch: string, at: Record<number, number> }>} */
  #times = new Map();
  /** @type {Set<string>} */
  #unsaved = new Set();
  #storage;

  /** @param {Pick<import("../../lib/storage.js").JsonStorage, "get" | "set">} [storage] */
  constructor(storage = tabStorage) {
    this.#storage = storage;
  }

  /**
   * @param {string} room
   * @param {string} epoch
   */
  #timesOf(room, epoch) {
    let times = this.#times.get(room) ?? this.#storage.get("times:" + room);
    if (times?.epoch !== epoch) times = { epoch, at: {} };
    this.#times.set(room, times);
    return times;
  }

  /**
   * @param {string} room
   * @param {string} epoch
   * @param {number} offset
   * @returns {number | undefined} milliseconds since the epoch
   */
  get(room, epoch, offset) {
    return this.#timesOf(room, epoch).at[offset];
  }

  /**
   * Keeps the time of a message, unless it has one.
   *
   * @param {string} room
   * @param {string} epoch
   * @param {number} offset
   * @param {number} at
   */
  add(room, epoch, offset, at) {
    this.#timesOf(room, epoch).at[offset] ??= at;
    this.#unsaved.add(room);
  }

  /** Stores the latest times of each room that has new ones. */
  save() {
    for (const room of this.#unsaved) {
      const times = this.#times.get(room);
      if (!times) continue;
      const latest = Object.entries(times.at).slice(-MAX_STORED_PER_ROOM); // integer keys are in order
      this.#storage.set("times:" + room, { epoch: times.epoch, at: Object.fromEntries(latest) });
    }
    this.#unsaved.clear();
  }
}

/** The times of this tab. */
export const receiveTimes = new ReceiveTimes();
