// @ts-check

/**
 * A line of the server, in parts.
 *
 * @typedef {object} Line
 * @property {"own" | "reply" | "other" | "notice"} kind
 * @property {string} sender what the line says about the sender; empty in a notice
 * @property {string} text
 * @property {string} [senderId] the ID of the client that sent it
 */

/** @type {{ kind: Line["kind"], pattern: RegExp }[]} */
const FORMATS = [
  { kind: "own", pattern: /^(?<sender>You wrote: )(?<text>.*)$/s },
  { kind: "reply", pattern: /^(?<sender>Message text was: )(?<text>.*)$/s },
  { kind: "other", pattern: /^(?<sender>Client #(?<senderId>\d+) says: )(?<text>.*)$/s },
  { kind: "other", pattern: /^(?<sender>\[[^\]]+\] [^:]+: )(?<text>.*)$/s },
];

/**
 * Splits a line into its parts. The sender and the text together are the whole line.
 *
 * @param {string} line
 * @returns {Line}
 */
export function parseLine(line) {
  for (const { kind, pattern } of FORMATS) {
    const groups = pattern.exec(line)?.groups;
    if (groups) return { kind, sender: groups.sender, text: groups.text, senderId: groups.senderId };
  }
  return { kind: "notice", sender: "", text: line };
}
