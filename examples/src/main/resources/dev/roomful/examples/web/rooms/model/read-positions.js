// @ts-check
import { browserStorage } from "../../lib/storage.js";

/** @typedef {import("./typedefs.js").Position} Position */

/** The prefix of the storage keys. */
export const READ_KEY = "read:";

/**
 * Returns the position up to which this user has read a room, in any tab.
 *
 * @param {string} room
 * @returns {Position | undefined}
 */
export function readPosition(room) {
  const stored = browserStorage.get(READ_KEY + room);
  return typeof stored?.epoch === "string" && Number.isSafeInteger(stored.offset) ? stored : undefined;
}

/**
 * Stores a position, unless one that is further on in the same epoch is stored.
 *
 * @param {string} room
 * @param {Position} position
 */
export function saveReadPosition(room, { epoch, offset }) {
  const stored = readPosition(room);
  if (stored?.epoch !== epoch || stored.offset < offset) browserStorage.set(READ_KEY + room, { epoch, offset });
}
