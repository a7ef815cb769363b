// @ts-check
import { displayName } from "./names.js";

/** @typedef {import("./typedefs.js").ClientInfo} ClientInfo */

const RELOAD_MS = 2_000;
const RECONNECT_MS = 30_000;

/**
 * Updates the presence of a room, and adds joins and leaves to its timeline. A user who reloads the
 * page or reconnects gets no event.
 */
export class JoinLeaveEvents {
  #room;
  /** Users who left a moment ago, with the timer that adds the event. @type {Map<string, ReturnType<typeof setTimeout>>} */
  #leaving = new Map();
  /** Users whom a moderator removed and whose leave is still to come. @type {Set<string>} */
  #removed = new Set();
  /** Users who were in the room when this client lost its connection. @type {Set<string>} */
  #presentBefore = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reconnectTimer;

  /** @param {Pick<import("./room.js").Room, "presence" | "typing" | "timeline" | "direct" | "self" | "emit">} room */
  constructor(room) {
    this.#room = room;
  }

  /** @param {ClientInfo} info */
  join(info) {
    const { user } = info;
    const isNew = this.#room.presence.join(info);
    clearTimeout(this.#leaving.get(user));
    const hasReturned = this.#leaving.delete(user) || this.#presentBefore.delete(user);
    if (isNew && !hasReturned) this.#addEvent(user, displayName(info), true);
    this.#room.emit("presence");
  }

  /** @param {ClientInfo} info */
  leave(info) {
    const { user } = info;
    this.#room.typing.stop(user);
    if (!this.#room.presence.leave(info)) return;
    this.#room.emit("presence");
    if (this.#removed.delete(user)) return;
    const confirm = () => {
      if (this.#leaving.delete(user)) this.#addEvent(user, displayName(info), false);
    };
    this.#leaving.set(user, setTimeout(confirm, RELOAD_MS));
  }

  /** This client lost its connection. The others may have lost theirs at the same time. */
  connectionLost() {
    for (const user of [...this.#leaving.keys(), ...this.#room.presence.users]) this.#presentBefore.add(user);
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    clearTimeout(this.#reconnectTimer);
  }

  /** This client has joined the room again. From now on the others have a limited time to do so. */
  rejoined() {
    clearTimeout(this.#reconnectTimer);
    this.#reconnectTimer = setTimeout(() => this.#presentBefore.clear(), RECONNECT_MS);
  }

  /**
   * A moderator removed the user, which has an event of its own. The notice of it may come before
   * or after the leave.
   *
   * @param {string} user
   */
  removed(user) {
    clearTimeout(this.#leaving.get(user));
    this.#leaving.delete(user);
    if (this.#room.presence.has(user)) this.#removed.add(user);
  }

  /**
   * @param {string} user
   * @param {string} name
   * @param {boolean} isJoin
   */
  #addEvent(user, name, isJoin) {
    if (user === this.#room.self || this.#room.direct) return;
    this.#room.timeline.addPresenceChange(user, name, isJoin);
    this.#room.emit("timeline");
  }
}
