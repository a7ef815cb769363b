import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toRows } from "#rooms/view/message-rows.js";

const NOON = new Date(2026, 0, 5, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SELF = { user: "me", name: "Mira" };

function message(offset, { user = "ann", name = "Ann", at = NOON, ...others } = {}) {
  return { kind: "message", state: "sent", text: `m${offset}`, isOwn: false, epoch: "a", offset, user, name, at, ...others };
}

/** The rows: "+" marks messages that continue the one before. */
function rows(entries, options) {
  return toRows(entries, { self: SELF, epoch: "a", now: NOON, ...options }).map((row) => {
    if (row.kind === "message") return `${row.isContinued ? "+ " : ""}${row.name}: ${row.message.text}`;
    return row.kind === "event" ? row.event.type : row.kind;
  });
}

describe("messages of one sender", () => {
  it("continue each other for five minutes", () => {
    const entries = [message(1), message(2, { at: NOON + 4 * MINUTE }), message(3, { at: NOON + 9 * MINUTE })];
    assert.deepEqual(rows(entries), ["Ann: m1", "+ Ann: m2", "Ann: m3"]);
  });

  it("do not continue those of another sender, or under another name", () => {
    const entries = [message(1), message(2, { user: "bob", name: "Bob" }), message(3), message(4, { name: "Anna" })];
    assert.deepEqual(rows(entries), ["Ann: m1", "Bob: m2", "Ann: m3", "Anna: m4"]);
  });

  it("do not continue across an event", () => {
    const entries = [message(1), { kind: "event", type: "gap", at: NOON }, message(2)];
    assert.deepEqual(rows(entries), ["Ann: m1", "gap", "Ann: m2"]);
  });

  it("repeat the sender after ten of them", () => {
    const entries = Array.from({ length: 25 }, (_, i) => message(i + 1));
    const shown = rows(entries).flatMap((row, i) => (row.startsWith("+") ? [] : [i]));
    assert.deepEqual(shown, [0, 10, 20]);
  });

  it("continue each other if no time of them is known", () => {
    const unknown = [message(1), message(2), message(3)].map((each) => ({ ...each, at: undefined }));
    const entries = [unknown[0], unknown[1], message(4)];
    assert.deepEqual(rows(entries), ["Ann: m1", "+ Ann: m2", "Ann: m4"]);
  });
});

it("messages without a sender are this user's", () => {
  const waiting = { kind: "message", state: "waiting", text: "hi", isOwn: true, at: NOON };
  assert.deepEqual(rows([message(1, { user: "me", name: "Mira" }), waiting]), ["Mira: m1", "+ Mira: hi"]);
});

describe("days", () => {
  it("have a row, except today before the first other day", () => {
    assert.deepEqual(rows([message(1), message(2)]), ["Ann: m1", "+ Ann: m2"]);
    const entries = [message(1, { at: NOON - DAY }), message(2, { at: NOON - DAY }), message(3)];
    assert.deepEqual(rows(entries), ["day", "Ann: m1", "+ Ann: m2", "day", "Ann: m3"]);
  });

  it("are those of the messages", () => {
    const [day] = toRows([message(1, { at: NOON - DAY })], { self: SELF, now: NOON });
    assert.deepEqual(day, { kind: "day", at: NOON - DAY });
  });
});

describe("the marker of unread messages", () => {
  const entries = [message(1), message(2), message(3)];

  it("is before the first message behind the read position", () => {
    const marker = { epoch: "a", offset: 1 };
    assert.deepEqual(rows(entries, { marker }), ["Ann: m1", "unreadMarker", "Ann: m2", "+ Ann: m3"]);
  });

  it("is before all messages of an epoch of which nothing was read", () => {
    const all = [message(8, { epoch: "z", text: "old" }), ...entries];
    const shown = rows(all, { marker: { epoch: "z", offset: 8 } });
    assert.deepEqual(shown, ["Ann: old", "unreadMarker", "Ann: m1", "+ Ann: m2", "+ Ann: m3"]);
  });

  it("is not before this user's own messages", () => {
    const own = message(2, { user: "me", name: "Mira", isOwn: true });
    const shown = rows([entries[0], own, entries[2]], { marker: { epoch: "a", offset: 1 } });
    assert.deepEqual(shown, ["Ann: m1", "Mira: m2", "unreadMarker", "Ann: m3"]);
  });

  it("is not there if nothing is unread", () => {
    assert.deepEqual(rows(entries, { marker: { epoch: "a", offset: 3 } }), rows(entries));
  });
});
