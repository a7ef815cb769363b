/** So many entries are shown. */
export const MOST = 500;
const TOGETHER_MS = 10 * 60_000;

/**
 * What is shown of a room, in order: messages by their offset, and notes where they happened.
 * After a gap, and with each new epoch, what follows goes behind all that was there.
 */
export class Timeline {
  entries = [];
  complete = false; // nothing older is to be had
  #start = 0; // where the entries begin that came after the last gap
  #ids = new Map();

  get isFull() {
    return this.entries.length >= MOST;
  }

  /** The lowest and the highest offset of the epoch that are here. */
  oldest(epoch) {
    return this.entries.find((entry) => entry.offset && entry.epoch === epoch)?.offset;
  }

  newest(epoch) {
    return this.entries.findLast((entry) => entry.offset && entry.epoch === epoch)?.offset;
  }

  at(epoch, offset) {
    return this.entries.find((entry) => entry.offset === offset && entry.epoch === epoch);
  }

  /** Puts it in its place. False if it was there already. */
  add(message, { older = false } = {}) {
    const { epoch, offset } = message;
    if (offset && this.at(epoch, offset)) return false;
    const id = message.id && `${message.user}/${message.id}`;
    const known = id && this.#ids.get(id);
    if (known) {
      Object.assign(known, { epoch, offset }); // said again to a server that had lost it
      return false;
    }
    if (id) this.#ids.set(id, message);
    this.#insert(message, older ? this.#beginOf(epoch) : this.#start);
    this.#trim();
    return true;
  }

  #insert(message, from) {
    const { epoch, offset } = message;
    let index = this.entries.length;
    if (offset) {
      const isLater = (each) => each.offset > offset && each.epoch === epoch;
      const next = this.entries.findIndex((each, i) => i >= from && isLater(each));
      if (next >= 0) index = next;
      else if (message.past) {
        const last = this.entries.findLastIndex((each) => each.offset && each.epoch === epoch);
        index = Math.max(from, last + 1);
      }
    }
    this.entries.splice(index, 0, message);
    if (index < this.#start) this.#start++;
  }

  #beginOf(epoch) {
    const first = this.entries.findIndex((each) => each.offset && each.epoch === epoch);
    return first < 0 ? this.#start : Math.min(first, this.#start);
  }

  note(type, detail) {
    this.entries.push({ kind: "note", type, at: Date.now(), ...detail });
    this.#trim();
  }

  /** Who came and who went: one line for many, for as long as nothing else happens. */
  moved(user, name, came) {
    let last = this.entries.at(-1);
    if (last?.type !== "moves" || Date.now() - last.at > TOGETHER_MS) {
      this.note("moves", { moves: new Map() });
      last = this.entries.at(-1);
    }
    const before = last.moves.get(user);
    last.moves.set(user, { name, came: came || !!before?.came, went: !came || !!before?.went, here: came });
    last.changed = (last.changed ?? 0) + 1;
  }

  gap() {
    if (this.entries.at(-1)?.type !== "gap") this.note("gap");
    this.#start = this.entries.length;
  }

  removed(epoch, offset) {
    const message = this.at(epoch, offset);
    if (message) Object.assign(message, { removed: true, text: "" });
  }

  /** What is missing between the kept ones was removed; what is older than them may just have had its time. */
  compare({ publications, epoch, offset: newest }) {
    const kept = new Set(publications.map(({ offset }) => offset));
    const oldest = Math.min(...kept);
    for (const { epoch: of, offset } of this.entries) {
      if (of === epoch && offset > oldest && offset <= newest && !kept.has(offset)) this.removed(epoch, offset);
    }
  }

  /** A page cannot show without end; what goes may be asked for again. */
  #trim() {
    const excess = this.entries.length - MOST;
    if (excess <= 0) return;
    for (const { id, user } of this.entries.splice(0, excess)) this.#ids.delete(`${user}/${id}`);
    this.#start = Math.max(0, this.#start - excess);
    this.complete = false;
  }
}
