// @ts-check
import { withoutMarkdown } from "./markdown.js";

const MAX_CHARACTERS = 80;

/**
 * Returns the beginning of a message's text, in one line.
 *
 * @param {string} text
 */
export function excerpt(text) {
  const characters = [...withoutMarkdown(text).replace(/\s+/g, " ").trim()];
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS).join("").trim()}…` : characters.join("");
}
