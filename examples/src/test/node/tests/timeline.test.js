import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MAX_ENTRIES, MAX_LOADED, Timeline } from "#rooms/model/timeline.js";

const EPOCH = "a";
const MINUTE = 60_000;

let now;
let timeline;

beforeEach(() => {
  now = 1_000_000;
  timeline = new Timeline(() => now);
});

function message(offset, { epoch = EPOCH, ...others } = {}) {
  return { kind: "message", state: "sent", text: `m${offset}`, isOwn: false, user: "ann", epoch, offset, ...others };
}

function stored(offset, others) {
  return message(offset, { isFromHistory: true, ...others });
}

/** The entries: the texts of messages, and the types of events. */
function shown() {
  return timeline.entries.map((entry) => (entry.kind === "message" ? entry.text : entry.type));
}

describe("messages", () => {
  it("are in the order of their offsets", () => {
    for (const offset of [2, 4, 1, 3]) timeline.add(message(offset));
    assert.deepEqual(shown(), ["m1", "m2", "m3", "m4"]);
    assert.equal(timeline.oldestOffset(EPOCH), 1);
    assert.equal(timeline.newestOffset(EPOCH), 4);
  });

  it("are added once for each offset", () => {
    assert.equal(timeline.add(message(1)), true);
    assert.equal(timeline.add(message(1)), false);
    assert.deepEqual(shown(), ["m1"]);
  });

  it("are added once for each ID of a sender, with the latest position", () => {
    timeline.add(message(1, { id: "x" }));
    assert.equal(timeline.add(message(7, { id: "x", epoch: "b" })), false);
    assert.equal(timeline.add(message(2, { id: "x", user: "bob" })), true);
    assert.equal(timeline.entries.length, 2);
    assert.equal(timeline.oldestOffset("b"), 7);
  });

  it("without an offset are at the end", () => {
    timeline.add(message(undefined, { text: "own" }));
    timeline.add(message(1));
    timeline.add(message(undefined, { text: "own again" }));
    assert.deepEqual(shown(), ["own", "m1", "own again"]);
    assert.equal(timeline.oldestOffset(EPOCH), 1);
  });

  it("of a new epoch are behind those of the old one", () => {
    timeline.add(message(5));
    timeline.add(message(1, { epoch: "b", text: "new" }));
    assert.deepEqual(shown(), ["m5", "new"]);
    assert.equal(timeline.newestOffset(EPOCH), 5);
    assert.equal(timeline.newestOffset("b"), 1);
    assert.equal(timeline.newestOffset("c"), undefined);
  });

  it("from the history are next to those of the same epoch, before later events", () => {
    timeline.add(message(1));
    timeline.addEvent({ type: "topic", topic: "tea" });
    timeline.add(stored(2));
    timeline.add(message(3));
    assert.deepEqual(shown(), ["m1", "m2", "topic", "m3"]);
  });
});

describe("older messages of an earlier epoch", () => {
  const older = (offset, epoch, nextEpoch) =>
    timeline.add(stored(offset, { epoch, text: epoch + offset }), { isOlder: true, nextEpoch });

  it("are before those of the next epoch", () => {
    timeline.addEvent({ type: "topic", topic: "tea" });
    timeline.add(message(1, { epoch: "c", text: "c1" }));
    older(2, "b", "c");
    older(1, "b", "b");
    older(7, "a", "b");
    assert.deepEqual(shown(), ["topic", "a7", "b1", "b2", "c1"]);
  });

  it("are between those that were there before a gap and those that came later", () => {
    timeline.add(message(1, { epoch: "a", text: "a1" }));
    timeline.addGap();
    timeline.add(message(1, { epoch: "c", text: "c1" }));
    older(1, "b", "c");
    older(2, "a", "b");
    assert.deepEqual(shown(), ["a1", "a2", "gap", "b1", "c1"]);
    timeline.add(message(2, { epoch: "c", text: "c2" }));
    assert.deepEqual(shown(), ["a1", "a2", "gap", "b1", "c1", "c2"]);
  });

  it("keep their place if they were published again", () => {
    timeline.add(message(3, { epoch: "b", id: "x", text: "b3" }));
    assert.equal(timeline.add(stored(9, { epoch: "a", id: "x" }), { isOlder: true, nextEpoch: "b" }), false);
    assert.equal(timeline.newestOffset("b"), 3);
  });
});

describe("a gap", () => {
  it("separates what comes later from all that was there", () => {
    timeline.add(message(8));
    timeline.addGap();
    timeline.add(message(3));
    assert.deepEqual(shown(), ["m8", "gap", "m3"]);
  });

  it("is before messages of the history, unless they are older", () => {
    timeline.add(message(4));
    timeline.addGap();
    timeline.add(stored(9));
    timeline.add(stored(2), { isOlder: true });
    timeline.add(stored(8));
    assert.deepEqual(shown(), ["m2", "m4", "gap", "m8", "m9"]);
  });

  it("is added once at the same place", () => {
    timeline.add(message(1));
    timeline.addGap();
    timeline.addGap();
    assert.deepEqual(shown(), ["m1", "gap"]);
  });
});

describe("joins and leaves", () => {
  const changes = () => timeline.entries.map((entry) => entry.changes && Object.fromEntries(entry.changes));

  it("share an event", () => {
    timeline.addPresenceChange("ann", "Ann", true);
    timeline.addPresenceChange("bob", "Bob", false);
    timeline.addPresenceChange("ann", "Anna", false);
    assert.deepEqual(changes(), [
      {
        ann: { name: "Anna", hasJoined: true, hasLeft: true, isPresent: false },
        bob: { name: "Bob", hasJoined: false, hasLeft: true, isPresent: false },
      },
    ]);
    assert.equal(timeline.entries[0].version, 3);
  });

  it("have a new event after a message", () => {
    timeline.addPresenceChange("ann", "Ann", true);
    timeline.add(message(1));
    timeline.addPresenceChange("bob", "Bob", true);
    assert.deepEqual(shown(), ["presence", "m1", "presence"]);
  });

  it("have a new event after ten minutes", () => {
    timeline.addPresenceChange("ann", "Ann", true);
    now += 10 * MINUTE;
    timeline.addPresenceChange("bob", "Bob", true);
    now += 1;
    timeline.addPresenceChange("cem", "Cem", true);
    assert.deepEqual(shown(), ["presence", "presence"]);
    assert.deepEqual([...timeline.entries[1].changes.keys()], ["cem"]);
  });
});

describe("the limit", () => {
  it("drops the oldest entries, which can be added again", () => {
    for (let offset = 1; offset <= MAX_ENTRIES; offset++) timeline.add(message(offset, { id: `id${offset}` }));
    timeline.isComplete = true;
    timeline.addEvent({ type: "topic", topic: "tea" });
    assert.equal(timeline.entries.length, MAX_ENTRIES);
    assert.equal(timeline.oldestOffset(EPOCH), 2);
    assert.equal(timeline.isComplete, false);
    timeline.entries.splice(0, 10);
    assert.equal(timeline.add(stored(1, { id: "id1" }), { isOlder: true }), true);
  });

  it("grows by the older messages that are loaded, until the user is back at the end", () => {
    for (let offset = 1; offset <= MAX_ENTRIES; offset++) timeline.add(message(1_000 + offset));
    for (let offset = 1_000; offset > 900; offset--) timeline.add(stored(offset), { isOlder: true });
    for (let offset = 1; offset <= MAX_ENTRIES; offset++) timeline.add(message(2_000 + offset));
    assert.equal(timeline.oldestOffset(EPOCH), 901);
    timeline.add(message(3_000));
    assert.equal(timeline.oldestOffset(EPOCH), 902);
    timeline.shrink();
    assert.equal(timeline.entries.length, MAX_ENTRIES);
    assert.equal(timeline.newestOffset(EPOCH), 3_000);
  });

  it("is full when the user has read back far", () => {
    for (let offset = MAX_LOADED; offset > 1; offset--) timeline.add(stored(offset), { isOlder: true });
    assert.equal(timeline.isFull, false);
    timeline.add(stored(1), { isOlder: true });
    assert.equal(timeline.isFull, true);
  });

  it("keeps the place of a gap", () => {
    for (let offset = 1; offset < MAX_ENTRIES; offset++) timeline.add(message(offset));
    timeline.addGap();
    timeline.add(message(600));
    timeline.add(message(550));
    assert.deepEqual(shown().slice(-3), ["gap", "m550", "m600"]);
  });
});
