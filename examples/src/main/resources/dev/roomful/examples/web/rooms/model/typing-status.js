// @ts-check

const ANNOUNCE_INTERVAL_MS = 3_000;
const EXPIRY_MS = 5_000;

/** Who is typing in a room, and when to announce that this user is. */
export class TypingStatus {
  /** @type {Map<string, { name: string, timer: ReturnType<typeof setTimeout> }>} */
  #typing = new Map();
  #lastAnnounced = -Infinity;
  #onChange;

  /** @param {() => void} onChange called when `names` changes */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** The display names of the users who are typing. */
  get names() {
    return [...this.#typing.values()].map(({ name }) => name);
  }

  /**
   * A user has announced that it is typing. Expires unless repeated.
   *
   * @param {string} user
   * @param {string} name
   */
  start(user, name) {
    clearTimeout(this.#typing.get(user)?.timer);
    const timer = setTimeout(() => this.stop(user), EXPIRY_MS);
    this.#typing.set(user, { name, timer });
    this.#onChange();
  }

  /** @param {string} user */
  stop(user) {
    clearTimeout(this.#typing.get(user)?.timer);
    if (this.#typing.delete(user)) this.#onChange();
  }

  clear() {
    for (const user of [...this.#typing.keys()]) this.stop(user);
  }

  /**
   * Announces that this user is typing, unless that was announced a moment ago.
   *
   * @param {() => Promise<unknown>} publish
   */
  announce(publish) {
    if (performance.now() - this.#lastAnnounced < ANNOUNCE_INTERVAL_MS) return;
    this.#lastAnnounced = performance.now();
    publish().catch(() => {}); // an announcement is not worth an error: the message shows one if it fails, too
  }

  /** This user has sent the message: typing the next one is announced at once. */
  messageSent() {
    this.#lastAnnounced = -Infinity;
  }
}
