import { avatar } from "./avatar.js";
import { arrange, el, find, soon, words } from "./dom.js";
import { openMenu } from "./menu.js";
import { personActions } from "./moderation.js";

/** Who is in the room that is shown. */
export class Panel {
  paint = soon(() => this.#paint());
  #items = new Map();

  constructor(chat, write) {
    this.chat = chat;
    this.write = write;
  }

  show(room) {
    this.room = room;
    this.#items.clear();
    this.paint();
  }

  #paint() {
    const { room } = this;
    const people = room?.people.list(room.roles) ?? [];
    const users = new Set(people.map(({ user }) => user));
    for (const user of this.#items.keys()) if (!users.has(user)) this.#items.delete(user);
    arrange(find("#here"), people.map((person) => this.#item(room, person)));
  }

  #item(room, { user, name }) {
    const role = room.direct ? "member" : (room.roles.get(user) ?? "member");
    const isSelf = user === room.me;
    let item = this.#items.get(user);
    if (!item) this.#items.set(user, (item = el("li")));
    const looks = [name, role, isSelf].join("|");
    if (item.looks === looks) return item;
    item.looks = looks;
    const label = el("span", { class: "label" }, words(name, "name"), about(isSelf, role));
    const parts = [avatar(user, name), label];
    const open = ({ currentTarget }) => this.menu(currentTarget, user, name);
    const hasFocus = item.contains(document.activeElement);
    item.replaceChildren(
      isSelf
        ? el("div", { class: "person" }, ...parts)
        : el("button", { type: "button", class: "person", "aria-haspopup": "menu", "aria-expanded": "false", onclick: open }, ...parts),
    );
    if (hasFocus) item.firstChild.focus();
    return item;
  }

  menu(button, user, name) {
    const { room } = this;
    openMenu(button, name, [
      room.direct?.user !== user && { label: "Write a direct message", act: () => this.write(user, name) },
      ...personActions(room, user, name),
      room.direct && { label: "Look at this conversation", act: () => find("#text").focus() },
    ]);
  }
}

function about(isSelf, role) {
  if (!isSelf && role === "member") return undefined;
  const inCharge = role !== "member" && el("span", { class: `role ${role}` }, role);
  return el("span", { class: "hint" }, isSelf && "you", isSelf && inCharge && " · ", inCharge);
}
