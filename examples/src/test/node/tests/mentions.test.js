import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mentionedUsers, mentionQuery, suggestions } from "#rooms/model/mentions.js";

const PEOPLE = [
  { user: "1", name: "Ann" },
  { user: "2", name: "Ann Lee" },
  { user: "3", name: "Bob Annison" },
  { user: "4", name: "Łukasz" },
];

describe("the name that is being typed", () => {
  for (const [text, expected] of [
    ["@", { start: 0, name: "" }],
    ["hi @an", { start: 3, name: "an" }],
    ["(@an l", { start: 1, name: "an l" }],
    ["@ann, @b", { start: 6, name: "b" }],
    ["hi", undefined],
    ["me@example.org", undefined],
    ["@ann\nand", undefined],
    ["@" + "x".repeat(41), undefined],
  ]) {
    it(`in ${JSON.stringify(text)}`, () => assert.deepEqual(mentionQuery(text, text.length), expected));
  }

  it("ends at the caret", () => assert.deepEqual(mentionQuery("@anx y", 3), { start: 0, name: "an" }));
});

describe("suggestions", () => {
  const names = (typed) => suggestions(PEOPLE, typed).map(({ name }) => name);

  it("are people of whose names a word begins so", () => {
    assert.deepEqual(names("an"), ["Ann", "Ann Lee", "Bob Annison"]);
    assert.deepEqual(names("ŁU"), ["Łukasz"]);
    assert.deepEqual(names("x"), []);
    assert.equal(names("").length, 4);
  });

  it("end with a complete name", () => {
    assert.deepEqual(names("ann lee"), []);
    assert.deepEqual(names("ann lee and"), []);
  });
});

describe("mentioned users", () => {
  for (const [text, expected] of [
    ["@Ann hi", ["1"]],
    ["@ann lee, @bob annison!", ["2", "3"]],
    ["@Anna and x@Ann", []],
    ["@Ann @Ann", ["1"]],
    ["hi @łukasz", ["4"]],
    ["@@Ann @", []],
  ]) {
    it(`of ${JSON.stringify(text)}`, () => assert.deepEqual(mentionedUsers(text, PEOPLE), expected));
  }

  it("are at most twenty", () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ user: String(i), name: `P${i}` }));
    assert.equal(mentionedUsers(many.map(({ name }) => `@${name}`).join(" "), many).length, 20);
  });
});
