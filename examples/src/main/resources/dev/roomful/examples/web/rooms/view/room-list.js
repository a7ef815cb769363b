// @ts-check
import { element, find, oncePerFrame, syncChildren, userText } from "../../lib/dom.js";
import { avatar } from "./avatar.js";
import { lock } from "./lock.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */
/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Person} Person */

/** An item of the list, and the look that it was last given. @typedef {{ node: HTMLElement, button: HTMLElement, look: string }} Item */

const MAX_UNREAD = 99;
const LONG_TITLE = 20;

/** Lists the rooms that this user has joined, with their unread messages, and this user. */
export class RoomList {
  #chat;
  #open;
  /** The room that is shown. @type {Room | undefined} */
  #current;
  /** @type {Map<Room, Item>} */
  #items = new Map();
  #scrollsToCurrent = false;
  #shownSelf = "";
  /** Schedules an update of what is shown. */
  update = oncePerFrame(() => this.#update());

  /**
   * @param {ChatClient} chat
   * @param {(room: Room) => void} open
   */
  constructor(chat, open) {
    this.#chat = chat;
    this.#open = open;
  }

  /** @param {Room | undefined} room */
  show(room) {
    this.#current = room;
    this.#scrollsToCurrent = true;
    this.update();
  }

  #update() {
    const current = this.#current;
    const rooms = [...this.#chat.rooms].filter((room) => !this.#chat.rooms.isHidden(room) || room === current);
    for (const room of this.#items.keys()) if (!rooms.includes(room)) this.#items.delete(room);
    const directs = rooms.filter(({ direct }) => direct);
    const others = rooms.filter(({ direct }) => !direct);
    syncChildren(find("#joined"), others.map((room) => this.#itemOf(room)));
    syncChildren(find("#directs"), directs.map((room) => this.#itemOf(room)));
    find("#directs-title").hidden = directs.length === 0;
    find("#directs").hidden = directs.length === 0;
    find("#unread-elsewhere").hidden = !rooms.some((room) => room !== current && room.unread > 0);
    if (this.#scrollsToCurrent && current) this.#items.get(current)?.node.scrollIntoView({ block: "nearest" });
    this.#scrollsToCurrent = false;
    this.#updateSelf();
  }

  /** @param {Room} room */
  #itemOf(room) {
    const item = this.#items.get(room) ?? this.#newItem(room);
    const { button } = item;
    const { unread, hasUnreadMention, title, state, direct, isPrivate } = room;
    const isOnline = !!direct && room.presence.has(direct.user);
    if (room === this.#current) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    const look = [title, unread, hasUnreadMention, state, isOnline].join("|");
    if (item.look === look) return item.node;
    item.look = look;
    if (title.length > LONG_TITLE) button.title = title;
    button.classList.toggle("unread", unread > 0);
    button.replaceChildren(
      signOf(room, isOnline),
      userText(title, "name"),
      ...(state === "notJoined" ? [element("span", { class: "not-joined" }, "not joined")] : []),
      ...(hasUnreadMention ? badge("@", "you were mentioned") : []),
      ...(unread > 0 ? unreadCount(unread) : []),
      ...(isPrivate ? [" ", element("span", { class: "visually-hidden" }, "(invite-only)")] : []),
      ...(isOnline ? [" ", element("span", { class: "visually-hidden" }, "(online)")] : []),
    );
    return item.node;
  }

  /** @param {Room} room */
  #newItem(room) {
    const button = element("button", { type: "button", onclick: () => this.#open(room) });
    const item = { node: element("li", {}, button), button, look: "" };
    this.#items.set(room, item);
    return item;
  }

  #updateSelf() {
    const { user, name } = this.#chat.self;
    const button = find("#self");
    button.hidden = !user; // the server has not answered yet
    const self = `${user}|${name}`;
    if (this.#shownSelf === self) return;
    this.#shownSelf = self;
    const hint = element("span", { class: "hint" }, "Settings");
    button.replaceChildren(avatar(user, name), element("span", { class: "label" }, userText(name, "name"), hint));
  }
}

/**
 * @param {Room} room
 * @param {boolean} isOnline whether the other user of a direct room is there
 */
function signOf({ direct, isPrivate }, isOnline) {
  if (direct) return avatarWithStatus(direct, isOnline);
  return isPrivate ? lock() : element("span", { class: "hash", "aria-hidden": "true" }, "#");
}

/**
 * @param {Person} person
 * @param {boolean} isOnline
 */
function avatarWithStatus({ user, name }, isOnline) {
  const status = isOnline && element("span", { class: "online", "aria-hidden": "true" });
  return element("span", { class: "avatar-box" }, avatar(user, name), status);
}

/** @param {number} unread */
function unreadCount(unread) {
  const count = unread > MAX_UNREAD ? `${MAX_UNREAD}+` : String(unread);
  return badge(count, `${count} unread`);
}

/**
 * @param {string} text
 * @param {string} label for screen readers
 */
function badge(text, label) {
  return [
    " ",
    element("span", { class: "count", "aria-hidden": "true" }, text),
    element("span", { class: "visually-hidden" }, label),
  ];
}
