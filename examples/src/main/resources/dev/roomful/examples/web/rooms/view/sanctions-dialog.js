// @ts-check
import { element, find, setText, userText } from "../../lib/dom.js";
import { errorText } from "../../lib/errors.js";
import { TimeFormat } from "../../lib/time.js";
import { plainText } from "../model/names.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Person} Person */
/** @typedef {import("../model/typedefs.js").RoomSanctions} RoomSanctions */
/** @typedef {import("../model/typedefs.js").SanctionData} SanctionData */

const dialog = find("#sanctions", HTMLDialogElement);
const list = find("ul", HTMLElement, dialog);
const hint = find(".hint", HTMLElement, dialog);
const error = find(".error", HTMLElement, dialog);
const format = new TimeFormat();

/**
 * Shows a moderator who is banned or muted in a room, and lifts what the moderator chooses.
 *
 * @param {Room} room
 */
export function showSanctions(room) {
  setText(find("h2", HTMLElement, dialog), `Bans and mutes in ${room.title}`);
  list.replaceChildren();
  setText(hint, "Loading…");
  error.hidden = true;
  dialog.showModal();
  load(room);
}

/** @param {Room} room */
async function load(room) {
  await showErrorOf(async () => {
    /** @type {RoomSanctions} */
    const { bans = [], mutes = [] } = await room.chat.call("sanctions", { room: room.name });
    room.muted = new Set(mutes.map(({ user }) => user));
    const items = [
      ...bans.map((ban) => item(room, ban, "banned", "Unban", "unban")),
      ...mutes.map((mute) => item(room, mute, "muted", "Unmute", "unmute")),
    ];
    list.replaceChildren(...items);
    setText(hint, items.length === 0 ? "Nobody is banned or muted." : "");
  });
}

/**
 * @param {Room} room
 * @param {Person & SanctionData} sanction
 * @param {string} state
 * @param {string} label
 * @param {string} method of the server, which lifts it
 */
function item(room, { user, name, seconds, reason }, state, label, method) {
  const until = format.timeOrDate(Date.now() + seconds * 1_000);
  const shownName = plainText(name);
  const lift = () =>
    showErrorOf(async () => {
      await room.chat.call(method, { room: room.name, user });
      await load(room);
      find("[data-close]", HTMLElement, dialog).focus(); // the button that had the focus is gone
    });
  const details = element("span", { class: "hint" }, `${state} until ${until}`, ...(reason ? [": ", userText(reason)] : []));
  return element(
    "li",
    {},
    element("span", { class: "label" }, userText(shownName, "name"), details),
    element("button", { type: "button", class: "small", "aria-label": `${label} ${shownName}`, onclick: lift }, label),
  );
}

/** @param {() => Promise<unknown>} action */
async function showErrorOf(action) {
  try {
    await action();
    error.hidden = true;
  } catch (failure) {
    setText(error, errorText(failure));
    error.hidden = false;
  }
}
