import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { replaceEmojiNames } from "#rooms/model/emoji.js";

describe("the names of emoji", () => {
  for (const [text, expected] of [
    ["well done :tada:", "well done 🎉"],
    [":+1::+1:", "👍👍"],
    [":smile:, :-1:", "😄, 👎"],
    [":no_such_name: :constructor:", ":no_such_name: :constructor:"],
    ["at 10:100:30", "at 10:100:30"],
    ["a:x:b", "a:x:b"],
    ["`:tada:` :tada:", "`:tada:` 🎉"],
    ["```\n:tada:\n```", "```\n:tada:\n```"],
    ["https://example.org/:tada:", "https://example.org/:tada:"],
  ]) {
    it(`in ${JSON.stringify(text)}`, () => assert.equal(replaceEmojiNames(text), expected));
  }
});
