import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  directRoomName,
  displayName,
  hueOf,
  initials,
  isBlank,
  isDirectRoomName,
  isPrivateRoomName,
  otherUserOf,
  plainText,
  roomTitle,
  toRoomName,
} from "#rooms/model/names.js";

describe("the display name", () => {
  it("is the name of the connection, or else the user ID", () => {
    assert.equal(displayName({ client: "c", user: "u1", connInfo: { name: "Ann" } }), "Ann");
    assert.equal(displayName({ client: "c", user: "u1" }), "u1");
    assert.equal(displayName({ client: "c", user: "", connInfo: {} }), "Unknown");
    assert.equal(displayName(undefined), "Unknown");
  });

  it("has no characters that change the text around it", () => {
    assert.equal(plainText("A\u202enn\u0000\u2066\u200f"), "Ann");
    assert.equal(plainText("مريم 👩‍🚀 Ž"), "مريم 👩‍🚀 Ž");
    assert.equal(plainText(undefined), "undefined");
  });
});

describe("initials", () => {
  for (const [name, expected] of [
    ["Ann", "A"],
    ["mira okafor", "MO"],
    ["Ana María de la Cruz", "AC"],
    ["Bob (2)", "B2"],
    ["👩‍🚀 Ann", "👩‍🚀A"],
    ["...", "?"],
    ["", "?"],
  ]) {
    it(`of "${name}" are "${expected}"`, () => assert.equal(initials(name), expected));
  }
});

describe("the hue", () => {
  it("is the same for the same user, and in degrees", () => {
    assert.equal(hueOf("ann"), hueOf("ann"));
    assert.notEqual(hueOf("ann"), hueOf("bob"));
    for (const user of ["", "a", "x".repeat(1_000), "👍"]) {
      assert.ok(Number.isInteger(hueOf(user)) && hueOf(user) >= 0 && hueOf(user) < 360, user);
    }
  });
});

describe("the name of a room", () => {
  for (const [typed, expected] of [
    ["Tea & cake", "tea-cake"],
    ["  --lobby--  ", "lobby"],
    ["Café_2", "café_2"],
    ["#general!", "general"],
    ["&&&", ""],
    ["x".repeat(40), "x".repeat(32)],
  ]) {
    it(`typed as "${typed}" is "${expected}"`, () => assert.equal(toRoomName(typed), expected));
  }
});

it("the name of a room is its own result", () => {
  for (const typed of [`${"a".repeat(31)} b`, "  Tea & cake! ", "Cafe\u0301", "--x--"]) {
    const name = toRoomName(typed);
    assert.equal(toRoomName(name), name);
  }
  assert.equal(toRoomName("Cafe\u0301"), toRoomName("Caf\u00e9"));
});

it("a name is blank if nothing of it is visible", () => {
  for (const blank of ["", "  \t", "\u200b\u2060", "\u00a0\u3000\n"]) assert.equal(isBlank(blank), true);
  for (const name of ["a", " a ", "👩‍🚀", "\u200bא"]) assert.equal(isBlank(name), false);
});

describe("the direct room of two users", () => {
  // DirectRoomsTest expects the same names of the server.
  for (const [first, second, name] of [
    ["ann", "bob", "direct:ann:bob"],
    ["bob", "ann", "direct:ann:bob"],
    ["a:b", "c", "direct:a%3Ab:c"],
    ["é%", "x y", "direct:x+y:%C3%A9%25"],
    ["*-._~!'()", "A", "direct:*-._%7E%21%27%28%29:A"],
  ]) {
    it(`of "${first}" and "${second}" is "${name}"`, () => {
      assert.equal(directRoomName(first, second), name);
      assert.equal(isDirectRoomName(name), true);
      assert.equal(otherUserOf(name, first), second);
      assert.equal(otherUserOf(name, second), first);
    });
  }

  it("is no room of others", () => {
    assert.equal(otherUserOf("direct:ann:bob", "cem"), undefined);
    assert.equal(otherUserOf("direct:ann:%zz", "ann"), undefined);
    assert.equal(otherUserOf("lobby", "ann"), undefined);
    assert.equal(isDirectRoomName("lobby"), false);
  });
});

it("the title of a private room is the name that its creator chose", () => {
  assert.equal(isPrivateRoomName("private:plans:k2f9"), true);
  assert.equal(roomTitle("private:plans:k2f9"), "plans");
  for (const name of ["plans", "private:plans", "private", "direct:a:b"]) {
    assert.equal(isPrivateRoomName(name), false);
    assert.equal(roomTitle(name), name);
  }
});
