// @ts-check
// What the browser stores for this page. Where storage is not available, as in private windows or
// on full disks, values last as long as the page.

const PREFIX = "roomful:";

/** Stores JSON values by key in a storage area of the browser. */
export class JsonStorage {
  /** @type {Storage | undefined} */
  #area;
  /** Values that the area did not accept. @type {Map<string, string>} */
  #memory = new Map();

  /** @param {"localStorage" | "sessionStorage"} area */
  constructor(area) {
    try {
      this.#area = globalThis[area];
    } catch {
      this.#area = undefined; // access is denied
    }
  }

  /**
   * Returns the value, or the fallback if there is none or it is not JSON.
   *
   * @param {string} key
   * @param {any} [fallback]
   * @returns {any}
   */
  get(key, fallback) {
    try {
      const text = this.#memory.get(key) ?? this.#area?.getItem(PREFIX + key);
      return text == null ? fallback : JSON.parse(text);
    } catch {
      return fallback; // written by another program
    }
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  set(key, value) {
    const text = JSON.stringify(value);
    try {
      if (!this.#area) throw new Error("no storage area");
      this.#area.setItem(PREFIX + key, text);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, text);
    }
  }

  /** @param {string} key */
  remove(key) {
    this.#memory.delete(key);
    try {
      this.#area?.removeItem(PREFIX + key);
    } catch {
      // an area that denies access stored nothing
    }
  }
}

/** Permanent, and shared by all tabs: identity, rooms, read positions, theme. */
export const browserStorage = new JsonStorage("localStorage");

/** For this tab, across reloads: unsent messages, drafts, the token. */
export const tabStorage = new JsonStorage("sessionStorage");

/**
 * Calls the listener with the key of each value of `browserStorage` that another tab changes.
 *
 * @param {(key: string) => void} listener
 */
export function onOtherTabChange(listener) {
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(PREFIX)) listener(key.slice(PREFIX.length));
  });
}
