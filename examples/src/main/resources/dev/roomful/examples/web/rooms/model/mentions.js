// @ts-check
/** @typedef {import("./typedefs.js").Person} Person */

/** The largest number of users whom the server accepts in one message. */
const MAX_MENTIONS = 20;
const MAX_SUGGESTIONS = 6;
const MAX_NAME_LENGTH = 40;
const AT = /(?<![\p{L}\p{N}@])@/gu;

/**
 * The beginning of a name that the user is typing after an "@".
 *
 * @typedef {object} MentionQuery
 * @property {number} start where the "@" is in the text
 * @property {string} name as far as it is typed
 */

/**
 * Returns the name that is being typed, if the text before the caret may be a mention.
 *
 * @param {string} text
 * @param {number} caret
 * @returns {MentionQuery | undefined}
 */
export function mentionQuery(text, caret) {
  const before = text.slice(0, caret);
  const start = [...before.matchAll(AT)].at(-1)?.index;
  if (start === undefined) return undefined;
  const name = before.slice(start + 1);
  return name.length <= MAX_NAME_LENGTH && !name.includes("\n") ? { start, name } : undefined;
}

/**
 * Returns the people of whose names a word begins with what was typed. Nobody, if it is a complete
 * name.
 *
 * @param {readonly Person[]} people
 * @param {string} typed
 */
export function suggestions(people, typed) {
  const beginning = fold(typed);
  const found = people.filter(({ name }) => fold(name).startsWith(beginning) || fold(name).includes(` ${beginning}`));
  const isComplete = found.length === 1 && fold(found[0].name) === beginning;
  return isComplete ? [] : found.slice(0, MAX_SUGGESTIONS);
}

/**
 * Returns the IDs of the people whom a text mentions by name.
 *
 * @param {string} text
 * @param {readonly Person[]} people
 */
export function mentionedUsers(text, people) {
  const longestFirst = [...people].sort((a, b) => b.name.length - a.name.length);
  const users = new Set();
  for (const { index } of text.matchAll(AT)) {
    const rest = text.slice(index + 1);
    const person = longestFirst.find(({ name }) => startsWithName(rest, name));
    if (person) users.add(person.user);
  }
  return [...users].slice(0, MAX_MENTIONS);
}

/**
 * @param {string} text
 * @param {string} name
 */
function startsWithName(text, name) {
  return fold(text.slice(0, name.length)) === fold(name) && !/^[\p{L}\p{N}]/u.test(text.slice(name.length));
}

/** @param {string} text */
function fold(text) {
  return text.toLocaleLowerCase();
}
