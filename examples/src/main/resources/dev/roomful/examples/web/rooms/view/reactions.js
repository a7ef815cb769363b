// @ts-check
import { element } from "../../lib/dom.js";
import { enumerate } from "../../lib/phrases.js";

/** The reactions that the menu of a message offers, with their names. */
export const REACTIONS = [
  ["👍", "Thumbs up"],
  ["❤️", "Heart"],
  ["😂", "Laughing"],
  ["🎉", "Celebration"],
  ["😮", "Surprised"],
  ["😢", "Sad"],
];

const MAX_NAMES = 10;

/**
 * Returns a button for each reaction to a message, with the number of users who have reacted.
 *
 * @param {Map<string, string[]>} reactions the users, by reaction
 * @param {string} self the ID of this user
 * @param {(user: string) => string} nameOf
 * @param {boolean} [isFixed] whether this user cannot react
 */
export function reactionButtons(reactions, self, nameOf, isFixed) {
  const buttons = [...reactions].map(([reaction, users]) => {
    const who = names(users.map((user) => (user === self ? "you" : nameOf(user))));
    const label = `${nameOfReaction(reaction)}, ${users.length}: ${who}`;
    const properties = {
      type: "button",
      class: "reaction",
      "data-reaction": reaction,
      "aria-label": label,
      "aria-pressed": String(users.includes(self)),
      title: who,
      disabled: isFixed,
    };
    return element("button", properties, element("bdi", {}, reaction), ` ${users.length}`);
  });
  return element("div", { class: "reactions" }, ...buttons);
}

/** @param {string} reaction */
function nameOfReaction(reaction) {
  return REACTIONS.find(([each]) => each === reaction)?.[1] ?? reaction;
}

/** @param {string[]} all */
function names(all) {
  const others = all.length - MAX_NAMES;
  return enumerate(others > 1 ? [...all.slice(0, MAX_NAMES), `${others} others`] : all).join("");
}
