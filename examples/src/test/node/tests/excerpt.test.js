import assert from "node:assert/strict";
import { it } from "node:test";
import { excerpt } from "#rooms/model/excerpt.js";

it("a short text is its own excerpt, in one line and without markers", () => {
  assert.equal(excerpt("one **two**\n\n> three"), "one two three");
});

it("a long text is cut between characters", () => {
  assert.equal(excerpt("😀".repeat(100)), "😀".repeat(80) + "…");
});
