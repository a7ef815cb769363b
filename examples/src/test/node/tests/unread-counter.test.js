import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { readPosition, saveReadPosition } from "#rooms/model/read-positions.js";
import { UnreadCounter } from "#rooms/model/unread-counter.js";

let rooms = 0;
let room;
let reads;
let sent;
let counter;

beforeEach(() => {
  room = `room-${rooms++}`; // positions are stored by room, for all tests
  reads = 0;
  sent = [];
  counter = new UnreadCounter(room, () => reads++, (position) => sent.push(position));
});

const at = (offset, epoch = "a") => ({ epoch, offset });

it("nothing is unread before the room is joined", () => {
  assert.equal(counter.count, 0);
});

describe("a room that was never read", () => {
  it("counts as read up to the position of the join", () => {
    counter.joined(at(10), false);
    assert.equal(counter.count, 0);
    assert.deepEqual(readPosition(room), at(10));
  });

  it("is unread if all its messages are new to the user", () => {
    counter.joined(at(3), true);
    assert.equal(counter.count, 3);
  });
});

it("messages that came while the user was away are unread, and marked", () => {
  saveReadPosition(room, at(4));
  counter.joined(at(6), false);
  assert.equal(counter.count, 2);
  assert.deepEqual(counter.marker, at(4));
});

it("all messages of a new epoch are unread", () => {
  saveReadPosition(room, at(90, "old"));
  counter.joined(at(2, "new"), false);
  assert.equal(counter.count, 2);
  assert.deepEqual(counter.marker, at(90, "old"));
});

it("messages of others are unread from the first one on, which the marker keeps", () => {
  counter.joined(at(5), false);
  counter.received(6, false);
  counter.received(7, false);
  assert.equal(counter.count, 2);
  assert.deepEqual(counter.marker, at(5));
});

it("messages are read while the user views the room", () => {
  counter.joined(at(5), false);
  counter.received(6, false);
  counter.setViewed(true);
  counter.received(7, false);
  assert.equal(counter.count, 0);
  assert.equal(reads, 2);
  counter.setViewed(false);
  counter.received(8, false);
  assert.equal(counter.count, 1);
});

it("a message of this user's own marks the room as read", () => {
  counter.joined(at(5), false);
  counter.received(6, false);
  counter.received(7, true);
  assert.equal(counter.count, 0);
  assert.deepEqual(readPosition(room), at(7));
});

it("what another tab has read is read here", () => {
  counter.joined(at(5), false);
  counter.received(6, false);
  saveReadPosition(room, at(6));
  assert.equal(counter.count, 0);
});

it("a stored position does not go back in the same epoch", () => {
  saveReadPosition(room, at(5));
  saveReadPosition(room, at(3));
  assert.deepEqual(readPosition(room), at(5));
  saveReadPosition(room, at(1, "b"));
  assert.deepEqual(readPosition(room), at(1, "b"));
});

describe("another device of the user", () => {
  it("learns what is read here, and nothing else", () => {
    counter.joined(at(5), false);
    counter.received(6, false);
    counter.readMarked(at(6));
    assert.deepEqual(sent, []);
    counter.received(7, true);
    assert.deepEqual(sent, [at(7)]);
  });

  it("has read what is not unread here any more", () => {
    counter.joined(at(5), false);
    counter.received(6, false);
    counter.received(7, false);
    counter.readMarked(at(6));
    assert.equal(counter.count, 1);
    assert.equal(reads, 1);
    counter.readMarked(at(6));
    counter.readMarked(at(9, "b"));
    assert.equal(reads, 1);
  });

  it("has read the room that was never read here", () => {
    counter.joined(at(10), false, at(8));
    assert.equal(counter.count, 2);
    assert.deepEqual(counter.marker, at(8));
  });

  it("may have read less than this one", () => {
    saveReadPosition(room, at(9));
    counter.joined(at(10), false, at(8));
    assert.equal(counter.count, 1);
    counter.joined(at(10), false, at(3, "old"));
    assert.equal(counter.count, 1);
  });
});

describe("a mention", () => {
  it("may have come before the room was joined", () => {
    saveReadPosition(room, at(5));
    counter.joined(at(8), false);
    counter.mentioned(5);
    assert.equal(counter.hasMention, false);
    counter.mentioned(7);
    assert.equal(counter.hasMention, true);
    counter.setViewed(true);
    assert.equal(counter.hasMention, false);
  });

  it("is unread until its message is read", () => {
    counter.joined(at(5), false);
    counter.received(6, false);
    assert.equal(counter.hasMention, false);
    counter.received(7, false, true);
    counter.received(8, false);
    assert.equal(counter.hasMention, true);
    saveReadPosition(room, at(6));
    assert.equal(counter.hasMention, true);
    saveReadPosition(room, at(7));
    assert.equal(counter.hasMention, false);
  });

  it("does not count in a new epoch", () => {
    counter.joined(at(5), false);
    counter.received(7, false, true);
    counter.joined(at(1, "b"), false);
    assert.equal(counter.hasMention, false);
  });

  it("is read while the user views the room", () => {
    counter.joined(at(5), false);
    counter.setViewed(true);
    counter.received(6, false, true);
    assert.equal(counter.hasMention, false);
  });
});

describe("a change of an earlier message", () => {
  it("is nothing to read", () => {
    counter.joined(at(5), false);
    counter.amended(6);
    assert.equal(counter.count, 0);
    assert.equal(counter.marker, undefined);
    assert.deepEqual(readPosition(room), at(6));
  });

  it("does not mark unread messages as read", () => {
    counter.joined(at(5), false);
    counter.received(6, false);
    counter.amended(7);
    assert.ok(counter.count > 0);
    assert.deepEqual(counter.marker, at(5));
  });
});
