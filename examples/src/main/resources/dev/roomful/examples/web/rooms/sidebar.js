import { avatar } from "./avatar.js";
import { arrange, el, find, soon, words } from "./dom.js";

/** The rooms that were joined, and what is unread there. */
export class Sidebar {
  paint = soon(() => this.#paint());
  #buttons = new Map();
  #isToBeSeen = false;

  constructor(chat, open) {
    this.chat = chat;
    this.open = open;
  }

  show(room) {
    this.room = room;
    this.#isToBeSeen = true;
    this.paint();
  }

  #paint() {
    const all = [...this.chat.rooms.values()].filter((room) => !this.chat.isHidden(room) || room === this.room);
    for (const room of this.#buttons.keys()) if (!all.includes(room)) this.#buttons.delete(room);
    const directs = all.filter(({ direct }) => direct);
    arrange(find("#joined"), all.filter(({ direct }) => !direct).map((room) => this.#item(room)));
    arrange(find("#directs"), directs.map((room) => this.#item(room)));
    find("#directs-title").hidden = directs.length === 0;
    find("#directs").hidden = directs.length === 0;
    find("#elsewhere").hidden = !all.some((room) => room !== this.room && room.unread > 0);
    if (this.#isToBeSeen) this.#buttons.get(this.room)?.scrollIntoView({ block: "nearest" });
    this.#isToBeSeen = false;
    this.#paintSelf();
  }

  #item(room) {
    let item = this.#buttons.get(room);
    if (!item) {
      item = el("li", {}, el("button", { type: "button", onclick: () => this.open(room) }));
      this.#buttons.set(room, item);
    }
    const button = item.firstChild;
    const { unread, title, state, direct } = room;
    const isHere = !!direct && room.people.has(direct.user);
    if (room === this.room) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    const looks = [title, unread, state, isHere].join("|");
    if (button.looks === looks) return item;
    button.looks = looks;
    if (title.length > 20) button.title = title;
    button.classList.toggle("unread", unread > 0);
    button.replaceChildren(
      direct ? face(direct, isHere) : el("span", { class: "hash", "aria-hidden": "true" }, "#"),
      words(title, "name"),
      ...(state === "out" ? [el("span", { class: "out" }, "out")] : []),
      ...(unread > 0 ? badge(unread) : []),
      ...(isHere ? [" ", el("span", { class: "hidden" }, "(is here)")] : []),
    );
    return item;
  }

  #paintSelf() {
    const { user, name } = this.chat.me;
    const self = find("#self");
    self.hidden = !user; // until the server has said who we are
    if (self.looks === user + name) return;
    self.looks = user + name;
    const label = el("span", { class: "label" }, words(name, "name"), el("span", { class: "hint" }, "Name and colours"));
    self.replaceChildren(avatar(user, name), label);
  }
}

function face({ user, name }, isHere) {
  return el("span", { class: "face" }, avatar(user, name), isHere && el("span", { class: "here", "aria-hidden": "true" }));
}

function badge(unread) {
  const shown = unread > 99 ? "99+" : String(unread);
  return [
    " ",
    el("span", { class: "badge", "aria-hidden": "true" }, shown),
    el("span", { class: "hidden" }, `${shown} unread`),
  ];
}
