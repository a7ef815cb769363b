// @ts-check

const LINK = /https?:\/\/[^\s<>"'`\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/giu;
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s]){1,24}$/u;
const MAX_EMOJI_LENGTH = 40;

/**
 * A part of a text: a link if it has an address.
 *
 * @typedef {object} TextPart
 * @property {string} text
 * @property {string} [href]
 */

/**
 * Splits a text at the links in it.
 *
 * @param {string} text
 * @returns {TextPart[]}
 */
export function splitLinks(text) {
  /** @type {TextPart[]} */
  const parts = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const address = withoutPunctuation(match);
    const href = webAddress(address);
    if (!href) continue;
    parts.push({ text: text.slice(from, index) }, { text: address, href });
    from = index + address.length;
  }
  parts.push({ text: text.slice(from) });
  return parts.filter((part) => part.text !== "");
}

/** @param {string} address */
function webAddress(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && ["http:", "https:"].includes(url.protocol) ? url.href : undefined;
}

/**
 * Removes the punctuation of the sentence from the end of an address. A closing bracket belongs to
 * the address if it was opened within.
 *
 * @param {string} address
 */
function withoutPunctuation(address) {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1];
    const rest = address.slice(0, end);
    if (last === ")" && count(rest, "(") >= count(rest, ")")) break;
    if (!".,;:!?)]}…*_~".includes(last)) break;
  }
  return address.slice(0, end);
}

/**
 * @param {string} text
 * @param {string} character
 */
function count(text, character) {
  return text.split(character).length - 1;
}

/**
 * Returns whether the text is a few emoji and nothing else.
 *
 * @param {string} text
 */
export function isOnlyEmoji(text) {
  return text.length < MAX_EMOJI_LENGTH && EMOJI.test(text) && ONLY_EMOJI.test(text);
}
