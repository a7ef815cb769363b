// @ts-check
import { element, find, oncePerFrame, setText, syncChildren } from "../../lib/dom.js";
import { TimeFormat } from "../../lib/time.js";
import { EventView } from "./event-view.js";
import { MessageListScroll } from "./message-list-scroll.js";
import { toRows } from "./message-rows.js";
import { MessageView } from "./message-view.js";
import { quoted } from "./quoted-message.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Message} Message */
/** @typedef {import("../model/typedefs.js").RoomEvent} RoomEvent */
/** @typedef {import("./message-rows.js").MessageRow} MessageRow */
/** @typedef {import("./message-rows.js").Row} Row */

const LATE_AFTER_MS = 1_000;
const SILENT_MS = 600;

const format = new TimeFormat();

/** Shows the messages and events of the current room. */
export class MessageList {
  /** @type {Room | undefined} */
  #room;
  #list = find("#messages");
  /** @type {WeakMap<Message, MessageView>} */
  #messageViews = new WeakMap();
  /** @type {WeakMap<RoomEvent, EventView>} */
  #eventViews = new WeakMap();
  /** By text. @type {Map<string, HTMLElement>} */
  #days = new Map();
  #beginning = element("p", { class: "note beginning" });
  #unreadMarker = element("p", { class: "line" }, element("span", {}, "New"));
  #scroll = new MessageListScroll(this.#list, () => this.#room);
  #isNewRoom = false;
  /** The room that was loading when the list was last updated. @type {Room | undefined} */
  #loadingRoom;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silentTimer;
  /** Schedules an update of what is shown. */
  update = oncePerFrame(() => this.#update());

  /** @param {Room | undefined} room */
  show(room) {
    this.#room = room;
    this.#isNewRoom = true;
    this.#scroll.roomChanged();
    this.update();
  }

  scrollToEnd() {
    this.#scroll.toEnd();
  }

  #update() {
    const room = this.#room;
    if (!room) {
      syncChildren(this.#list, []);
      return;
    }
    this.#silenceOldMessages(room);
    const anchor = this.#scroll.anchor();
    syncChildren(this.#list, this.#elements(room));
    this.#scroll.updated(anchor, this.#unreadMarker, this.#isNewRoom);
    this.#isNewRoom = false;
  }

  /**
   * Keeps a screen reader from announcing messages that are not new: those of a room that the user
   * opens, and those that are loaded.
   *
   * @param {Room} room
   */
  #silenceOldMessages(room) {
    const { isLoading } = room.history;
    const wasLoading = this.#loadingRoom === room;
    this.#loadingRoom = isLoading ? room : undefined;
    this.#list.setAttribute("aria-busy", String(isLoading));
    if (!isLoading && !wasLoading && !this.#isNewRoom) return;
    this.#list.setAttribute("aria-live", "off");
    clearTimeout(this.#silentTimer);
    this.#silentTimer = setTimeout(() => this.#list.setAttribute("aria-live", "polite"), SILENT_MS);
  }

  /** @param {Room} room */
  #elements(room) {
    const rows = toRows([...room.timeline.entries, ...room.outbox.messages], {
      self: room.chat.self,
      epoch: room.epoch,
      marker: room.unreadMarker,
    });
    return [this.#beginningOf(room), ...rows.map((row) => this.#elementOf(room, row))];
  }

  /**
   * @param {Room} room
   * @param {Row} row
   */
  #elementOf(room, row) {
    switch (row.kind) {
      case "unreadMarker":
        return this.#unreadMarker;
      case "day":
        return this.#day(row.at);
      case "event":
        return this.#event(row.event);
      case "message":
        return this.#message(room, row);
    }
  }

  /** @param {number} at */
  #day(at) {
    const text = format.day(new Date(at));
    const day = this.#days.get(text) ?? element("p", { class: "note day" }, text);
    this.#days.set(text, day);
    return day;
  }

  /** @param {RoomEvent} event */
  #event(event) {
    const view = this.#eventViews.get(event) ?? new EventView(event);
    this.#eventViews.set(event, view);
    view.update();
    return view.element;
  }

  /**
   * @param {Room} room
   * @param {MessageRow} row
   */
  #message(room, { message, user, name, isContinued }) {
    const view = this.#messageViews.get(message) ?? new MessageView(message, user);
    this.#messageViews.set(message, view);
    const hasMenu = message.state === "sent" && !message.isRemoved;
    const nameOf = (/** @type {string} */ each) => room.presence.nameOf(each) ?? each;
    const isLate = this.#isLate(room, message);
    const { replyTo } = message;
    const original = replyTo && quoted(room.timeline.find(replyTo));
    view.update({ user, name, isContinued, hasMenu, isLate, nameOf, self: room.self, quoted: original });
    return view.element;
  }

  /**
   * Returns whether a message has waited for more than a moment, or will. Otherwise schedules the
   * update that shows it later.
   *
   * @param {Room} room
   * @param {Message} message
   */
  #isLate(room, { state, at = 0 }) {
    if (state !== "waiting") return false;
    const left = at + LATE_AFTER_MS - Date.now();
    if (room.state === "joined" && left > 0) setTimeout(this.update, left + 50);
    return room.state !== "joined" || left <= 0;
  }

  /** @param {Room} room */
  #beginningOf(room) {
    setText(this.#beginning, beginningText(room));
    return this.#beginning;
  }
}

/** @param {Room} room */
function beginningText({ title, direct, timeline, history, state }) {
  if (!timeline.isComplete) return history.isLoading || state === "joining" ? "Loading…" : "";
  if (timeline.isFull) return "Older messages are not shown";
  if (!history.hasBeginning) return "Older messages are not kept";
  const beginning = `This is where ${direct ? `your conversation with ${title}` : title} begins`;
  const isEmpty = !timeline.entries.some(({ kind }) => kind === "message");
  return isEmpty ? `${beginning}. There are no messages yet.` : beginning;
}
