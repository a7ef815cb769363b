import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { JsonStorage } from "#lib/storage.js";
import { ReceiveTimes } from "#rooms/model/receive-times.js";

let storage;
let times;

beforeEach(() => {
  storage = new JsonStorage("sessionStorage");
  times = new ReceiveTimes(storage);
});

it("the first time of a message counts", () => {
  times.add("lobby", "a", 1, 100);
  times.add("lobby", "a", 1, 200);
  assert.equal(times.get("lobby", "a", 1), 100);
  assert.equal(times.get("lobby", "a", 2), undefined);
  assert.equal(times.get("tea", "a", 1), undefined);
});

it("the times of an old epoch are dropped", () => {
  times.add("lobby", "a", 1, 100);
  assert.equal(times.get("lobby", "b", 1), undefined);
  times.add("lobby", "b", 1, 200);
  assert.equal(times.get("lobby", "b", 1), 200);
});

it("the latest saved times survive a reload", () => {
  for (let offset = 1; offset <= 200; offset++) times.add("lobby", "a", offset, 1_000 + offset);
  assert.equal(new ReceiveTimes(storage).get("lobby", "a", 200), undefined);
  times.save();
  const after = new ReceiveTimes(storage);
  assert.equal(after.get("lobby", "a", 200), 1_200);
  assert.equal(after.get("lobby", "a", 51), 1_051);
  assert.equal(after.get("lobby", "a", 50), undefined);
});
