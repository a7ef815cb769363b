// @ts-check
import { displayName } from "./names.js";
import { parsePosition } from "./position.js";

/** @typedef {import("./typedefs.js").ArchivedMessage} ArchivedMessage */
/** @typedef {import("./typedefs.js").Message} Message */
/** @typedef {import("./typedefs.js").Publication} Publication */

/** The tag with the position of the message that a publication replies to. */
const REPLY_TO = "reply-to";

/** The tag with the IDs of the users whom a publication mentions, a line for each. */
const MENTIONS = "mentions";

/**
 * Converts a publication of the server to a message. Data that this page does not know becomes a
 * message with the JSON as its text.
 *
 * @param {Publication} publication
 * @param {string} epoch of the room
 * @param {string} self the ID of this user
 * @returns {Message & { user: string }}
 */
export function toMessage({ data, info, offset, tags }, epoch, self) {
  // The SDK does not pass on the time of a publication, so the server repeats it as a tag.
  const at = Number(tags?.time) || undefined;
  const hasText = typeof data?.text === "string";
  return {
    kind: "message",
    epoch,
    offset,
    at,
    id: hasText && typeof data.id === "string" ? data.id : undefined,
    user: info?.user ?? "",
    name: displayName(info),
    text: hasText ? data.text : JSON.stringify(data),
    isRaw: !hasText,
    isOwn: info?.user === self,
    state: "sent",
    replyTo: parsePosition(tags?.[REPLY_TO]),
    mentions: tags?.[MENTIONS]?.split("\n"),
  };
}

/**
 * Converts a message of the server's archive, which is as it is now.
 *
 * @param {ArchivedMessage} archived
 * @param {string} self the ID of this user
 * @returns {Message}
 */
export function fromArchive({ epoch, offset, user, name, tags, data, edited, reactions = {} }, self) {
  const info = { client: "", user, connInfo: { name } };
  const message = toMessage({ channel: "", data: JSON.parse(data), info, offset, tags }, epoch, self);
  const amended = { isEdited: edited, reactions: new Map(Object.entries(reactions)) };
  return { ...message, ...amended, isFromHistory: true, isArchived: true };
}
