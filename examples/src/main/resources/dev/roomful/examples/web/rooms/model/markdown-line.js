// @ts-check
import { splitLinks } from "./message-text.js";

/**
 * A part of a line of text.
 *
 * @typedef {{ type: "text" | "code", text: string }
 *   | { type: "link", text: string, href: string }
 *   | { type: "strong" | "em" | "del", children: Inline[] }} Inline
 */

/** An emphasis that is open. @typedef {{ marker: string, start: number, children: Inline[] }} Frame */

/** By marker, the longest one first. @type {[string, "strong" | "em" | "del"][]} */
const EMPHASIS = [
  ["**", "strong"],
  ["~~", "del"],
  ["*", "em"],
];

const CODE = /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Parses a line: emphasis, code and links. Everything else is text.
 *
 * @param {string} line
 * @returns {Inline[]}
 */
export function parseLine(line) {
  const emphasis = new EmphasisParser(line);
  let from = 0;
  for (const { 0: match, 2: code, index } of line.matchAll(CODE)) {
    addLinksAndText(emphasis, line.slice(from, index));
    emphasis.add({ type: "code", text: code }, match.length);
    from = index + match.length;
  }
  addLinksAndText(emphasis, line.slice(from));
  return emphasis.end();
}

/**
 * @param {EmphasisParser} emphasis
 * @param {string} text
 */
function addLinksAndText(emphasis, text) {
  for (const { text: part, href } of splitLinks(text)) {
    if (href) emphasis.add({ type: "link", text: part, href }, part.length);
    else emphasis.addText(part);
  }
}

/** Finds the pairs of markers in a line. An emphasis is not within another one of its own kind. */
class EmphasisParser {
  #line;
  #position = 0;
  /** The line, and in it each emphasis that is open. @type {Frame[]} */
  #frames = [{ marker: "", start: 0, children: [] }];

  /** @param {string} line whose parts are added one after the other */
  constructor(line) {
    this.#line = line;
  }

  get #innermost() {
    return this.#frames[this.#frames.length - 1];
  }

  /**
   * Adds a part without markers in it.
   *
   * @param {Inline} inline
   * @param {number} length in the line
   */
  add(inline, length) {
    this.#innermost.children.push(inline);
    this.#position += length;
  }

  /** @param {string} text with markers in it */
  addText(text) {
    const end = this.#position + text.length;
    for (const [run] of text.matchAll(/\*+|~+|[^*~]+/g)) {
      const from = this.#position;
      if (!/^(?:\*{1,3}|~~)$/.test(run)) this.#addPlain(run.length);
      while (this.#position < from + run.length) this.#addMarker(from + run.length);
    }
    this.#position = end;
  }

  /** @param {number} length */
  #addPlain(length) {
    addText(this.#innermost.children, this.#line.slice(this.#position, this.#position + length));
    this.#position += length;
  }

  /** @param {number} end of the markers without anything between them */
  #addMarker(end) {
    const rest = this.#line.slice(this.#position, end);
    const closable = this.#frames.filter((frame) => startsWith(rest, frame.marker) && this.#canClose(frame));
    const closed = closable.find(({ marker }) => marker === rest) ?? closable.at(-1);
    const opened = EMPHASIS.find(([marker]) => startsWith(rest, marker) && this.#canOpen(marker));
    if (closed) this.#close(closed);
    else if (opened) this.#open(opened[0]);
    else this.#addPlain(1);
  }

  /** @param {string} marker */
  #canOpen(marker) {
    if (this.#frames.some((frame) => frame.marker === marker)) return false;
    const next = this.#line[this.#position + marker.length] ?? " ";
    return !/\s/.test(next) && (marker !== "*" || !this.#isWordAt(this.#position - 1));
  }

  /** @param {Frame} frame */
  #canClose({ marker, start }) {
    if (this.#position === start || /\s/.test(this.#line[this.#position - 1])) return false;
    return marker !== "*" || !this.#isWordAt(this.#position + 1);
  }

  /**
   * Whether there is a letter or a digit: "2*3*4" has no emphasis.
   *
   * @param {number} position
   */
  #isWordAt(position) {
    return WORD.test(this.#line[position] ?? "");
  }

  /** @param {string} marker */
  #open(marker) {
    this.#position += marker.length;
    this.#frames.push({ marker, start: this.#position, children: [] });
  }

  /** @param {Frame} frame */
  #close(frame) {
    while (this.#innermost !== frame) this.#giveUp();
    this.#frames.pop();
    const type = EMPHASIS.find(([marker]) => marker === frame.marker)?.[1] ?? "em";
    this.#innermost.children.push({ type, children: frame.children });
    this.#position += frame.marker.length;
  }

  /** The innermost emphasis has no end: its marker is text. */
  #giveUp() {
    const frame = this.#innermost;
    this.#frames.pop();
    addText(this.#innermost.children, frame.marker);
    for (const inline of frame.children) {
      if (inline.type === "text") addText(this.#innermost.children, inline.text);
      else this.#innermost.children.push(inline);
    }
  }

  end() {
    while (this.#frames.length > 1) this.#giveUp();
    return this.#innermost.children;
  }
}

/**
 * Whether the first of these markers is a given one. Two asterisks are one marker.
 *
 * @param {string} markers
 * @param {string} marker "" if there is none
 */
function startsWith(markers, marker) {
  return marker !== "" && markers.startsWith(marker) && !(marker === "*" && markers === "**");
}

/**
 * Adds a text, to the text before it if there is one.
 *
 * @param {Inline[]} inlines
 * @param {string} text
 */
export function addText(inlines, text) {
  const last = inlines.at(-1);
  if (last?.type === "text") last.text += text;
  else inlines.push({ type: "text", text });
}
