// @ts-check
import { displayName } from "./names.js";

/** @typedef {import("./typedefs.js").ClientInfo} ClientInfo */
/** @typedef {import("./typedefs.js").Person} Person */
/** @typedef {import("./typedefs.js").Role} Role */

const ROLE_ORDER = ["owner", "moderator"];

/** The users in a room. A user with several connections is there once. */
export class Presence {
  /** @type {Map<string, Person & { clients: Set<string> }>} */
  #users = new Map();
  /** The joins and leaves since a snapshot was requested. @type {(() => void)[] | undefined} */
  #newer;

  get count() {
    return this.#users.size;
  }

  get users() {
    return this.#users.keys();
  }

  /** @param {string} user */
  has(user) {
    return this.#users.has(user);
  }

  /** @param {string} user */
  nameOf(user) {
    return this.#users.get(user)?.name;
  }

  /** The server is asked for a snapshot. A join may come before one that does not have it yet. */
  snapshotRequested() {
    this.#newer = [];
  }

  /**
   * Replaces all users by those of a snapshot.
   *
   * @param {Record<string, ClientInfo>} clients
   */
  replace(clients) {
    const newer = this.#newer ?? [];
    this.clear();
    for (const info of Object.values(clients)) this.join(info);
    for (const apply of newer) apply();
  }

  /** Removes all users. */
  clear() {
    this.#newer = undefined;
    this.#users.clear();
  }

  /**
   * Adds a connection.
   *
   * @param {ClientInfo} info
   * @returns {boolean} whether it is the first one of its user
   */
  join(info) {
    this.#newer?.push(() => this.join(info));
    const known = this.#users.get(info.user);
    const person = known ?? { user: info.user, name: "", clients: new Set() };
    person.name = displayName(info);
    person.clients.add(info.client);
    this.#users.set(info.user, person);
    return !known;
  }

  /**
   * Removes a connection.
   *
   * @param {ClientInfo} info
   * @returns {boolean} whether it was the last one of its user
   */
  leave(info) {
    this.#newer?.push(() => this.leave(info));
    const person = this.#users.get(info.user);
    if (!person?.clients.delete(info.client) || person.clients.size > 0) return false;
    this.#users.delete(info.user);
    return true;
  }

  /**
   * Changes the display name of a user. Has no effect if the user is not in the room.
   *
   * @param {string} user
   * @param {string} name
   */
  rename(user, name) {
    const person = this.#users.get(user);
    if (person) person.name = name;
  }

  /**
   * Returns the users: owners first, then moderators, then members; in each group by name.
   *
   * @param {ReadonlyMap<string, Role>} roles by user; others are members
   * @returns {Person[]}
   */
  list(roles) {
    const rank = (/** @type {Person} */ { user }) => {
      const index = ROLE_ORDER.indexOf(roles.get(user) ?? "member");
      return index < 0 ? ROLE_ORDER.length : index;
    };
    return [...this.#users.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  }
}
