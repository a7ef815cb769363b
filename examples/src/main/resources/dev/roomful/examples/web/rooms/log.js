import { arrange, el, find, soon } from "./dom.js";
import { messageElement, paint } from "./message.js";
import { noteElement, paintNote } from "./note.js";
import { Reading } from "./reading.js";

const TOGETHER_MS = 5 * 60_000;
const LATE_AFTER_MS = 1_000;
const days = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** The messages of the room that is shown. */
export class Log {
  room;
  #log = find("#log");
  #elements = new WeakMap();
  #begin = el("p", { class: "note begin" });
  #line = el("p", { class: "line" }, el("span", {}, "New"));
  #reading = new Reading(this.#log, () => this.room);
  #quiet;
  #wasSwitched = false;
  #wasLoading = false;
  #hushedRoom;
  #days = new Map();
  paint = soon(() => this.#paint());

  show(room) {
    this.room = room;
    this.#wasSwitched = true;
    this.#reading.entered();
    this.paint();
  }

  toEnd() {
    this.#reading.toEnd();
  }

  #paint() {
    const { room } = this;
    if (!room) {
      arrange(this.#log, []);
      return;
    }
    this.#hush();
    const before = this.#reading.measure();
    arrange(this.#log, this.#wanted(room));
    this.#reading.settle(before, this.#wasSwitched, this.#line);
    this.#wasSwitched = false;
  }

  /** What was said before is not to be read out as if it were new. */
  #hush() {
    const { isLoading } = this.room;
    this.#log.setAttribute("aria-busy", String(isLoading));
    if (!isLoading && !this.#wasSwitched && this.room === this.#hushedRoom && !this.#wasLoading) return;
    this.#wasLoading = isLoading;
    this.#hushedRoom = this.room;
    this.#log.setAttribute("aria-live", "off");
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#log.setAttribute("aria-live", "polite"), 600);
  }

  #wanted(room) {
    const wanted = [this.#beginning(room)];
    let last; // the message before, if the next may be grouped with it
    let day = new Date().toDateString();
    let isLineDue = room.line !== undefined;
    for (const entry of [...room.timeline.entries, ...room.outbox.items]) {
      if (isLineDue && isBehind(entry, room)) {
        wanted.push(this.#line);
        isLineDue = false;
        last = undefined;
      }
      if (entry.at && new Date(entry.at).toDateString() !== day) {
        day = new Date(entry.at).toDateString();
        wanted.push(this.#day(entry));
        last = undefined;
      }
      wanted.push(entry.kind === "note" ? this.#note(entry) : this.#message(room, entry, last));
      last = entry.kind === "note" ? undefined : entry;
    }
    return wanted;
  }

  #message(room, message, last) {
    const user = message.user ?? room.me;
    const name = message.name ?? room.chat.me.name;
    const isSame = last && (last.user ?? room.me) === user && (last.name ?? room.chat.me.name) === name;
    const again = !!isSame && (last.at && message.at ? message.at - last.at < TOGETHER_MS : !last.at === !message.at);
    const canAct = message.state === "sent" && !message.removed;
    let element = this.#elements.get(message);
    if (!element) this.#elements.set(message, (element = messageElement(message, user)));
    paint(element, message, { user, name, again, canAct, isLate: this.#isLate(room, message) });
    return element;
  }

  /** That something waits is worth a word only where it does so for more than a moment. */
  #isLate(room, { state, at }) {
    if (state !== "waiting") return false;
    const left = at + LATE_AFTER_MS - Date.now();
    if (room.state === "in" && left > 0) setTimeout(this.paint, left + 50);
    return room.state !== "in" || left <= 0;
  }

  #note(note) {
    let element = this.#elements.get(note);
    if (!element) this.#elements.set(note, (element = noteElement(note)));
    paintNote(element, note);
    return element;
  }

  #day({ at }) {
    const day = days.format(new Date(at));
    if (!this.#days.has(day)) this.#days.set(day, el("p", { class: "note day" }, day));
    return this.#days.get(day);
  }

  #beginning(room) {
    const { timeline, isLoading, state, direct, epoch } = room;
    const isFirst = (timeline.oldest(epoch) ?? 1) === 1;
    const all = direct ? `This is where you and ${direct.name} begin` : `This is where ${room.name} begins`;
    const said = isFirst ? all : "Older messages are not kept";
    const nothing = timeline.entries.some(({ kind }) => kind === "message") ? "" : ". Nothing was said yet: say hello!";
    const words = timeline.complete ? said + (isFirst ? nothing : "") : isLoading || state === "coming" ? "Loading…" : "";
    if (this.#begin.textContent !== words) this.#begin.textContent = words;
    return this.#begin;
  }
}

function isBehind({ offset, epoch, own }, { line, epoch: now }) {
  return offset && !own && epoch === now && (epoch !== line?.epoch || offset > line.offset);
}
