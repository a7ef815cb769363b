import { attempt, find, listed, words } from "./dom.js";
import { session } from "./store.js";

const MOST = 4_000;
const WARN_FROM = 3_500;

/** Where one writes; what is written stays with its room until it is sent. */
export class Composer {
  #text = find("#text");
  #typing = find("#typing");
  #left = find("#left");

  constructor(log) {
    this.log = log;
    find("#composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#changed());
  }

  show(room) {
    this.room = room;
    this.#text.value = session.get("draft:" + room.name, "");
    this.#text.placeholder = `Message ${room.title}`;
    this.#fit();
    this.paint();
  }

  focus() {
    this.#text.focus();
  }

  paint() {
    const { room } = this;
    if (!room) return;
    find("#composer").hidden = room.state === "out";
    const names = room.typing.names;
    const who = names.length > 3 ? ["Several people"] : names;
    const verb = names.length > 1 ? " are typing…" : " is typing…";
    this.#typing.replaceChildren(...(names.length > 0 ? [...listed(who.map((name) => words(name))), verb] : []));
  }

  #changed() {
    this.#fit();
    session.set("draft:" + this.room.name, this.#text.value);
    if (this.#text.value.trim()) this.room.type();
  }

  /** As high as what is written, up to what the style allows. */
  #fit() {
    const text = this.#text;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
    const left = MOST - text.value.length;
    this.#left.hidden = text.value.length < WARN_FROM;
    this.#left.textContent = left === 0 ? "That is as long as a message can be." : `${left} characters left`;
  }

  #send() {
    this.#text.focus();
    const text = this.#text.value.trim();
    if (!text || this.room.state === "out") return;
    attempt(async () => this.room.say(text));
    this.#text.value = "";
    session.remove("draft:" + this.room.name);
    this.#fit();
    this.log.toEnd();
  }
}
