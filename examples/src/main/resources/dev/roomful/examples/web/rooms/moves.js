import { nameOf } from "./people.js";

const BLINK_MS = 2_000;

/** Who comes and goes in a room. Who is back in the blink of an eye, as after a reload, was never gone. */
export class Moves {
  #room;
  #going = new Map();
  #expelled = new Set();

  constructor(room) {
    this.#room = room;
  }

  join(info) {
    const { user } = info;
    const isNew = this.#room.people.join(info);
    clearTimeout(this.#going.get(user));
    if (!this.#going.delete(user) && isNew) this.#tell(user, nameOf(info), true);
    this.#room.emit("people");
  }

  leave(info) {
    const { user } = info;
    this.#room.typing.ended(user);
    if (!this.#room.people.leave(info)) return;
    this.#room.emit("people");
    if (this.#expelled.delete(user)) return;
    const gone = () => this.#going.delete(user) && this.#tell(user, nameOf(info), false);
    this.#going.set(user, setTimeout(gone, BLINK_MS));
  }

  /** That is told in another way, whether the leaving was heard already or is still to come. */
  expelled(user) {
    clearTimeout(this.#going.get(user));
    this.#going.delete(user);
    if (this.#room.people.has(user)) this.#expelled.add(user);
  }

  #tell(user, name, came) {
    if (user === this.#room.me || this.#room.direct) return;
    this.#room.timeline.moved(user, name, came);
    this.#room.emit("timeline");
  }
}
