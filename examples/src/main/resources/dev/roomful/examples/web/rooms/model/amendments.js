// @ts-check
import { formatPosition, parsePosition } from "./position.js";

/** @typedef {import("./typedefs.js").Publication} Publication */
/** @typedef {import("./typedefs.js").Revision} Revision */

/** The tags of a publication that changes an earlier message. */
const KIND = "roomful.amendment";
const TARGET = "roomful.target";
const REACTION = "roomful.reaction";

/** The largest number of messages whose changes are known. */
const MAX_TARGETS = 2_000;

/**
 * Tells whether a publication changes an earlier message.
 *
 * @param {Publication} publication
 */
export function isAmendment({ tags }) {
  return typeof tags?.[KIND] === "string";
}

/**
 * How the messages of a room were changed after they were published. Also those that are not
 * loaded: the history is read backwards, so that a change comes before its message.
 */
export class Amendments {
  /** By target, the one that was changed last at the end. @type {Map<string, Revision>} */
  #revisions = new Map();

  /**
   * Applies an amendment. Applying it again changes nothing.
   *
   * @param {Publication} publication
   * @returns {import("./typedefs.js").Position | undefined} the position of the message that it changes
   */
  apply({ data, info, tags = {} }) {
    const target = tags[TARGET] ?? "";
    const before = this.#revisions.get(target) ?? { reactions: new Map() };
    this.#revisions.delete(target);
    this.#revisions.set(target, revised(before, tags, info?.user ?? "", data));
    if (this.#revisions.size > MAX_TARGETS) {
      const [oldest] = this.#revisions.keys();
      this.#revisions.delete(/** @type {string} */ (oldest));
    }
    return parsePosition(target);
  }

  /**
   * Returns the changes of a message.
   *
   * @param {{ epoch?: string, offset?: number }} position
   * @returns {Revision | undefined}
   */
  of(position) {
    return this.#revisions.get(formatPosition(position));
  }
}

/**
 * @param {Revision} before
 * @param {Record<string, string>} tags
 * @param {string} user who changes the message
 * @param {any} data
 * @returns {Revision}
 */
function revised(before, tags, user, data) {
  switch (tags[KIND]) {
    case "edit":
      return typeof data?.text === "string" ? { ...before, text: data.text, isEdited: true } : before;
    case "delete":
      return { text: "", isRemoved: true, reactions: new Map() };
    case "react":
      return { ...before, reactions: withReaction(before.reactions, tags[REACTION] ?? "", user, true) };
    case "unreact":
      return { ...before, reactions: withReaction(before.reactions, tags[REACTION] ?? "", user, false) };
    default:
      return before; // of a kind that this page does not show
  }
}

/**
 * @param {Map<string, string[]>} before
 * @param {string} reaction
 * @param {string} user
 * @param {boolean} isAdded
 */
function withReaction(before, reaction, user, isAdded) {
  const others = (before.get(reaction) ?? []).filter((each) => each !== user);
  const users = isAdded ? [...others, user] : others;
  const reactions = new Map(before).set(reaction, users);
  if (users.length === 0) reactions.delete(reaction);
  return reactions;
}
