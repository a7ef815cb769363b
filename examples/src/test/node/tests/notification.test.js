import assert from "node:assert/strict";
import { it } from "node:test";
import { notificationOf } from "#rooms/model/notification.js";

const LOBBY = { name: "lobby", title: "lobby", direct: undefined, self: "me" };
const DIRECT = { name: "direct:ann:me", title: "Ann", direct: { user: "ann", name: "Ann" }, self: "me" };

function message(others) {
  return { kind: "message", state: "sent", isOwn: false, user: "ann", name: "Ann", text: "hi **you**", ...others };
}

it("a mention of this user names the sender and the room", () => {
  const expected = { title: "Ann in lobby", body: "hi you", tag: "lobby" };
  assert.deepEqual(notificationOf(LOBBY, message({ mentions: ["bob", "me"] })), expected);
});

it("a direct message names the sender", () => {
  assert.deepEqual(notificationOf(DIRECT, message()), { title: "Ann", body: "hi you", tag: "direct:ann:me" });
});

it("other messages cause none", () => {
  assert.equal(notificationOf(LOBBY, message()), undefined);
  assert.equal(notificationOf(LOBBY, message({ mentions: ["bob"] })), undefined);
  assert.equal(notificationOf(DIRECT, message({ isOwn: true })), undefined);
  assert.equal(notificationOf(DIRECT, message({ isRaw: true })), undefined);
});
