// @ts-check
import { Emitter } from "../../lib/emitter.js";
import { browserStorage } from "../../lib/storage.js";
import { plainText } from "./names.js";
import { READ_KEY } from "./read-positions.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./typedefs.js").Message} Message */
/** @typedef {import("./typedefs.js").Person} Person */

const FIRST_ROOM = "lobby";

/**
 * The rooms that this user has joined. The browser stores them, except direct rooms, which the
 * server knows; all tabs have the same ones.
 *
 * Emits "change" when rooms were joined or left, or look different in a list; "unread"; and "message"
 * when the server has published one.
 *
 * @extends {Emitter<{ change: void, unread: void, message: { room: Room, message: Message } }>}
 */
export class JoinedRooms extends Emitter {
  /** By name. @type {Map<string, Room>} */
  #rooms = new Map();
  #newRoom;
  #isRestored = false;

  /** @param {(name: string, direct: Person | undefined, isNew: boolean) => Room} newRoom joins a room */
  constructor(newRoom) {
    super();
    this.#newRoom = newRoom;
  }

  [Symbol.iterator]() {
    return this.#rooms.values();
  }

  /** @param {string} name */
  get(name) {
    return this.#rooms.get(name);
  }

  /** @param {string} name */
  has(name) {
    return this.#rooms.has(name);
  }

  /** The number of unread messages in all rooms. */
  get unread() {
    return [...this].reduce((sum, room) => sum + room.unread, 0);
  }

  /** Joins the stored rooms, or the first room if none are stored. Has an effect only once. */
  restore() {
    if (this.#isRestored) return;
    this.#isRestored = true;
    for (const name of storedNames()) this.#join(name);
  }

  /**
   * Joins a room, unless it is joined already.
   *
   * @param {string} name
   * @param {boolean} [isNew] whether all of its messages are unread if none was ever read
   */
  join(name, isNew) {
    const room = this.#join(name, undefined, isNew);
    this.#store();
    return room;
  }

  /**
   * @param {string} name
   * @param {Person} [direct]
   * @param {boolean} [isNew]
   */
  #join(name, direct, isNew = false) {
    const joined = this.#rooms.get(name);
    if (joined) return joined;
    const room = this.#newRoom(name, direct, isNew);
    this.#rooms.set(name, room);
    room.on("unread", () => {
      if (room.unread > 0) this.setHidden(room, false);
      this.emit("unread");
    });
    room.on("presence", () => this.#presenceChanged(room));
    room.on("state", () => this.emit("change"));
    room.on("message", (message) => this.emit("message", { room, message }));
    this.emit("change");
    return room;
  }

  /** @param {Room} room */
  leave(room) {
    this.#leave(room);
    this.#store();
  }

  /** @param {Room} room */
  #leave(room) {
    this.#rooms.delete(room.name);
    room.leave();
  }

  #store() {
    browserStorage.set("rooms", [...this].filter(({ direct }) => !direct).map(({ name }) => name));
    this.emit("change");
  }

  /**
   * Joins the direct room with another user.
   *
   * @param {Person & { room: string }} direct with the name "" if it is not known
   * @param {boolean} isOpened whether to show it in the list of rooms, even if it was hidden
   */
  joinDirect({ room: roomName, user, name }, isOpened) {
    const room = this.#join(roomName, { user, name: plainText(name) || "Unknown" }, true);
    if (name) this.setDirectName(user, plainText(name));
    if (isOpened) this.setHidden(room, false);
    return room;
  }

  /**
   * Joins a direct room that the other user has opened, so that the other one sees that this user
   * is there. It is shown in the list of rooms when there is a message.
   *
   * @param {Person & { room: string }} direct
   * @param {boolean} hasMessage
   */
  openedByOther(direct, hasMessage) {
    const isNew = !this.has(direct.room);
    const room = this.joinDirect(direct, hasMessage);
    if (isNew && !hasMessage) this.setHidden(room, true);
  }

  /**
   * Sets the name of a direct room's other user.
   *
   * @param {string} user
   * @param {string} name
   */
  setDirectName(user, name) {
    for (const { direct } of this) {
      if (direct?.user === user) direct.name = name;
    }
    this.emit("change");
  }

  /**
   * Returns the user with a display name that is in one of the rooms.
   *
   * @param {string} name in any case, with or without an "@"
   * @returns {Person | undefined}
   */
  findPerson(name) {
    const wanted = name.replace(/^@/, "").toLowerCase();
    const people = [...this].flatMap(({ presence, roles }) => presence.list(roles));
    return people.find((person) => person.name.toLowerCase() === wanted);
  }

  /**
   * The presence has the newest name of a user.
   *
   * @param {Room} room
   */
  #presenceChanged({ direct, presence }) {
    if (!direct) return;
    direct.name = presence.nameOf(direct.user) ?? direct.name;
    this.emit("change");
  }

  /**
   * Hides a direct room in the list of rooms. It remains joined, and is shown again when it has
   * unread messages.
   *
   * @param {Room} room
   * @param {boolean} isHidden
   */
  setHidden(room, isHidden) {
    const hidden = new Set(browserStorage.get("hidden", []));
    if (hidden.has(room.name) === isHidden) return;
    if (isHidden) hidden.add(room.name);
    else hidden.delete(room.name);
    browserStorage.set("hidden", [...hidden]);
    this.emit("change");
  }

  /** @param {Room} room */
  isHidden(room) {
    return !!room.direct && browserStorage.get("hidden", []).includes(room.name);
  }

  /**
   * Does what another tab has done.
   *
   * @param {string} key of the value that the tab has changed in storage
   */
  otherTabChanged(key) {
    if (key.startsWith(READ_KEY)) this.get(key.slice(READ_KEY.length))?.emit("unread");
    else if (key === "hidden") this.emit("change");
    else if (key === "rooms" && this.#isRestored) this.#syncWithStorage();
  }

  #syncWithStorage() {
    const names = new Set(storedNames());
    for (const room of [...this]) if (!room.direct && !names.has(room.name)) this.#leave(room);
    for (const name of names) this.#join(name);
    this.emit("change");
  }
}

function storedNames() {
  const stored = browserStorage.get("rooms");
  return Array.isArray(stored) ? stored.map(String) : [FIRST_ROOM];
}
