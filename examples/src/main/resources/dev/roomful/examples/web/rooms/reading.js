import { find, say, several } from "./dom.js";

const NEAR_END = 60;
const NEAR_BEGIN = 200;

/** Where somebody reads: keeps the place when the list changes, and knows when the end is seen. */
export class Reading {
  #log;
  #room;
  #newest = find("#newest");
  #isAtEnd = true; // and wants to stay there
  #isMoving = false;
  #line; // what the line stood for to which the reader was brought

  constructor(log, room) {
    this.#log = log;
    this.#room = room;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#isAtEnd && this.toEnd()).observe(log);
    for (const event of ["focus", "blur"]) addEventListener(event, () => this.look());
    document.addEventListener("visibilitychange", () => this.look());
    this.#newest.addEventListener("click", () => {
      this.toEnd();
      find("#text").focus();
    });
  }

  entered() {
    this.#isAtEnd = true;
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.look();
  }

  /** What is at the top of the window now, and where exactly. */
  measure() {
    if (this.#isAtEnd) return {};
    const top = this.#log.getBoundingClientRect().top;
    const anchor = [...this.#log.children].find((child) => child.getBoundingClientRect().bottom > top && child.message);
    return { anchor, y: anchor?.getBoundingClientRect().top };
  }

  settle({ anchor, y }, wasSwitched, line) {
    if (wasSwitched) this.#isAtEnd = true;
    if (this.#isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
    else if (anchor?.isConnected) this.#log.scrollTop += anchor.getBoundingClientRect().top - y;
    if (line.isConnected) this.#bringTo(line);
    this.look();
    this.#more();
  }

  /** Begins with the first that is unread, once; from then on it is the reader who scrolls. */
  #bringTo(line) {
    const position = this.#room().line;
    if (this.#line === position || !this.#isAtEnd) return;
    this.#line = position;
    const above = line.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
    if (above >= 0) return;
    this.#log.scrollTop += above - 40;
    this.#isAtEnd = this.#distance() < NEAR_END;
  }

  #distance() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight;
  }

  #scrolled() {
    this.#isAtEnd = this.#distance() < NEAR_END;
    this.look();
    this.#more();
  }

  /** What is on the screen of somebody who looks at it is read. */
  look() {
    const room = this.#room();
    if (!room) return;
    const isShown = room.state === "in" && !room.isLoading && this.#isAtEnd;
    room.attended = isShown && !document.hidden && document.hasFocus();
    this.#newest.hidden = this.#isAtEnd;
    say(this.#newest, room.unread > 0 ? several(room.unread, "new message", "new messages") : "Newest messages");
  }

  async #more() {
    const room = this.#room();
    if (!room || this.#isMoving || room.isLoading || room.timeline.complete || this.#log.scrollTop > NEAR_BEGIN) return;
    this.#isMoving = true;
    await room.loadOlder();
    this.#isMoving = false;
  }
}
