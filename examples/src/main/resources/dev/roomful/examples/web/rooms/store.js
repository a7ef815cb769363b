// What the browser keeps. Where it refuses to (private windows, full disks), it lasts as long as the page.

const PREFIX = "roomful:";

class Store {
  #area;
  #memory = new Map();

  constructor(area) {
    try {
      this.#area = globalThis[area];
    } catch {
      this.#area = undefined; // not allowed to look
    }
  }

  get(key, otherwise) {
    try {
      const text = this.#memory.get(key) ?? this.#area?.getItem(PREFIX + key);
      return text == null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise; // somebody else wrote it
    }
  }

  set(key, value) {
    const text = JSON.stringify(value);
    try {
      this.#area.setItem(PREFIX + key, text);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, text);
    }
  }

  remove(key) {
    this.#memory.delete(key);
    try {
      this.#area.removeItem(PREFIX + key);
    } catch {
      // then it was not kept either
    }
  }
}

/** For good, and the same for all tabs: who one is, which rooms, what was read. */
export const local = new Store("localStorage");

/** For this tab, across reloads: what is not sent yet, drafts, times. */
export const session = new Store("sessionStorage");

/** Calls the listener with the key when another tab changed something for good. */
export function onOtherTab(listener) {
  addEventListener("storage", ({ key }) => key?.startsWith(PREFIX) && listener(key.slice(PREFIX.length)));
}

export function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The secret by which the server knows this browser again. */
export function ownKey() {
  const kept = local.get("key");
  if (typeof kept === "string" && kept.length >= 16) return kept;
  const made = random();
  local.set("key", made);
  return made;
}
