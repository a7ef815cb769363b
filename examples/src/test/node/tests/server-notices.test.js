import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { Presence } from "#rooms/model/presence.js";
import { applyNotice } from "#rooms/model/server-notices.js";
import { Timeline } from "#rooms/model/timeline.js";

let room;
let emitted;
let removed;
let names;

beforeEach(() => {
  emitted = [];
  removed = [];
  names = [];
  room = {
    self: "me",
    epoch: "a",
    topic: "",
    direct: undefined,
    roles: new Map(),
    presence: new Presence(),
    timeline: new Timeline(() => 0),
    joinsAndLeaves: { removed: (user) => removed.push(user) },
    chat: {
      setSelf: ({ user, name }) => names.push(`${user} is ${name}`),
      rooms: { setDirectName: (user, name) => names.push(`${user} is ${name}`) },
    },
    emit: (type) => emitted.push(type),
  };
  room.presence.join({ user: "ann", client: "c", connInfo: { name: "Ann" } });
});

/** The events of the timeline without what all of them have. */
function events() {
  return room.timeline.entries.map(({ kind, at, ...detail }) => detail);
}

it("a topic is shown, and removed", () => {
  applyNotice(room, { notice: "topic", topic: "tea" });
  assert.equal(room.topic, "tea");
  applyNotice(room, { notice: "topic" });
  assert.equal(room.topic, "");
  assert.deepEqual(events(), [{ type: "topic", topic: "tea" }, { type: "topic", topic: "" }]);
  assert.ok(emitted.includes("state") && emitted.includes("timeline"));
});

it("a deleted message of the archive is shown as removed", () => {
  const message = { kind: "message", epoch: "a", offset: 3, text: "spam", reactions: new Map([["👍", ["ann"]]]) };
  room.timeline.add(message);
  for (const position of ["a:4", "nonsense", "a:3"]) applyNotice(room, { notice: "deleted", position });
  assert.deepEqual(room.timeline.entries, [{ ...message, text: "", isRemoved: true, reactions: new Map() }]);
});

it("a removed user is an event with the reason", () => {
  applyNotice(room, { notice: "expelled", user: "ann", name: "A\u202enn", reason: "spam" });
  assert.deepEqual(events(), [{ type: "removed", name: "Ann", reason: "spam" }]);
  assert.deepEqual(removed, ["ann"]);
});

it("a new name is an event once", () => {
  applyNotice(room, { notice: "changed", user: "ann", name: "Bea" });
  applyNotice(room, { notice: "changed", user: "ann", name: "Bea" });
  assert.deepEqual(events(), [{ type: "renamed", before: "Ann", name: "Bea" }]);
  assert.equal(room.presence.nameOf("ann"), "Bea");
  assert.equal(names[0], "ann is Bea");
});

it("the name of a user who is not in the room is no event", () => {
  applyNotice(room, { notice: "changed", user: "zoe", name: "Zoe" });
  assert.deepEqual(events(), []);
});

it("a change of role is an event, but not that the first user owns the room", () => {
  applyNotice(room, { notice: "role", user: "me", name: "Me", role: "owner" });
  assert.deepEqual(events(), []);
  applyNotice(room, { notice: "role", user: "ann", role: "moderator" });
  applyNotice(room, { notice: "role", user: "ann", role: "moderator" });
  applyNotice(room, { notice: "role", user: "ann", name: "Ann", role: "member" });
  assert.deepEqual(events(), [
    { type: "role", name: "Ann", role: "moderator", before: "member" },
    { type: "role", name: "Ann", role: "member", before: "moderator" },
  ]);
});

it("unknown notices have no effect", () => {
  for (const notice of ["unknown", "constructor", "toString", 7]) applyNotice(room, { notice });
  assert.deepEqual(events(), []);
  assert.deepEqual(emitted, []);
});
