import { el } from "./dom.js";

const LINK = /https?:\/\/[^\s<>"'`\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/giu;
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s]){1,24}$/u;

/** What was said, as nodes: text, and links where it says one in full. */
export function textNodes(text) {
  const nodes = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const address = trimmed(match);
    const link = linkTo(address);
    if (!link) continue;
    nodes.push(text.slice(from, index), link);
    from = index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

function linkTo(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!["http:", "https:"].includes(url?.protocol)) return undefined;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", dir: "ltr" }, address);
}

/** Without the sentence's own signs at the end; a bracket stays if it was opened within. */
function trimmed(address) {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1];
    const rest = address.slice(0, end);
    if (last === ")" && count(rest, "(") >= count(rest, ")")) break;
    if (!".,;:!?)]}…*_".includes(last)) break;
  }
  return address.slice(0, end);
}

function count(text, character) {
  return text.split(character).length - 1;
}

export function isOnlyEmoji(text) {
  return text.length < 40 && /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) && ONLY_EMOJI.test(text);
}
