// @ts-check
import { excerpt } from "./excerpt.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./typedefs.js").Message} Message */

/**
 * Returns what a notification about a message says, or undefined if the message is neither a direct
 * message nor mentions this user. A room has one notification: the next one replaces it.
 *
 * @param {Pick<Room, "name" | "title" | "direct" | "self">} room
 * @param {Message} message
 */
export function notificationOf({ name: room, title, direct, self }, { isOwn, isRaw, mentions, name = "", text }) {
  if (isOwn || isRaw || (!direct && !mentions?.includes(self))) return undefined;
  return { title: direct ? name : `${name} in ${title}`, body: excerpt(text), tag: room };
}
