// @ts-check
import { element } from "../../lib/dom.js";
import { parseMarkdown } from "../model/markdown.js";

/** @typedef {import("../model/markdown.js").Block} Block */
/** @typedef {import("../model/markdown-line.js").Inline} Inline */

/**
 * Returns the elements of a text in Markdown: paragraphs, blocks of code, and quotes.
 *
 * @param {string} text
 */
export function formattedText(text) {
  return parseMarkdown(text).map(blockElement);
}

/**
 * @param {Block} block
 * @returns {HTMLElement}
 */
function blockElement(block) {
  switch (block.type) {
    case "paragraph":
      return element("p", {}, ...block.children.map(inlineNode));
    case "code":
      return element("pre", { dir: "ltr" }, element("code", {}, block.text));
    case "quote":
      return element("blockquote", {}, ...block.children.map(blockElement));
  }
}

/**
 * @param {Inline} inline
 * @returns {HTMLElement | string}
 */
function inlineNode(inline) {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "code":
      return element("code", { dir: "ltr" }, inline.text);
    case "link":
      return element("a", { href: inline.href, target: "_blank", rel: "noopener noreferrer", dir: "ltr" }, inline.text);
    default:
      return element(inline.type, {}, ...inline.children.map(inlineNode));
  }
}
