import { find } from "./dom.js";

const narrow = matchMedia("(max-width: 47.99rem)");
const medium = matchMedia("(max-width: 67.99rem)");
const shade = find("#shade");

/** A list beside the room that is a drawer where there is no place for it. */
class Drawer {
  constructor(panel, button, media) {
    Object.assign(this, { panel, button, media, isOpen: false });
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    find("[data-close]", panel).addEventListener("click", () => this.close());
    addEventListener("keydown", (event) => event.key === "Escape" && !find("dialog[open]") && this.close());
    shade.addEventListener("click", () => this.close());
    media.addEventListener("change", () => this.close(false));
    this.#apply();
  }

  open() {
    if (!this.media.matches) return find("button", this.panel)?.focus();
    this.isOpen = true;
    this.#apply();
    find("[data-close]", this.panel).focus();
    return undefined;
  }

  close(isFocusWanted = true) {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    this.#apply();
    if (wasOpen && isFocusWanted) this.button.focus();
  }

  #apply() {
    this.panel.classList.toggle("open", this.isOpen);
    this.button.setAttribute("aria-expanded", String(this.isOpen || !this.media.matches));
    const open = find("#rooms.open, #people.open");
    shade.classList.toggle("shown", !!open);
    find("#room").inert = !!open;
    find("#rooms").inert = open ? open.id !== "rooms" : narrow.matches;
    find("#people").inert = open ? open.id !== "people" : medium.matches;
  }
}

export const roomsDrawer = new Drawer(find("#rooms"), find("#rooms-open"), narrow);
export const peopleDrawer = new Drawer(find("#people"), find("#people-open"), medium);
