// @ts-check
import { isSameDay } from "../../lib/time.js";

/** @typedef {import("../model/typedefs.js").Entry} Entry */
/** @typedef {import("../model/typedefs.js").Message} Message */
/** @typedef {import("../model/typedefs.js").Person} Person */
/** @typedef {import("../model/typedefs.js").Position} Position */
/** @typedef {import("../model/typedefs.js").RoomEvent} RoomEvent */

/**
 * @typedef {object} MessageRow
 * @property {"message"} kind
 * @property {Message} message
 * @property {string} user the sender's ID
 * @property {string} name the sender's display name
 * @property {boolean} isContinued whether it is shown without the sender, as the one before has it
 */

/**
 * @typedef {MessageRow | { kind: "event", event: RoomEvent } | { kind: "day", at: number }
 *   | { kind: "unreadMarker" }} Row
 */

const CONTINUED_MS = 5 * 60_000;

/** A sender is repeated after that many messages, so that a screen of them shows it. */
const MAX_RUN = 10;

/**
 * Returns what the list of messages shows, from top to bottom: the entries, a row for each new day,
 * and a marker before the first message that was unread.
 *
 * @param {readonly Entry[]} entries
 * @param {object} options
 * @param {Person} options.self this user, who sends the messages without a sender
 * @param {string} [options.epoch] the current one of the room
 * @param {Position} [options.marker] the position before the unread messages
 * @param {number} [options.now]
 * @returns {Row[]}
 */
export function toRows(entries, { self, epoch, marker, now = Date.now() }) {
  /** @type {Row[]} */
  const rows = [];
  /** The row above if it is a message. @type {MessageRow | undefined} */
  let previous;
  /** The number of messages since the sender was shown. */
  let run = 0;
  let day = now;
  let isMarkerDue = marker !== undefined;
  for (const entry of entries) {
    if (isMarkerDue && isUnread(entry, epoch, marker)) {
      rows.push({ kind: "unreadMarker" });
      isMarkerDue = false;
      previous = undefined;
    }
    if (entry.at && !isSameDay(entry.at, day)) {
      day = entry.at;
      rows.push({ kind: "day", at: day });
      previous = undefined;
    }
    if (entry.kind === "event") {
      rows.push({ kind: "event", event: entry });
      previous = undefined;
    } else {
      previous = messageRow(entry, self, run < MAX_RUN ? previous : undefined);
      run = previous.isContinued ? run + 1 : 1;
      rows.push(previous);
    }
  }
  return rows;
}

/**
 * @param {Message} message
 * @param {Person} self
 * @param {MessageRow | undefined} previous
 * @returns {MessageRow}
 */
function messageRow(message, self, previous) {
  const user = message.user ?? self.user;
  const name = message.name ?? self.name;
  const isSameSender = previous?.user === user && previous.name === name;
  return { kind: "message", message, user, name, isContinued: isSameSender && isCloseTo(previous.message, message) };
}

/**
 * @param {Message} previous
 * @param {Message} message
 */
function isCloseTo(previous, message) {
  if (previous.at && message.at) return message.at - previous.at < CONTINUED_MS;
  return !previous.at === !message.at;
}

/**
 * @param {Entry} entry
 * @param {string | undefined} epoch
 * @param {Position | undefined} marker
 */
function isUnread(entry, epoch, marker) {
  if (entry.kind === "event" || !entry.offset || entry.isOwn || entry.epoch !== epoch) return false;
  return !marker || entry.epoch !== marker.epoch || entry.offset > marker.offset;
}
