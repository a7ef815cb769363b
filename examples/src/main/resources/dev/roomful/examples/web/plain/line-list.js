// @ts-check
import { element, find } from "../lib/dom.js";
import { TimeFormat } from "../lib/time.js";
import { parseLine } from "./line-format.js";

const MAX_LINES = 500;
const NEAR_END_PX = 40;

const format = new TimeFormat();

/** Lists the lines that the server sent, as text and never as HTML. */
export class LineList {
  #list = find("#messages");
  #scrolled = find(".log");
  #newest = find(".newest");
  #ownId;
  /** The sender of the last line. @type {string | undefined} */
  #lastSender;
  #isFrameRequested = false;
  #height = this.#scrolled.clientHeight;

  /**
   * @param {string} ownId the ID of this client
   * @param {() => void} onNewest called when the user has asked for the newest lines
   */
  constructor(ownId, onNewest) {
    this.#ownId = ownId;
    new ResizeObserver(() => this.#resized()).observe(this.#scrolled);
    this.#scrolled.addEventListener("scroll", () => {
      if (this.#isAtEnd()) this.#newest.hidden = true;
    });
    this.#newest.addEventListener("click", () => {
      this.#scrollToEnd();
      onNewest();
    });
  }

  /** @param {string} line */
  add(line) {
    if (!this.#isFrameRequested) {
      this.#isFrameRequested = true;
      const wasAtEnd = this.#isAtEnd(); // measured once a frame, before its first line
      requestAnimationFrame(() => {
        this.#isFrameRequested = false;
        if (wasAtEnd) this.#scrollToEnd();
        else this.#newest.hidden = false;
      });
    }
    this.#list.append(this.#item(line));
    if (this.#list.childElementCount > MAX_LINES) this.#list.firstElementChild?.remove();
  }

  /** @param {string} line */
  #item(line) {
    const { kind, sender, text, senderId } = parseLine(line);
    const item = element("li", { class: kind, "data-time": format.time(new Date()) });
    item.classList.toggle("continued", this.#lastSender === sender);
    item.classList.toggle("me", senderId === this.#ownId); // a broadcast includes its sender
    if (senderId) item.style.setProperty("--hue", String((Number(senderId) * 137) % 360 || 0));
    // Each part has a direction of its own, so that right-to-left text does not move the sender.
    item.append(element("span", { class: "who", dir: "auto" }, sender), element("span", { class: "what", dir: "auto" }, text));
    this.#lastSender = sender;
    return item;
  }

  #isAtEnd() {
    return this.#distanceToEnd(this.#scrolled.clientHeight) < NEAR_END_PX;
  }

  /** @param {number} height */
  #distanceToEnd(height) {
    return this.#scrolled.scrollHeight - this.#scrolled.scrollTop - height;
  }

  #scrollToEnd() {
    this.#scrolled.scrollTo(0, this.#scrolled.scrollHeight);
  }

  /** Keeps the end visible, as when the keyboard of a phone opens. */
  #resized() {
    const wasAtEnd = this.#distanceToEnd(this.#height) < NEAR_END_PX;
    this.#height = this.#scrolled.clientHeight;
    if (wasAtEnd) this.#scrollToEnd();
  }
}
