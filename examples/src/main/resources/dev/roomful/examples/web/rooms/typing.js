const TELL_EVERY_MS = 3_000;
const EXPIRES_MS = 5_000;

/** Who is writing something right now, and telling others that one is. */
export class Typing {
  #writers = new Map();
  #told = -Infinity;
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  get names() {
    return [...this.#writers.values()].map(({ name }) => name);
  }

  heard(user, name) {
    clearTimeout(this.#writers.get(user)?.timer);
    const timer = setTimeout(() => this.ended(user), EXPIRES_MS);
    this.#writers.set(user, { name, timer });
    this.#changed();
  }

  ended(user) {
    clearTimeout(this.#writers.get(user)?.timer);
    if (this.#writers.delete(user)) this.#changed();
  }

  clear() {
    for (const user of [...this.#writers.keys()]) this.ended(user);
  }

  /** Tells others, unless they were told a moment ago. */
  tell(publish) {
    if (performance.now() - this.#told < TELL_EVERY_MS) return;
    this.#told = performance.now();
    publish().catch(() => {}); // not worth a word: the message itself will say what is wrong
  }

  said() {
    this.#told = -Infinity;
  }
}
