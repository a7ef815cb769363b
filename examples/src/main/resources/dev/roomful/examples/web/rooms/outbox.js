import { random, session } from "./store.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** Messages of one room that were not heard back yet, in order; a reload does not lose them. */
export class Outbox {
  items = [];
  #key;
  #changed;
  #busy = false;

  constructor(room, changed) {
    this.#key = "outbox:" + room;
    this.#changed = changed;
    const kept = session.get(this.#key, []);
    for (const { id, text, state, reason } of Array.isArray(kept) ? kept : []) {
      this.items.push(message(id, text, state, reason));
    }
  }

  add(text) {
    this.items.push(message(random(), text, "waiting"));
    this.#save();
  }

  find(id) {
    return this.items.find((item) => item.id === id);
  }

  retry(item) {
    this.remove(item);
    Object.assign(item, { state: "waiting", reason: undefined });
    this.items.push(item); // what was said since then stays before it
    this.#save();
  }

  remove(item) {
    this.items = this.items.filter((each) => each !== item);
    this.#save();
  }

  /**
   * Publishes what waits, one after the other, for as long as there is a way to. The same id goes out
   * again when no answer came: the server says it once.
   */
  async flush(publish, isOpen, sent) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let wait = FIRST_WAIT_MS; isOpen(); ) {
        const item = this.items.find(({ state }) => state === "waiting");
        if (!item) return;
        const error = await publish({ text: item.text, id: item.id }).then(() => undefined, (why) => why);
        if (!error) {
          wait = FIRST_WAIT_MS;
          if (item.state === "waiting") item.state = "sent";
          sent(item);
        } else if (error.code < 100 || error.temporary) {
          await new Promise((done) => setTimeout(done, wait));
          wait = Math.min(2 * wait, LONGEST_WAIT_MS);
        } else if (item.state === "waiting") {
          Object.assign(item, { state: "failed", reason: reasonOf(error) });
        }
        this.#save();
      }
    } finally {
      this.#busy = false;
    }
  }

  #save() {
    const kept = this.items.filter(({ state }) => state !== "sent");
    if (kept.length === 0) session.remove(this.#key);
    else session.set(this.#key, kept.map(({ id, text, state, reason }) => ({ id, text, state, reason })));
    this.#changed();
  }
}

const PERMISSION_DENIED = 103;

function reasonOf({ code, message }) {
  return code === PERMISSION_DENIED ? `you may not speak here right now (${message})` : message;
}

function message(id, text, state, reason) {
  return { kind: "message", id, text, state, reason, own: true, at: Date.now() };
}
