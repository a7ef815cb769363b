// @ts-check
import { runOrShowError } from "./toast.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Message} Message */
/** @typedef {import("./popup-menu.js").MenuItem} MenuItem */

/**
 * Opens the direct room with a user.
 *
 * @typedef {(user: string, name: string) => void} OpenDirect
 */

/**
 * Returns what this user can do with a message.
 *
 * @param {Room} room
 * @param {Message} message
 * @param {OpenDirect} openDirect
 * @returns {(MenuItem | false | undefined)[]}
 */
export function messageActions(room, message, openDirect) {
  const { text, user, name = "", epoch, offset } = message;
  const remove = () => room.chat.call("remove", { room: room.name, epoch, offset });
  const copy = () => navigator.clipboard.writeText(text);
  const isFromOther = !!user && user !== room.self;
  const mayRemove = !!offset && (room.canModerate || !isFromOther);
  return [
    !!navigator.clipboard && { label: "Copy the text", act: () => runOrShowError(copy) },
    isFromOther && !room.direct && { label: `Write a direct message to ${name}`, act: () => openDirect(user, name) },
    mayRemove && { label: isFromOther ? "Remove this message" : "Delete this message", act: () => runOrShowError(remove), isDangerous: true },
  ];
}
