// @ts-check
// The types of the model, for JSDoc comments of other modules. There is no code here.

/** @typedef {import("../../centrifuge/centrifuge.js").ClientInfo} ClientInfo */
/** @typedef {import("../../centrifuge/centrifuge.js").PublicationContext} Publication */

/**
 * A user, with the display name that the user has now.
 *
 * @typedef {object} Person
 * @property {string} user the ID
 * @property {string} name
 */

/** @typedef {"owner" | "moderator" | "member"} Role */

/**
 * The position of a message in a room.
 *
 * @typedef {object} Position
 * @property {string} epoch changes when the server starts the room's log anew
 * @property {number} offset
 */

/**
 * A message. Until the server has published it, it has no position and no sender: it is in the
 * outbox of this tab.
 *
 * @typedef {object} Message
 * @property {"message"} kind
 * @property {"waiting" | "sent" | "failed"} state
 * @property {string} text
 * @property {boolean} isOwn whether this user sent it
 * @property {string} [id] chosen by the sender; the server publishes an ID only once
 * @property {string} [user] the sender's ID
 * @property {string} [name] the sender's display name
 * @property {string} [epoch]
 * @property {number} [offset]
 * @property {number} [at] when the server, or until then this tab, received it, in milliseconds since the epoch
 * @property {string} [reason] why it failed
 * @property {boolean} [isRaw] whether the text is the JSON of data that this page does not know
 * @property {boolean} [isFromHistory]
 * @property {boolean} [isArchived] whether it is older than what the room stores, and cannot be edited or reacted to
 * @property {boolean} [isRemoved]
 * @property {boolean} [isEdited]
 * @property {Map<string, string[]>} [reactions] the users who have reacted, by reaction
 * @property {Position} [replyTo] the message that this one replies to
 * @property {string[]} [mentions] the IDs of the users whom it mentions
 */

/**
 * A message of the server's archive.
 *
 * @typedef {object} ArchivedMessage
 * @property {string} epoch
 * @property {number} offset
 * @property {string} user
 * @property {string} name
 * @property {Record<string, string>} tags
 * @property {string} data as JSON
 * @property {boolean} [edited]
 * @property {Record<string, string[]>} [reactions] the users who have reacted, by reaction
 */

/**
 * The server's answer to "archive": messages, the newest one first.
 *
 * @typedef {object} ArchivePage
 * @property {ArchivedMessage[]} messages
 * @property {string} [next] the position before which there may be more
 */

/**
 * How a message was changed after it was published.
 *
 * @typedef {object} Revision
 * @property {string} [text] the text after the latest edit
 * @property {boolean} [isEdited]
 * @property {boolean} [isRemoved]
 * @property {Map<string, string[]>} reactions the users who have reacted, by reaction
 */

/** @typedef {Message & { id: string, at: number }} OutgoingMessage */

/**
 * What a user did since an event was added: joined, left, or both.
 *
 * @typedef {object} PresenceChange
 * @property {string} name
 * @property {boolean} hasJoined
 * @property {boolean} hasLeft
 * @property {boolean} isPresent
 */

/**
 * What happened in a room, by type. A gap is where messages may be missing; the changes of presence
 * are by user, and their version grows with each change.
 *
 * @typedef {{ type: "gap" }
 *   | { type: "topic", topic: string }
 *   | { type: "renamed", before: string, name: string }
 *   | { type: "removed", name: string, reason: string }
 *   | { type: "role", name: string, role: Role, before: Role }
 *   | { type: "presence", changes: Map<string, PresenceChange>, version: number }} EventDetail
 */

/** @typedef {{ kind: "event", at: number } & EventDetail} RoomEvent */

/** @typedef {Message | RoomEvent} Entry */

/**
 * A ban or a mute.
 *
 * @typedef {object} Sanction
 * @property {string} reason
 * @property {number} until in milliseconds since the epoch
 */

/**
 * A ban or a mute, as the server describes it.
 *
 * @typedef {object} SanctionData
 * @property {number} seconds how long it still lasts; 0 if it was lifted
 * @property {string} [reason]
 */

/**
 * The server's answer to "sanctions". Only moderators get the lists.
 *
 * @typedef {object} RoomSanctions
 * @property {{ ban?: SanctionData, mute?: SanctionData }} you
 * @property {(Person & SanctionData)[]} [bans]
 * @property {(Person & SanctionData)[]} [mutes]
 */

/**
 * What the server answers when a user joins a room.
 *
 * @typedef {object} Welcome
 * @property {string} [topic]
 * @property {Record<string, Role>} [roles] by user
 * @property {Person & { role: Role }} [you]
 * @property {SanctionData} [mute] of this user
 * @property {string} [read] the position up to which this user has read the room
 * @property {boolean} [archive] whether the server has older messages than those that the room stores
 */

/**
 * A room of the server's list.
 *
 * @typedef {object} RoomSummary
 * @property {string} room the name
 * @property {number} [here] the number of users
 * @property {string} [topic]
 */

/**
 * The server's answer to "rooms".
 *
 * @typedef {object} RoomDirectory
 * @property {Person} [you]
 * @property {RoomSummary[]} [rooms]
 * @property {(Person & { room: string })[]} [direct] the direct rooms of this user
 * @property {string[]} [private] the private rooms of this user
 */

export {};
