// @ts-check
import { element, find } from "../lib/dom.js";
import { EndFollower } from "../lib/end-follower.js";
import { TimeFormat } from "../lib/time.js";
import { parseLine } from "./line-format.js";

const MAX_LINES = 500;

const format = new TimeFormat();

/** Lists the lines that the server sent, as text and never as HTML. */
export class LineList {
  #list = find("#messages");
  #newest = find(".newest");
  #ownId;
  /** The sender of the last line. @type {string | undefined} */
  #lastSender;
  #isFrameRequested = false;
  #end = new EndFollower(find(".log"), () => {
    if (this.#end.isAtEnd) this.#newest.hidden = true;
  });

  /**
   * @param {string} ownId the ID of this client
   * @param {() => void} onNewest called when the user has asked for the newest lines
   */
  constructor(ownId, onNewest) {
    this.#ownId = ownId;
    this.#newest.addEventListener("click", () => {
      this.#end.scrollToEnd();
      onNewest();
    });
  }

  /** @param {string} line */
  add(line) {
    if (!this.#isFrameRequested) {
      this.#isFrameRequested = true;
      const { isAtEnd } = this.#end; // as it was before the first line of a frame
      requestAnimationFrame(() => {
        this.#isFrameRequested = false;
        if (isAtEnd) this.#end.scrollToEnd();
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
}
