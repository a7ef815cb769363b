import assert from "node:assert/strict";
import { beforeEach, it, mock } from "node:test";
import { OwnSanctions } from "#rooms/model/own-sanctions.js";

let sanctions;
let changes;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000 });
  changes = 0;
  sanctions = new OwnSanctions(() => changes++);
});

it("a mute is in force until its time is over", () => {
  sanctions.set("mute", { seconds: 60, reason: "count to ten" });
  assert.deepEqual(sanctions.mute, { reason: "count to ten", until: 61_000 });
  mock.timers.tick(59_999);
  assert.equal(changes, 1);
  mock.timers.tick(1);
  assert.equal(sanctions.mute, undefined);
  assert.equal(changes, 2);
});

it("a mute that was lifted is over at once, and a ban is not", () => {
  sanctions.set("ban", { seconds: 60, reason: "spam" });
  sanctions.set("mute", { seconds: 60 });
  sanctions.set("mute", { seconds: 0 });
  assert.equal(sanctions.mute, undefined);
  assert.equal(sanctions.ban.reason, "spam");
});

it("a later mute replaces an earlier one", () => {
  sanctions.set("mute", { seconds: 60, reason: "one" });
  sanctions.set("mute", { seconds: 120, reason: "two" });
  mock.timers.tick(60_000);
  assert.equal(sanctions.mute.reason, "two");
});

it("a ban of a month is not over at once", () => {
  sanctions.set("ban", { seconds: 30 * 24 * 3_600, reason: "spam" });
  mock.timers.tick(1_000);
  assert.equal(sanctions.ban.reason, "spam");
});
