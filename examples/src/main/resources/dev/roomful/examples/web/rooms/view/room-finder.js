// @ts-check
import { element, find, setText, userText } from "../../lib/dom.js";
import { errorText } from "../../lib/errors.js";
import { countOf } from "../../lib/phrases.js";
import { toRoomName } from "../model/names.js";
import { lock } from "./lock.js";
import { onShortcut } from "./shortcut.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */
/** @typedef {import("../model/typedefs.js").RoomSummary} RoomSummary */
/** @typedef {RoomSummary & { title?: string, isJoined?: boolean, isDirect?: boolean, isPrivate?: boolean }} FoundRoom */

/** How long the server shares one list of rooms, in milliseconds, and a little more. */
const LIST_AGE = 1100;

/** The dialog in which the user finds a room by its name, or creates one. */
export class RoomFinder {
  #chat;
  #open;
  #createPrivate;
  #dialog = find("#room-finder", HTMLDialogElement);
  #input = find("#room-name", HTMLInputElement);
  #list = find("#found-rooms");
  #hint = find("#found-hint");
  /** @type {FoundRoom[]} */
  #rooms = [];
  /** The options that are shown, with what they do. @type {{ node: HTMLElement, choose: () => void }[]} */
  #options = [];
  #selected = 0;

  /**
   * @param {ChatClient} chat
   * @param {(room: string) => void} open joins and shows a room
   * @param {(name: string) => void} createPrivate creates and shows a private room
   */
  constructor(chat, open, createPrivate) {
    this.#chat = chat;
    this.#open = open;
    this.#createPrivate = createPrivate;
    this.#input.addEventListener("input", () => this.#update(0));
    this.#input.addEventListener("keydown", (event) => this.#keyPressed(event));
    onShortcut("k", () => this.show(), false);
  }

  async show() {
    this.#input.value = "";
    this.#rooms = this.#joinedRooms();
    this.#dialog.showModal();
    this.#update(0);
    await this.#load();
    // The server shares one list for a second: a room that opened just before is in the next one.
    setTimeout(() => this.#dialog.open && this.#load(), LIST_AGE);
  }

  async #load() {
    try {
      const { rooms = [] } = await this.#chat.listRooms();
      const others = rooms.filter(({ room }) => !this.#chat.rooms.has(room));
      const counts = new Map(rooms.map(({ room, here }) => [room, here]));
      const joined = this.#joinedRooms().map((each) => ({ ...each, here: counts.get(each.room) ?? each.here }));
      this.#rooms = [...joined, ...others];
      this.#update(this.#selected);
    } catch (error) {
      setText(this.#hint, errorText(error));
    }
  }

  /** @returns {FoundRoom[]} */
  #joinedRooms() {
    return [...this.#chat.rooms].map(({ name, title, topic, presence, direct, isPrivate }) => {
      const here = direct ? undefined : presence.count;
      return { room: name, title, topic, here, isJoined: true, isDirect: !!direct, isPrivate };
    });
  }

  /** @param {number} selected the index of the selected option */
  #update(selected) {
    const typedName = toRoomName(this.#input.value);
    const typed = this.#input.value.trim().toLowerCase();
    const found = this.#rooms.filter(({ room, title = room, topic = "" }) =>
      [title, topic].some((text) => text.toLowerCase().includes(typed) || (typedName && text.includes(typedName))),
    );
    const canCreate = typedName && !this.#rooms.some(({ room }) => room === typedName);
    this.#options = found.map((room) => this.#option(roomParts(room), () => this.#open(room.room)));
    if (canCreate) {
      this.#options.push(this.#option(newRoomParts("Create a new room ", typedName), () => this.#open(typedName)));
    }
    if (typedName) {
      const parts = newRoomParts("Create an invite-only room ", typedName);
      this.#options.push(this.#option(parts, () => this.#createPrivate(typedName)));
    }
    this.#list.replaceChildren(...this.#options.map(({ node }) => node));
    this.#select(Math.min(selected, this.#options.length - 1));
    const none = canCreate ? "No room has this name. Press Enter to create it." : "Type a name to create a room.";
    setText(this.#hint, found.length > 0 ? countOf(found.length, "room", "rooms") : none);
  }

  /**
   * @param {HTMLElement[]} parts
   * @param {() => void} act
   */
  #option(parts, act) {
    const choose = () => {
      this.#dialog.close();
      act();
    };
    return { node: element("li", { role: "option", "aria-selected": "false", onclick: choose }, ...parts), choose };
  }

  /** @param {number} index */
  #select(index) {
    this.#selected = Math.max(0, index);
    this.#options.forEach(({ node }, i) => {
      node.id = `found-${i}`;
      node.setAttribute("aria-selected", String(i === this.#selected));
    });
    const option = this.#options[this.#selected]?.node;
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const count = this.#options.length;
    if (count === 0) return;
    if (event.key === "ArrowDown") this.#select((this.#selected + 1) % count);
    else if (event.key === "ArrowUp") this.#select((this.#selected - 1 + count) % count);
    else if (event.key === "Enter" && !event.isComposing) this.#options[this.#selected].choose();
    else return;
    event.preventDefault();
  }
}

/** @param {FoundRoom} room */
function roomParts({ room, title = room, topic, here, isJoined, isDirect, isPrivate }) {
  const count = here !== undefined && (here > 0 ? countOf(here, "person", "people") : "empty");
  const facts = [isPrivate && "invite-only", isJoined && "joined", count].filter(Boolean).join(" · ");
  const topicNode = topic ? element("span", { class: "hint", dir: "auto" }, topic) : undefined;
  return [
    isPrivate ? lock() : element("span", { class: "hash", "aria-hidden": "true" }, isDirect ? "@" : "#"),
    element("span", { class: "label" }, userText(title, "name"), topicNode),
    element("span", { class: "hint facts" }, facts),
  ];
}

/**
 * @param {string} label
 * @param {string} name
 */
function newRoomParts(label, name) {
  return [
    element("span", { class: "hash", "aria-hidden": "true" }, "+"),
    element("span", { class: "label" }, label, userText(name, "name")),
  ];
}
