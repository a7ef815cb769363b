import { nameOf } from "./people.js";

const BLINK_MS = 2_000;
const RETURN_MS = 30_000;

/** Who comes and goes in a room. Who is back in the blink of an eye, as after a reload, was never gone. */
export class Moves {
  #room;
  #going = new Map();
  #expelled = new Set();
  #before = new Set(); // who was here when the connection broke, ours or all of them
  #timer;

  constructor(room) {
    this.#room = room;
  }

  join(info) {
    const { user } = info;
    const isNew = this.#room.people.join(info);
    clearTimeout(this.#going.get(user));
    const isBack = this.#going.delete(user) || this.#before.delete(user);
    if (!isBack && isNew) this.#tell(user, nameOf(info), true);
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

  /** We are away ourselves, and who comes back after it as we do is no news. */
  interrupted() {
    for (const user of [...this.#going.keys(), ...this.#room.people.users]) this.#before.add(user);
    for (const timer of this.#going.values()) clearTimeout(timer);
    this.#going.clear();
    clearTimeout(this.#timer);
  }

  resumed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#before.clear(), RETURN_MS);
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
