// @ts-check
import { element, find, oncePerFrame, syncChildren, userText } from "../../lib/dom.js";
import { avatar } from "./avatar.js";
import { moderationActions } from "./moderation-menu.js";
import { openMenu } from "./popup-menu.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Person} Person */
/** @typedef {import("../model/typedefs.js").Role} Role */
/** @typedef {import("./message-menu.js").OpenDirect} OpenDirect */

/** An item of the list, and the look that it was last given. @typedef {{ node: HTMLElement, look: string }} Item */

/** Lists the participants of the current room. */
export class ParticipantList {
  /** @type {Room | undefined} */
  #room;
  #openDirect;
  /** By user. @type {Map<string, Item>} */
  #items = new Map();
  /** Schedules an update of what is shown. */
  update = oncePerFrame(() => this.#update());

  /** @param {OpenDirect} openDirect */
  constructor(openDirect) {
    this.#openDirect = openDirect;
  }

  /** @param {Room | undefined} room */
  show(room) {
    this.#room = room;
    this.#items.clear();
    this.update();
  }

  #update() {
    const room = this.#room;
    const people = room ? room.presence.list(room.roles) : [];
    const users = new Set(people.map(({ user }) => user));
    for (const user of this.#items.keys()) if (!users.has(user)) this.#items.delete(user);
    const nodes = room ? people.map((person) => this.#itemOf(room, person)) : [];
    syncChildren(find("#participants"), nodes);
  }

  /**
   * @param {Room} room
   * @param {Person} person
   */
  #itemOf(room, person) {
    const { user, name } = person;
    const role = room.direct ? "member" : room.roleOf(user);
    const isSelf = user === room.self;
    const item = this.#items.get(user) ?? { node: element("li"), look: "" };
    this.#items.set(user, item);
    const look = [name, role, isSelf].join("|");
    if (item.look === look) return item.node;
    item.look = look;
    const label = element("span", { class: "label" }, userText(name, "name"), details(isSelf, role));
    const parts = [avatar(user, name), label];
    const hadFocus = item.node.contains(document.activeElement);
    const content = isSelf ? element("div", { class: "person" }, ...parts) : this.#button(person, parts);
    item.node.replaceChildren(content);
    if (hadFocus) content.focus();
    return item.node;
  }

  /**
   * @param {Person} person
   * @param {HTMLElement[]} parts
   */
  #button(person, parts) {
    const popup = { "aria-haspopup": "menu", "aria-expanded": "false" };
    const button = element("button", { type: "button", class: "person", ...popup }, ...parts);
    button.addEventListener("click", () => this.#openMenu(button, person));
    return button;
  }

  /**
   * @param {HTMLElement} button
   * @param {Person} person
   */
  #openMenu(button, person) {
    const room = this.#room;
    if (!room) return;
    const { user, name } = person;
    openMenu(button, name, [
      room.direct?.user !== user && { label: "Write a direct message", act: () => this.#openDirect(user, name) },
      ...moderationActions(room, person),
      !!room.direct && { label: "Write a message", act: () => find("#text").focus() },
    ]);
  }
}

/**
 * @param {boolean} isSelf
 * @param {Role} role
 */
function details(isSelf, role) {
  if (!isSelf && role === "member") return undefined;
  const roleLabel = role !== "member" && element("span", { class: `role ${role}` }, role);
  return element("span", { class: "hint" }, isSelf && "you", isSelf && roleLabel && " · ", roleLabel);
}
