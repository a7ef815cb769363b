// @ts-check
/** @typedef {import("./typedefs.js").Entry} Entry */
/** @typedef {import("./typedefs.js").Message} Message */

/**
 * Returns the messages whose text or sender contains what was typed, in their order.
 *
 * @param {readonly Entry[]} entries
 * @param {string} typed
 * @returns {Message[]}
 */
export function matchingMessages(entries, typed) {
  const wanted = fold(typed.trim());
  if (!wanted) return [];
  return entries.filter((entry) => entry.kind === "message").filter(({ text, name = "", isRemoved }) => {
    return !isRemoved && (fold(text).includes(wanted) || fold(name).includes(wanted));
  });
}

/**
 * Returns the text without case and accents.
 *
 * @param {string} text
 */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
