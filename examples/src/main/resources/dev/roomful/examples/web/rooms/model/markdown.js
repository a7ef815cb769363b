// @ts-check
import { addText, parseLine } from "./markdown-line.js";

/** @typedef {import("./markdown-line.js").Inline} Inline */

/**
 * A part of a message: lines of text, a block of code, or a quote.
 *
 * @typedef {{ type: "paragraph", children: Inline[] }
 *   | { type: "code", text: string }
 *   | { type: "quote", children: Block[] }} Block
 */

/** Quotes in more quotes than these are text. */
const MAX_QUOTES = 3;

const FENCE = /^```[^`\s]*\s*$/;
const FENCE_END = /^```\s*$/;
const QUOTED = /^> (.*)$/;

/**
 * Parses a subset of Markdown: emphasis, code, and quotes. Everything else is text, also HTML. No
 * emphasis goes across lines. The depth of the result is bounded.
 *
 * @param {string} text
 * @returns {Block[]}
 */
export function parseMarkdown(text) {
  return blocksOf(text.split("\n"), 0);
}

/**
 * Returns the text without its markers.
 *
 * @param {string} text
 */
export function withoutMarkdown(text) {
  return parseMarkdown(text).map(textOf).join("\n");
}

/**
 * @param {Block | Inline} node
 * @returns {string}
 */
function textOf(node) {
  if ("text" in node) return node.text;
  return node.children.map(textOf).join(node.type === "quote" ? "\n" : "");
}

/**
 * @param {string[]} lines
 * @param {number} quotes the number of quotes around these lines
 */
function blocksOf(lines, quotes) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  let paragraph = [];
  const endParagraph = () => {
    const text = paragraph.join("\n").trimEnd().replace(/^(?:[^\S\n]*\n)+/, "");
    if (text) blocks.push({ type: "paragraph", children: inlinesOf(text) });
    paragraph = [];
  };
  for (let i = 0, lastFence = lines.findLastIndex((line) => FENCE_END.test(line)); i < lines.length; i++) {
    if (i < lastFence && FENCE.test(lines[i])) {
      const end = indexFrom(lines, i + 1, (line) => FENCE_END.test(line));
      endParagraph();
      blocks.push({ type: "code", text: lines.slice(i + 1, end).join("\n") });
      i = end;
    } else if (quotes < MAX_QUOTES && QUOTED.test(lines[i])) {
      const end = indexFrom(lines, i + 1, (line) => !QUOTED.test(line) && line !== ">");
      endParagraph();
      blocks.push({ type: "quote", children: blocksOf(lines.slice(i, end).map((line) => line.slice(2)), quotes + 1) });
      i = end - 1;
    } else {
      paragraph.push(lines[i]);
    }
  }
  endParagraph();
  return blocks;
}

/**
 * Returns the index of the first line that matches, or the number of lines.
 *
 * @param {string[]} lines
 * @param {number} from
 * @param {(line: string) => boolean} matches
 */
function indexFrom(lines, from, matches) {
  let i = from;
  while (i < lines.length && !matches(lines[i])) i++;
  return i;
}

/**
 * @param {string} text of several lines
 * @returns {Inline[]}
 */
function inlinesOf(text) {
  return text.split("\n").reduce((/** @type {Inline[]} */ all, line, i) => {
    if (i > 0) addText(all, "\n");
    for (const inline of parseLine(line)) {
      if (inline.type === "text") addText(all, inline.text);
      else all.push(inline);
    }
    return all;
  }, []);
}
