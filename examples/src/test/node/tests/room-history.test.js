import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Emitter } from "#lib/emitter.js";
import { MAX_ENTRIES } from "#rooms/model/timeline.js";
import { Room } from "#rooms/model/room.js";

const PAGE_SIZE = 50;

/** What the room stores: offsets of its epoch. */
let stored;
/** All that the server has ever published, from old to new: positions such as "a:12". */
let archive;
let calls;
let room;

/** The subscription of the SDK, to a room that stores some of its messages. */
class FakeSubscription extends Emitter {
  epoch = "b";

  subscribe() {}

  async presence() {
    return { clients: {} };
  }

  async history({ limit, since }) {
    const older = stored.filter((offset) => !since || offset < since.offset).slice(-limit);
    return { epoch: this.epoch, publications: older.toReversed().map((offset) => publication(this.epoch, offset)) };
  }
}

function publication(epoch, offset) {
  return { offset, data: { text: `${epoch}:${offset}` }, info: { user: "ann" } };
}

function archived(position) {
  const [epoch, offset] = position.split(":");
  const data = JSON.stringify({ text: position });
  return { epoch, offset: Number(offset), user: "ann", name: "Ann", tags: {}, data };
}

async function callArchive(method, { before }) {
  calls.push(before);
  const known = archive.findIndex((each) => (each.position ?? each) === before);
  const end = known < 0 ? archive.length : known;
  const page = archive.slice(Math.max(0, end - PAGE_SIZE), end).toReversed();
  const messages = page.map((each) => (typeof each === "string" ? archived(each) : each));
  const last = messages.at(-1);
  return { messages, next: last && `${last.epoch}:${last.offset}` };
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function positions(epoch, first, last) {
  return range(first, last).map((offset) => `${epoch}:${offset}`);
}

function texts() {
  return room.timeline.entries.map(({ kind, type, text }) => (kind === "message" ? text : type));
}

/** Joins the room and opens it. */
async function open({ hasArchive = true } = {}) {
  const subscription = new FakeSubscription();
  const chat = { self: { user: "me", name: "Me" }, subscribe: () => subscription, call: callArchive, setSelf() {} };
  room = new Room(chat, "lobby");
  room.shown();
  const streamPosition = { epoch: "b", offset: stored.at(-1) ?? 0 };
  subscription.emit("subscribed", { data: { archive: hasArchive }, streamPosition, wasRecovering: false, recovered: false });
  while (room.history.isLoading) await new Promise(setImmediate);
  return subscription;
}

beforeEach(() => {
  stored = range(1, 70);
  archive = [...positions("a", 1, 120), ...positions("b", 1, 70)];
  calls = [];
  mock.timers.enable({ apis: ["setTimeout"] });
});

afterEach(() => mock.timers.reset());

describe("the archive", () => {
  it("is read when all messages are loaded that the room stores, up to the beginning", async () => {
    await open();
    assert.deepEqual(texts(), positions("b", 21, 70));
    await room.history.loadOlder();
    assert.deepEqual(texts(), positions("b", 1, 70));
    assert.deepEqual(calls, []);
    await room.history.loadOlder();
    assert.deepEqual(calls, ["b:1"]);
    assert.deepEqual(texts(), [...positions("a", 71, 120), ...positions("b", 1, 70)]);
    assert.equal(room.timeline.isComplete, false);
    await room.history.loadOlderUntil(() => false);
    assert.deepEqual(texts(), archive);
    assert.equal(room.history.hasBeginning, true);
  });

  it("has the messages that the room does not store any more", async () => {
    stored = range(61, 70);
    await open();
    await room.history.loadOlderUntil(() => texts().length > 10);
    assert.deepEqual(calls, ["b:61"]);
    assert.deepEqual(texts(), positions("b", 11, 70));
  });

  it("has the messages of a room that has just begun anew", async () => {
    stored = [];
    archive = positions("a", 1, 3);
    await open();
    await room.history.loadOlderUntil(() => false);
    assert.deepEqual(texts(), positions("a", 1, 3));
  });

  it("is not asked if the server has none", async () => {
    stored = range(31, 70);
    await open({ hasArchive: false });
    await room.history.loadOlderUntil(() => false);
    assert.deepEqual(calls, []);
    assert.equal(room.timeline.isComplete, true);
    assert.equal(room.history.hasBeginning, false);
  });

  it("has messages as they are now, whatever was received of them", async () => {
    stored = [70];
    const changed = { ...archived("b:69"), data: '{"text":"new"}', edited: true, reactions: { "👍": ["ann", "bob"] } };
    archive = [{ ...changed, position: "b:69" }, "b:70"];
    const subscription = await open();
    const tags = { "roomful.amendment": "react", "roomful.target": "b:69", "roomful.reaction": "👍" };
    subscription.emit("publication", { offset: 71, data: {}, info: { user: "bob" }, tags });
    await room.history.loadOlderUntil(() => texts().length > 1);
    const [message] = room.timeline.entries;
    assert.equal(message.text, "new");
    assert.equal(message.isEdited, true);
    assert.deepEqual([...message.reactions], [["👍", ["ann", "bob"]]]);
  });

  it("loads again what was dropped when the user returned to the end", async () => {
    archive = [...positions("a", 1, 600), ...positions("b", 1, 70)];
    await open();
    await room.history.loadOlderUntil(() => false);
    assert.equal(texts().length, 670);
    room.returnedToEnd();
    assert.deepEqual(texts(), archive.slice(-MAX_ENTRIES));
    await room.history.loadOlderUntil(() => false);
    assert.deepEqual(texts(), archive);
  });

  it("leaves no gap if messages are dropped while it is read", async () => {
    archive = [...positions("a", 1, 600), ...positions("b", 1, 70)];
    await open();
    await room.history.loadOlderUntil(() => room.timeline.entries.length > 600);
    const loading = room.history.loadOlder();
    room.returnedToEnd();
    await loading;
    assert.deepEqual(texts(), archive.slice(-MAX_ENTRIES));
  });

  it("goes on behind a restart of the server", async () => {
    const subscription = await open();
    subscription.epoch = "c";
    stored = [1, 2];
    archive = [...positions("a", 1, 120), ...positions("b", 1, 75), ...positions("c", 1, 2)];
    subscription.emit("subscribing");
    const streamPosition = { epoch: "c", offset: 2 };
    subscription.emit("subscribed", { data: { archive: true }, streamPosition, wasRecovering: true, recovered: false });
    await room.history.loadOlderUntil(() => false);
    const expected = [...positions("a", 1, 120), ...positions("b", 1, 75), "gap", ...positions("c", 1, 2)];
    assert.deepEqual(texts(), expected);
  });
});
