// @ts-check
import { find } from "../../lib/dom.js";

const narrow = matchMedia("(max-width: 47.99rem)");
const medium = matchMedia("(max-width: 67.99rem)");

/** A panel next to the room. In windows without space for it, a button opens it as a drawer. */
class Drawer {
  isOpen = false;
  #close;

  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} button
   * @param {MediaQueryList} media matches if the panel is a drawer
   * @param {() => void} onChange
   */
  constructor(panel, button, media, onChange) {
    this.panel = panel;
    this.button = button;
    this.media = media;
    this.onChange = onChange;
    this.#close = find("[data-close]", HTMLElement, panel);
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.#close.addEventListener("click", () => this.close());
    media.addEventListener("change", () => this.close({ returnFocus: false }));
  }

  open() {
    if (!this.media.matches) {
      this.panel.querySelector("button")?.focus();
      return;
    }
    this.isOpen = true;
    this.#update();
    this.#close.focus();
  }

  close({ returnFocus = true } = {}) {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    this.#update();
    if (wasOpen && returnFocus) this.button.focus();
  }

  #update() {
    this.panel.classList.toggle("open", this.isOpen);
    this.button.setAttribute("aria-expanded", String(this.isOpen || !this.media.matches));
    this.onChange();
  }
}

/** The panels next to the room: the list of rooms and the list of participants. */
export class Drawers {
  rooms = new Drawer(find("#rooms"), find("#rooms-open"), narrow, () => this.#update());
  participants = new Drawer(find("#people"), find("#people-open"), medium, () => this.#update());
  #shade = find("#shade");

  constructor() {
    const closeBoth = () => {
      this.rooms.close();
      this.participants.close();
    };
    this.#shade.addEventListener("click", closeBoth);
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) closeBoth();
    });
    this.rooms.close();
    this.participants.close();
  }

  /** Only what is visible can have the focus, and only the drawer while one is open. */
  #update() {
    const open = [this.rooms, this.participants].find(({ isOpen }) => isOpen);
    this.#shade.classList.toggle("shown", !!open);
    find("#room").inert = !!open;
    for (const drawer of [this.rooms, this.participants]) {
      drawer.panel.inert = open ? open !== drawer : drawer.media.matches;
    }
  }
}
