// @ts-check

/**
 * Returns "1 room", "2 rooms".
 *
 * @param {number} count
 * @param {string} singular
 * @param {string} plural
 */
export function countOf(count, singular, plural) {
  return count === 1 ? `1 ${singular}` : `${count} ${plural}`;
}

/**
 * Returns the items with separators between them: "Ann, Bob and Cem".
 *
 * @template T
 * @param {readonly T[]} items
 * @returns {(T | string)[]}
 */
export function enumerate(items) {
  return items.flatMap((item, i) => [i === 0 ? "" : i === items.length - 1 ? " and " : ", ", item]);
}

/**
 * Returns the text with a capital letter at the beginning and a full stop at the end.
 *
 * @param {unknown} text
 */
export function toSentence(text) {
  const trimmed = String(text).trim();
  return trimmed && trimmed[0].toUpperCase() + trimmed.slice(1).replace(/[^.!?…]$/u, "$&.");
}
