// @ts-check
import { REACTIONS } from "./reactions.js";
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
 * What the menu of a message needs of the page.
 *
 * @typedef {object} MessageMenuActions
 * @property {OpenDirect} openDirect
 * @property {(message: Message) => void} edit lets the user change the text
 * @property {(message: Message) => void} reply lets the user write a reply
 * @property {(items: MenuItem[]) => void} openReactions opens the menu of reactions
 */

/**
 * Returns what this user can do with a message.
 *
 * @param {Room} room
 * @param {Message} message
 * @param {MessageMenuActions} actions
 * @returns {(MenuItem | false | undefined)[]}
 */
export function messageActions(room, message, { openDirect, edit, reply, openReactions }) {
  const { text, user, name = "", epoch, offset } = message;
  const remove = () => room.chat.call("remove", { room: room.name, epoch, offset });
  const copy = () => navigator.clipboard.writeText(text);
  const isFromOther = !!user && user !== room.self;
  const mayRemove = !!offset && (room.canModerate || !isFromOther);
  const react = () => openReactions(reactionActions(room, message));
  return [
    !!offset && { label: "Reply", act: () => reply(message) },
    !!offset && !message.isArchived && { label: "Add a reaction", act: react },
    mayEdit(message) && { label: "Edit this message", act: () => edit(message) },
    !!navigator.clipboard && { label: "Copy the text", act: () => runOrShowError(copy) },
    isFromOther && !room.direct && { label: `Write a direct message to ${name}`, act: () => openDirect(user, name) },
    mayRemove && { label: isFromOther ? "Remove this message" : "Delete this message", act: () => runOrShowError(remove), isDangerous: true },
  ];
}

/**
 * Whether this user may change the text of a message.
 *
 * @param {Message} message
 */
export function mayEdit({ isOwn, offset, isRaw, isRemoved, isArchived }) {
  return isOwn && !!offset && !isRaw && !isRemoved && !isArchived;
}

/**
 * @param {Room} room
 * @param {Message} message
 * @returns {MenuItem[]}
 */
function reactionActions(room, message) {
  return REACTIONS.map(([reaction, name]) => ({
    label: `${reaction} ${name}`,
    act: () => runOrShowError(() => room.toggleReaction(message, reaction)),
  }));
}
