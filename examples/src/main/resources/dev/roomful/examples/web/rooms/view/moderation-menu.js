// @ts-check
import { showPrompt } from "./prompt-dialog.js";
import { runOrShowError, showToast } from "./toast.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Person} Person */
/** @typedef {import("./popup-menu.js").MenuItem} MenuItem */

const MUTE_SECONDS = 600;
const BAN_SECONDS = 3_600;

/**
 * Returns the moderation that this user can do on a participant. The server checks it again.
 *
 * @param {Room} room
 * @param {Person} person
 * @returns {(MenuItem | false)[]}
 */
export function moderationActions(room, person) {
  if (!room.canModerate) return [];
  return [
    room.muted.has(person.user)
      ? { label: "Unmute", act: () => runOrShowError(() => unmute(room, person)) }
      : { label: "Mute for 10 minutes…", act: () => mute(room, person) },
    { label: "Remove from the room…", act: () => remove(room, person), isDangerous: true },
    { label: "Ban for an hour…", act: () => ban(room, person), isDangerous: true },
    room.roleOf(room.self) === "owner" && roleAction(room, person),
  ];
}

/**
 * Calls a method of the server on a participant of the room.
 *
 * @param {string} method
 * @param {Room} room
 * @param {Person} person
 * @param {object} [data]
 */
function call(method, room, { user }, data = {}) {
  return room.chat.call(method, { room: room.name, user, ...data });
}

/**
 * @param {Room} room
 * @param {Person} person
 */
function mute(room, person) {
  const { user, name } = person;
  showPrompt({
    title: `Mute ${name} for 10 minutes`,
    hint: "They can read messages, but cannot send any.",
    label: "Reason (they will see it)",
    action: "Mute",
    act: async (reason) => {
      await call("mute", room, person, { seconds: MUTE_SECONDS, reason });
      room.muted.add(user);
      setTimeout(() => room.muted.delete(user), MUTE_SECONDS * 1_000);
      showToast(`${name} is muted for 10 minutes.`);
    },
  });
}

/**
 * @param {Room} room
 * @param {Person} person
 */
async function unmute(room, person) {
  await call("unmute", room, person);
  room.muted.delete(person.user);
  showToast(`${person.name} is no longer muted.`);
}

/**
 * @param {Room} room
 * @param {Person} person
 */
function remove(room, person) {
  showPrompt({
    title: `Remove ${person.name} from ${room.title}`,
    hint: "They can rejoin immediately.",
    label: "Reason (everybody in the room will see it)",
    action: "Remove",
    act: (reason) => call("kick", room, person, { reason }),
  });
}

/**
 * @param {Room} room
 * @param {Person} person
 */
function ban(room, person) {
  showPrompt({
    title: `Ban ${person.name} from ${room.title} for an hour`,
    hint: "They are removed, and cannot rejoin until then.",
    label: "Reason (everybody in the room will see it)",
    action: "Ban",
    act: (reason) => call("ban", room, person, { seconds: BAN_SECONDS, reason }),
  });
}

/**
 * @param {Room} room
 * @param {Person} person
 * @returns {MenuItem}
 */
function roleAction(room, person) {
  const { user, name } = person;
  const appoint = (/** @type {string} */ role, /** @type {string} */ toast) => async () => {
    await call("appoint", room, person, { role });
    showToast(toast);
  };
  return room.roleOf(user) === "member"
    ? { label: "Make a moderator", act: () => runOrShowError(appoint("moderator", `${name} is a moderator now.`)) }
    : { label: "Remove the role", act: () => runOrShowError(appoint("member", `${name} is no longer a moderator.`)) };
}
