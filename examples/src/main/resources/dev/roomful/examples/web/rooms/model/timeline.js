// @ts-check
/** @typedef {import("./typedefs.js").Entry} Entry */
/** @typedef {import("./typedefs.js").EventDetail} EventDetail */
/** @typedef {import("./typedefs.js").Message} Message */

/** The largest number of entries, beside older ones that were loaded. */
export const MAX_ENTRIES = 500;
/** No older messages are loaded when there are that many entries. */
export const MAX_LOADED = 5_000;
const PRESENCE_EVENT_MS = 10 * 60_000;

/**
 * The entries of a room in the order in which they are shown: messages by their offset, and events
 * where they happened. What comes after a gap or in a new epoch is behind all that was there.
 */
export class Timeline {
  /** @type {Entry[]} */
  entries = [];
  /** Whether no older messages can be loaded. */
  isComplete = false;
  /** The index of the first entry after the last gap. */
  #start = 0;
  #limit = MAX_ENTRIES;
  /** Messages by sender and ID. @type {Map<string, Message>} */
  #byId = new Map();
  #now;

  /** @param {() => number} [now] the clock */
  constructor(now = Date.now) {
    this.#now = now;
  }

  get isFull() {
    return this.entries.length >= MAX_LOADED;
  }

  /**
   * Returns the lowest offset of an epoch.
   *
   * @param {string | undefined} epoch
   */
  oldestOffset(epoch) {
    return this.entries.map(offsetIn(epoch)).find(Boolean);
  }

  /**
   * Returns the highest offset of an epoch.
   *
   * @param {string | undefined} epoch
   */
  newestOffset(epoch) {
    return this.entries.map(offsetIn(epoch)).findLast(Boolean);
  }

  /**
   * Adds a message at its place.
   *
   * @param {Message} message
   * @param {object} [options]
   * @param {boolean} [options.isOlder] whether it may be older than the last gap
   * @param {string} [options.nextEpoch] the epoch of the message behind an older one
   * @returns {boolean} false if it was there already
   */
  add(message, { isOlder = false, nextEpoch } = {}) {
    const { epoch, offset } = message;
    if (offset && this.find({ epoch, offset })) return false;
    const key = keyOf(message);
    const known = key && this.#byId.get(key);
    if (known) {
      // Published again, to a server that had lost it.
      if (!isOlder || !known.offset) Object.assign(known, { epoch, offset });
      return false;
    }
    if (key) this.#byId.set(key, message);
    this.#insert(message, isOlder ? this.#startOf(epoch, nextEpoch) : this.#start);
    if (isOlder) this.#limit = this.entries.length + MAX_ENTRIES; // others may come while the user reads
    else this.#trim();
    return true;
  }

  /**
   * Returns the message at a position, if it is loaded.
   *
   * @param {{ epoch?: string, offset?: number }} position
   */
  find({ epoch, offset }) {
    if (!offset) return undefined;
    const found = this.entries.find((entry) => offsetIn(epoch)(entry) === offset);
    return found?.kind === "message" ? found : undefined;
  }

  /**
   * @param {Message} message
   * @param {number} from the lowest index that it may have
   */
  #insert(message, from) {
    const { epoch, offset } = message;
    let index = this.entries.length;
    if (offset) {
      const offsetOf = offsetIn(epoch);
      const next = this.entries.findIndex((entry, i) => i >= from && (offsetOf(entry) ?? 0) > offset);
      if (next >= 0) index = next;
      else if (message.isFromHistory) index = Math.max(from, this.entries.findLastIndex(offsetOf) + 1);
    }
    this.entries.splice(index, 0, message);
    if (index < this.#start) this.#start++;
  }

  /**
   * @param {string | undefined} epoch
   * @param {string | undefined} nextEpoch
   */
  #startOf(epoch, nextEpoch) {
    const first = this.entries.findIndex(offsetIn(epoch));
    if (first >= 0) return Math.min(first, this.#start);
    const next = this.entries.findIndex(offsetIn(nextEpoch));
    return next < 0 ? this.#start : next;
  }

  /** @param {EventDetail} detail */
  addEvent(detail) {
    this.entries.push({ kind: "event", at: this.#now(), ...detail });
    this.#trim();
  }

  /**
   * Adds that a user joined or left. Changes for which nothing else happens in between share one
   * event for a while.
   *
   * @param {string} user
   * @param {string} name
   * @param {boolean} isJoin
   */
  addPresenceChange(user, name, isJoin) {
    const event = this.#presenceEvent();
    const before = event.changes.get(user);
    event.changes.set(user, {
      name,
      hasJoined: isJoin || !!before?.hasJoined,
      hasLeft: !isJoin || !!before?.hasLeft,
      isPresent: isJoin,
    });
    event.version++;
  }

  #presenceEvent() {
    const last = this.entries.at(-1);
    if (last?.kind === "event" && last.type === "presence" && this.#now() - last.at <= PRESENCE_EVENT_MS) return last;
    const detail = { type: /** @type {const} */ ("presence"), changes: new Map(), version: 0 };
    const event = { kind: /** @type {const} */ ("event"), at: this.#now(), ...detail };
    this.entries.push(event);
    this.#trim();
    return event;
  }

  /** Adds that messages may be missing here, unless the last entry says so. */
  addGap() {
    const last = this.entries.at(-1);
    if (last?.kind !== "event" || last.type !== "gap") this.addEvent({ type: "gap" });
    this.#start = this.entries.length;
  }

  /** The user does not read older messages any more: drops the oldest ones. */
  shrink() {
    this.#limit = MAX_ENTRIES;
    this.#trim();
  }

  /** Drops the oldest entries above the limit; their messages can be loaded again. */
  #trim() {
    const excess = this.entries.length - this.#limit;
    if (excess <= 0) return;
    for (const entry of this.entries.splice(0, excess)) {
      const key = entry.kind === "message" && keyOf(entry);
      if (key) this.#byId.delete(key);
    }
    this.#start = Math.max(0, this.#start - excess);
    this.isComplete = false;
  }
}

/**
 * Returns a function that returns the offset of an entry in an epoch: undefined for events, for
 * messages of other epochs, and for messages without a position.
 *
 * @param {string | undefined} epoch
 * @returns {(entry: Entry) => number | undefined}
 */
function offsetIn(epoch) {
  return (entry) => (entry.kind === "message" && entry.offset && entry.epoch === epoch ? entry.offset : undefined);
}

/** @param {Message} message */
function keyOf({ id, user }) {
  return id ? `${user}/${id}` : undefined;
}
