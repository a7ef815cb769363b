import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { JsonStorage } from "#lib/storage.js";

/** Makes something the browser's localStorage. */
function provide(area) {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: area });
}

const original = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
afterEach(() => {
  if (original) Object.defineProperty(globalThis, "localStorage", original);
  else delete globalThis.localStorage;
});

function mapArea(map, { isFull = false } = {}) {
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem(key, value) {
      if (isFull) throw new Error("quota exceeded");
      map.set(key, value);
    },
    removeItem: (key) => map.delete(key),
  };
}

it("values are stored as JSON under a prefix", () => {
  const map = new Map();
  provide(() => mapArea(map));
  const storage = new JsonStorage("localStorage");
  storage.set("rooms", ["lobby", "tea"]);
  assert.equal(map.get("roomful:rooms"), '["lobby","tea"]');
  assert.deepEqual(storage.get("rooms"), ["lobby", "tea"]);
  storage.remove("rooms");
  assert.equal(storage.get("rooms", "none"), "none");
  assert.equal(map.size, 0);
});

it("a value that is not JSON is as none", () => {
  provide(() => mapArea(new Map([["roomful:rooms", "{"]])));
  assert.equal(new JsonStorage("localStorage").get("rooms", "none"), "none");
});

describe("values last as long as the page", () => {
  for (const [when, area] of [
    ["without an area", () => undefined],
    ["if access is denied", () => { throw new Error("denied"); }],
    ["if the area is full", () => mapArea(new Map(), { isFull: true })],
  ]) {
    it(when, () => {
      provide(area);
      const storage = new JsonStorage("localStorage");
      storage.set("name", "Ann");
      assert.equal(storage.get("name"), "Ann");
      storage.remove("name");
      assert.equal(storage.get("name", "none"), "none");
    });
  }
});
