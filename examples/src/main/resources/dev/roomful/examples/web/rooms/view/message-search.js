// @ts-check
import { find, oncePerFrame, setText } from "../../lib/dom.js";
import { matchingMessages } from "../model/message-search.js";
import { scrollToMessage } from "./scroll-to-message.js";
import { onShortcut } from "./shortcut.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Message} Message */

/** Searches the messages of the current room that are loaded, and older ones if the user wants it. */
export class MessageSearch {
  /** @type {Room | undefined} */
  #room;
  #form = find("#message-search", HTMLFormElement);
  #input = find("input", HTMLInputElement, this.#form);
  #status = find("[role=status]", HTMLElement, this.#form);
  #older = find("#search-older", HTMLButtonElement);
  /** @type {Message[]} */
  #matches = [];
  /** The match that is shown. @type {Message | undefined} */
  #current;
  /** The element of that match. @type {HTMLElement | undefined} */
  #marked;
  #isLoading = false;
  /** Scrolls to the current match, after the list of messages has been updated. */
  #showCurrent = oncePerFrame(() => this.#mark(this.#current && scrollToMessage(this.#current)));

  constructor() {
    onShortcut("f", () => this.open(), true);
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("keydown", (event) => this.#keyPressed(event));
    this.#input.addEventListener("input", () => this.#typed());
    this.#older.addEventListener("click", () => this.#searchOlder());
    find("#search-previous").addEventListener("click", () => this.#move(-1));
    find("#search-next").addEventListener("click", () => this.#move(1));
    find("#search-close").addEventListener("click", () => this.#closeAndReturn());
  }

  /** @param {Room | undefined} room */
  show(room) {
    this.#room = room;
    this.#close();
  }

  open() {
    if (!this.#room) return;
    this.#form.hidden = false;
    this.#input.select();
    this.#input.focus();
    this.#typed();
  }

  #close() {
    this.#form.hidden = true;
    this.#input.value = "";
    this.#matches = [];
    this.#current = undefined;
    this.#mark(undefined);
  }

  #closeAndReturn() {
    this.#close();
    find("#text").focus();
  }

  /** The messages of the room have changed. */
  update() {
    if (this.#form.hidden || !this.#room) return;
    this.#matches = matchingMessages(this.#room.timeline.entries, this.#input.value);
    if (this.#current && !this.#matches.includes(this.#current)) this.#select(undefined);
    else this.#updateStatus();
  }

  /** Shows the newest match of what was typed. */
  #typed() {
    this.#current = undefined;
    this.update();
    this.#select(this.#matches.at(-1));
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (event.key === "Escape") this.#closeAndReturn();
    else if (event.key === "Enter" && event.target === this.#input && !event.isComposing) this.#move(event.shiftKey ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  #move(step) {
    const { length } = this.#matches;
    if (length === 0) return;
    const from = this.#current ? this.#matches.indexOf(this.#current) : length;
    this.#select(this.#matches[(from + step + length) % length]);
  }

  /** @param {Message | undefined} message */
  #select(message) {
    this.#current = message;
    this.#showCurrent();
    this.#updateStatus();
  }

  /** @param {HTMLElement | undefined} article */
  #mark(article) {
    this.#marked?.classList.remove("found");
    this.#marked = article;
    article?.classList.add("found");
  }

  /** Loads older messages until one of them matches, and shows it. */
  async #searchOlder() {
    const room = this.#room;
    const typed = this.#input.value;
    if (!room) return;
    const newer = new Set(this.#matches);
    const olderMatch = () => matchingMessages(room.timeline.entries, typed).findLast((message) => !newer.has(message));
    this.#isLoading = true;
    this.#updateStatus();
    await room.history.loadOlderUntil(() => this.#room !== room || this.#input.value !== typed || !!olderMatch());
    this.#isLoading = false;
    if (this.#room !== room || this.#input.value !== typed) return;
    this.update();
    const found = olderMatch();
    if (found) this.#select(found);
  }

  #updateStatus() {
    const isComplete = !!this.#room?.timeline.isComplete;
    setText(this.#status, this.#statusText(isComplete));
    this.#older.hidden = isComplete || !this.#input.value.trim();
    this.#older.disabled = this.#isLoading;
  }

  /** @param {boolean} isComplete whether there are no older messages to search */
  #statusText(isComplete) {
    const count = this.#matches.length;
    if (!this.#input.value.trim()) return "";
    if (count === 0) return this.#isLoading ? "Searching…" : isComplete ? "No matches" : "No matches yet";
    return this.#current ? `${this.#matches.indexOf(this.#current) + 1} of ${count}` : String(count);
  }
}
