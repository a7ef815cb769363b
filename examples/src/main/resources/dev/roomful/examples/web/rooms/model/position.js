// @ts-check

/** @typedef {import("./typedefs.js").Position} Position */

/**
 * Reads a position that the server wrote, such as "5x8f:12".
 *
 * @param {unknown} text
 * @returns {Position | undefined}
 */
export function parsePosition(text) {
  const [, epoch, offset] = /^([^:]+):(\d+)$/.exec(String(text)) ?? [];
  return epoch ? { epoch, offset: Number(offset) } : undefined;
}

/**
 * Writes a position as the server does.
 *
 * @param {{ epoch?: string, offset?: number }} position
 */
export function formatPosition({ epoch, offset }) {
  return `${epoch}:${offset}`;
}
