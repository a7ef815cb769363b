// @ts-check
import { element, userText } from "../../lib/dom.js";
import { enumerate } from "../../lib/phrases.js";

/** @typedef {import("../model/typedefs.js").PresenceChange} PresenceChange */
/** @typedef {import("../model/typedefs.js").Role} Role */
/** @typedef {import("../model/typedefs.js").RoomEvent} RoomEvent */

const MAX_NAMES = 4;

/** Shows an event of a room in small type between the messages. */
export class EventView {
  element;
  #event;
  #shownVersion = -1;

  /** @param {RoomEvent} event */
  constructor(event) {
    this.#event = event;
    this.element = element("p", { class: event.type === "gap" ? "note gap" : "note" });
  }

  update() {
    const version = this.#event.type === "presence" ? this.#event.version : 0;
    if (version === this.#shownVersion) return;
    this.#shownVersion = version;
    this.element.replaceChildren(...sentence(this.#event));
  }
}

/** @param {RoomEvent} event */
function sentence(event) {
  switch (event.type) {
    case "gap":
      return ["Some messages may be missing here"];
    case "topic":
      return event.topic ? ["The topic is now “", userText(event.topic), "”"] : ["The topic was removed"];
    case "renamed":
      return [nameNode(event.before), " is now called ", nameNode(event.name)];
    case "removed":
      return [nameNode(event.name), " was removed from the room", ...(event.reason ? [": ", userText(event.reason)] : [])];
    case "role":
      return [nameNode(event.name), roleChange(event.role, event.before)];
    case "presence":
      return presenceChanges([...event.changes.values()]);
  }
}

/** @param {string} name */
function nameNode(name) {
  return userText(name, "name");
}

/**
 * @param {Role} role
 * @param {Role} before
 */
function roleChange(role, before) {
  if (role === "owner") return " owns the room now";
  if (role === "moderator") return " is a moderator now";
  return before === "owner" ? " no longer owns the room" : " is no longer a moderator";
}

/** @param {PresenceChange[]} changes */
function presenceChanges(changes) {
  const joined = changes.filter(({ isPresent, hasLeft }) => isPresent && !hasLeft);
  const rejoined = changes.filter(({ isPresent, hasLeft }) => isPresent && hasLeft);
  const left = changes.filter(({ isPresent, hasJoined }) => !isPresent && !hasJoined);
  const joinedAndLeft = changes.filter(({ isPresent, hasJoined }) => !isPresent && hasJoined);
  const parts = [
    { users: joined, verb: " joined" },
    { users: rejoined, verb: " rejoined" },
    { users: left, verb: " left" },
    { users: joinedAndLeft, verb: " joined and left" },
  ].filter(({ users }) => users.length > 0);
  return parts.flatMap(({ users, verb }, i) => [...(i > 0 ? [" · "] : []), ...namesOf(users), verb]);
}

/**
 * Ann, Bob and 3 others
 *
 * @param {PresenceChange[]} users
 */
function namesOf(users) {
  const shown = users.length > MAX_NAMES ? users.slice(0, MAX_NAMES - 1) : users;
  const others = users.length - shown.length;
  return enumerate([...shown.map(({ name }) => nameNode(name)), ...(others > 0 ? [`${others} others`] : [])]);
}
