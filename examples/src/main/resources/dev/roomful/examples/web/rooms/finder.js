import { el, find, reasonOf, say, several, words } from "./dom.js";

const dialog = find("#find");
const input = find("#wanted");
const list = find("#found");
const hint = find("#found-hint");

/** Finds a room by its name, or makes one. */
export class Finder {
  #all = [];
  #at = 0;

  constructor(chat, open) {
    this.chat = chat;
    this.open = open;
    input.addEventListener("input", () => this.#paint(0));
    input.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (document.body.dataset.state !== "welcome" && !find("dialog[open]")) this.show();
    });
  }

  async show() {
    input.value = "";
    this.#all = this.#joined();
    dialog.showModal();
    this.#paint(0);
    try {
      const { rooms = [] } = await this.chat.overview();
      const others = rooms.filter(({ room }) => !this.chat.rooms.has(room));
      const here = new Map(rooms.map(({ room, here }) => [room, here]));
      for (const each of this.#all) each.here = here.get(each.room) ?? each.here;
      this.#all = [...this.#joined().map((each) => ({ ...each, here: here.get(each.room) ?? each.here })), ...others];
      this.#paint(this.#at);
    } catch (error) {
      say(hint, reasonOf(error));
    }
  }

  #joined() {
    return [...this.chat.rooms.values()].map(({ name, title, topic, people, direct }) => {
      return { room: name, title, topic, here: direct ? undefined : people.count, isJoined: true, direct };
    });
  }

  #paint(at) {
    const typed = asName(input.value);
    const sought = input.value.trim().toLowerCase();
    const found = this.#all.filter(({ room, title, topic }) =>
      [title ?? room, topic ?? ""].some((each) => each.toLowerCase().includes(sought) || (typed && each.includes(typed))),
    );
    const isNew = typed && !this.#all.some(({ room }) => room === typed);
    const options = [...found.map((each) => this.#option(each)), ...(isNew ? [this.#make(typed)] : [])];
    list.replaceChildren(...options);
    this.#select(Math.min(at, options.length - 1));
    const none = isNew ? "There is no such room yet. Enter makes it." : "Type a name to make a room.";
    say(hint, found.length > 0 ? several(found.length, "room", "rooms") : none);
  }

  #option({ room, title = room, topic, here, isJoined, direct }) {
    const facts = [isJoined && "joined", here !== undefined && (here > 0 ? several(here, "person", "people") : "empty")].filter(Boolean);
    return this.#item(room, [
      el("span", { class: "hash", "aria-hidden": "true" }, direct ? "@" : "#"),
      el("span", { class: "label" }, words(title, "name"), topic ? el("span", { class: "hint", dir: "auto" }, topic) : undefined),
      el("span", { class: "hint facts" }, facts.join(" · ")),
    ]);
  }

  #make(name) {
    const label = el("span", { class: "label" }, "Make a new room ", words(name, "name"));
    return this.#item(name, [el("span", { class: "hash", "aria-hidden": "true" }, "+"), label]);
  }

  #item(room, parts) {
    const choose = () => this.#choose(room);
    const option = el("li", { role: "option", "aria-selected": "false", onclick: choose }, ...parts);
    option.room = room;
    return option;
  }

  #choose(room) {
    dialog.close();
    this.open(room);
  }

  #select(at) {
    this.#at = Math.max(0, at);
    [...list.children].forEach((option, i) => {
      option.id = `found-${i}`;
      option.setAttribute("aria-selected", String(i === this.#at));
    });
    const selected = list.children[this.#at];
    if (selected) input.setAttribute("aria-activedescendant", selected.id);
    else input.removeAttribute("aria-activedescendant");
    selected?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const count = list.children.length;
    const to = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1 }[event.key];
    if (to !== undefined && count > 0) this.#select((to + count) % count);
    else if (event.key === "Enter" && count > 0 && !event.isComposing) this.#choose(list.children[this.#at].room);
    else return;
    event.preventDefault();
  }
}

/** What somebody typed, as the name of a room: "Tea & cake" is tea-cake. */
function asName(typed) {
  const name = typed.toLowerCase().replace(/[^\p{L}\p{M}\p{N}_]+/gu, "-");
  return name.replace(/^-+|-+$/g, "").slice(0, 32);
}
