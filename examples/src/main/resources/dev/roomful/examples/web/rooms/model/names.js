// @ts-check
/** @typedef {import("./typedefs.js").ClientInfo} ClientInfo */

const MAX_ROOM_NAME_LENGTH = 32;
const CONTROL_CHARACTERS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const segmenter = new Intl.Segmenter();

/**
 * Returns the display name of a client, or the user ID if it has none.
 *
 * @param {ClientInfo} [info]
 */
export function displayName(info) {
  return plainText(info?.connInfo?.name || info?.user || "Unknown");
}

/**
 * Returns the text without control characters, and without the characters that change the
 * direction of the text around it.
 *
 * @param {unknown} text
 */
export function plainText(text) {
  return String(text).replace(CONTROL_CHARACTERS, "");
}

/**
 * Returns the initials of a display name: the first letters of its first and last word.
 *
 * @param {string} name
 */
export function initials(name) {
  const words = [...name.matchAll(/[\p{L}\p{N}\p{Extended_Pictographic}][^\s]*/gu)].map(([word]) => word);
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  const letters = chosen.map((word) => [...segmenter.segment(word)][0].segment);
  return letters.join("").toLocaleUpperCase() || "?";
}

/**
 * Returns the hue of a user's colour, in degrees. It depends on the ID, so that it stays when the
 * name changes.
 *
 * @param {string} user
 */
export function hueOf(user) {
  let hash = 7;
  for (const character of String(user)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 100_003;
  return (hash * 137) % 360;
}

/**
 * Returns the name of the room that a user typed or that a link contains: "Tea & cake" becomes
 * "tea-cake". The name of a room is its own result.
 *
 * @param {string} typed
 */
export function toRoomName(typed) {
  const name = typed.normalize().toLowerCase().replace(/[^\p{L}\p{M}\p{N}_]+/gu, "-");
  return name.replace(/^-/, "").slice(0, MAX_ROOM_NAME_LENGTH).replace(/-$/, "");
}

/**
 * Returns whether nothing of a text is visible.
 *
 * @param {string} text
 */
export function isBlank(text) {
  return !/[^\p{C}\p{Z}]/u.test(text);
}

const PRIVATE_ROOM = /^private:([^:]+):[^:]+$/;

/**
 * Returns whether only invited users may join a room with this name.
 *
 * @param {string} room
 */
export function isPrivateRoomName(room) {
  return PRIVATE_ROOM.test(room);
}

/**
 * Returns what to call a room that is not a direct one.
 *
 * @param {string} room the name
 */
export function roomTitle(room) {
  return PRIVATE_ROOM.exec(room)?.[1] ?? room;
}

const DIRECT_ROOM = /^direct:([^:]+):([^:]+)$/;

/**
 * Returns the name of the direct room of two users, as the server composes it of their IDs.
 *
 * @param {string} first
 * @param {string} second
 */
export function directRoomName(first, second) {
  const [a, b] = (first < second ? [first, second] : [second, first]).map(encodeId);
  return `direct:${a}:${b}`;
}

/**
 * Returns whether only two users may join a room with this name.
 *
 * @param {string} room
 */
export function isDirectRoomName(room) {
  return DIRECT_ROOM.test(room);
}

/**
 * Returns the ID of the other user of a direct room, or undefined if it is not a room of this user.
 *
 * @param {string} room
 * @param {string} self the ID of this user
 */
export function otherUserOf(room, self) {
  const ids = DIRECT_ROOM.exec(room)?.slice(1).map(decodeId) ?? [];
  return ids.find((id) => directRoomName(self, id) === room);
}

/** @param {string} id */
function encodeId(id) {
  return new URLSearchParams({ id }).toString().slice("id=".length);
}

/** @param {string} encoded */
function decodeId(encoded) {
  return new URLSearchParams(`id=${encoded}`).get("id") ?? "";
}
